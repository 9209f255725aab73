"""Cohorts, maturity, sectors and the map: what the dashboard lays out."""

from __future__ import annotations

from math import pi

import pytest

from services.reporting.domain.cohorts import count_by_cohort
from services.reporting.domain.groups import Dimension, break_down
from services.reporting.domain.map import WIDTH, draw_map
from services.reporting.domain.maturity import mean_trust, theme_means
from services.reporting.domain.records import Cohort, Supplier, ThemeScore
from services.reporting.domain.sectors import section_of
from services.reporting.territory import communes, epci_centres
from tests.unit.reporting.examples import (
    assessment,
    buyer,
    days_ago,
    identifier,
    submitted_supplier,
    supplier,
)


def test_a_cohort_counts_its_public_and_private_buyers_against_its_places() -> None:
    cohorts = [
        Cohort(id=identifier(label), label=label, state="running", capacity=10) for label in ("2023", "2022")
    ]
    buyers = [
        buyer("A", cohort="2022"),
        buyer("B", cohort="2022", legal_form="private"),
        buyer("C", "declined", cohort="2022"),
        buyer("D", cohort="2023"),
    ]
    first, second = count_by_cohort(cohorts, buyers)
    assert (first.label, first.public, first.private, first.enrolled, first.capacity) == ("2022", 1, 1, 2, 10)
    assert (second.label, second.enrolled) == ("2023", 1)


@pytest.mark.parametrize(
    ("code", "section"),
    [("01.13Z", "A"), ("10.71C", "C"), ("43.21A", "F"), ("62.01Z", "J"), ("84.11Z", "O"), ("96.01A", "S")],
)
def test_an_activity_belongs_to_a_section(code: str, section: str) -> None:
    assert section_of(code) == section


@pytest.mark.parametrize("code", [None, "", "Z", "00.00Z", "x1.13Z"])
def test_an_unreadable_activity_belongs_to_none(code: str | None) -> None:
    assert section_of(code) is None


def _themed(name: str, governance: float | None, people: float | None) -> Supplier:
    themes = (
        ThemeScore(key="governance", label="Gouvernance", score=governance),
        ThemeScore(key="people", label="Social", score=people),
    )
    return supplier(name, assessment(name, submitted_at=days_ago(3), themes=themes))


def test_a_theme_without_an_applicable_question_leaves_the_mean() -> None:
    found = theme_means([_themed("A", 20, None), _themed("B", 60, 50), supplier("C")], shared=False)
    assert [(theme.key, theme.mean, theme.suppliers) for theme in found] == [
        ("governance", 40, 2),
        ("people", 50, 1),
    ]


def test_outsiders_see_a_theme_from_five_suppliers_on() -> None:
    five = [_themed(str(number), 30, 30 if number else None) for number in range(5)]
    assert [theme.mean for theme in theme_means(five, shared=True)] == [30, None]


def test_trust_is_the_mean_of_the_latest_assessments() -> None:
    assert mean_trust([supplier("A")], shared=False) is None
    trust = mean_trust([submitted_supplier("A", 1), supplier("B")], shared=False)
    assert trust is not None and (trust.declared, trust.evidenced, trust.verified) == (0.6, 0.3, 0.1)
    assert mean_trust([submitted_supplier("A", 1)], shared=True) is None


def _located(code: str, count: int) -> list[Supplier]:
    place = communes()[code]
    return [
        supplier(f"{code} {number}", commune=code, epci=place.epci, department=place.department)
        for number in range(count)
    ]


def _positions() -> dict[str, tuple[float, float]]:
    return {code: (place.latitude, place.longitude) for code, place in communes().items()}


def test_the_map_puts_places_where_they_are_and_draws_surfaces_in_proportion() -> None:
    suppliers = _located("34172", 16) + _located("34032", 4)  # Montpellier, Béziers
    drawn = draw_map(
        suppliers, break_down(suppliers, Dimension.COMMUNE, shared=False), _positions(), communes().values()
    )
    assert drawn is not None
    montpellier, beziers = drawn.discs
    assert montpellier.x > beziers.x and montpellier.y < beziers.y, "north-east of Béziers"
    assert pi * montpellier.radius**2 == pytest.approx(4 * pi * beziers.radius**2)
    assert len(drawn.ground) == 341, "the communes of Hérault"
    assert all(0 <= x <= WIDTH and 0 <= y <= drawn.height for x, y in drawn.ground)


def test_a_few_suppliers_far_away_do_not_shrink_the_map() -> None:
    suppliers = _located("34172", 19) + _located("31555", 1)  # Toulouse
    drawn = draw_map(
        suppliers, break_down(suppliers, Dimension.COMMUNE, shared=False), _positions(), communes().values()
    )
    assert drawn is not None and [disc.key for disc in drawn.discs] == ["34172"]
    assert drawn.outside == 1


def test_the_map_for_outsiders_counts_small_groups_outside() -> None:
    suppliers = _located("34172", 9) + _located("34301", 3) + _located("34032", 6)
    places = break_down(suppliers, Dimension.EPCI, shared=True)
    drawn = draw_map(suppliers, places, epci_centres(), communes().values())
    assert drawn is not None and [disc.count for disc in drawn.discs] == [9]
    assert drawn.outside == 9


def test_without_known_places_there_is_no_map() -> None:
    nowhere = [supplier("A", department=None)]
    places = break_down(nowhere, Dimension.COMMUNE, shared=False)
    assert draw_map(nowhere, places, _positions(), communes().values()) is None
