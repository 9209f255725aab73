"""Groups: complete for the team; for outsiders nothing under five can be read or worked out."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.groups import (
    SMALLEST_SHARED_GROUP,
    Dimension,
    break_down,
    group_of,
    only,
)
from services.reporting.domain.records import Supplier
from tests.unit.reporting.examples import assessment, days_ago, submitted_supplier, supplier


def _spread(**departments: int) -> list[Supplier]:
    return [
        supplier(f"{department} {number}", department=department.strip("d") or None)
        for department, count in departments.items()
        for number in range(count)
    ]


def test_the_team_sees_every_group_and_those_of_whom_nothing_is_known() -> None:
    found = break_down(_spread(d34=6, d30=2, d=1), Dimension.DEPARTMENT, shared=False)
    assert [(group.key, group.count) for group in found.groups] == [("34", 6), ("30", 2), (None, 1)]
    assert found.others == 0


def test_small_groups_are_added_up_for_outsiders() -> None:
    found = break_down(_spread(d34=20, d30=7, d11=4, d12=3), Dimension.DEPARTMENT, shared=True)
    assert [(group.key, group.count) for group in found.groups] == [("34", 20), ("30", 7)]
    assert found.others == 7


def test_a_single_small_group_takes_the_next_one_with_it_so_that_the_total_does_not_betray_it() -> None:
    found = break_down(_spread(d34=20, d30=7, d11=4), Dimension.DEPARTMENT, shared=True)
    assert [(group.key, group.count) for group in found.groups] == [("34", 20)]
    assert found.others == 11


def test_suppliers_without_a_submitted_assessment_have_no_level() -> None:
    assert group_of(supplier("New"), Dimension.LEVEL) is None
    twice = supplier(
        "Twice",
        assessment("then", submitted_at=days_ago(300), level=1),
        assessment("now", submitted_at=days_ago(3), level=4),
    )
    assert group_of(twice, Dimension.LEVEL) == "4"


def test_one_group_can_be_looked_at_alone() -> None:
    suppliers = [submitted_supplier("A", 1, sector="C"), submitted_supplier("B", 1, sector="F")]
    assert only(suppliers, Dimension.SECTOR, "F") == (suppliers[1],)


@given(st.lists(st.sampled_from([None, "34", "30", "11", "12", "81", "48"]), max_size=60))
def test_outsiders_never_learn_a_number_under_five_and_nobody_is_lost(departments: list[str | None]) -> None:
    suppliers = [supplier(str(number), department=code) for number, code in enumerate(departments)]
    found = break_down(suppliers, Dimension.DEPARTMENT, shared=True)
    assert sum(group.count for group in found.groups) + found.others == len(departments)
    assert all(group.count >= SMALLEST_SHARED_GROUP for group in found.groups)
    assert found.others == 0 or found.others >= SMALLEST_SHARED_GROUP or not found.groups
    truth = Counter(departments)
    assert all(truth[group.key] == group.count for group in found.groups)
