"""Two suppliers that turn out to be one are one in every figure, whatever is heard first."""

import pytest

from services.chassis.events import Event
from services.reporting.domain import events as names
from services.reporting.domain.records import State
from services.reporting.storage.queries import load_state
from tests.unit.reporting.examples import NOW, history, identifier, life
from tests.unit.reporting.test_reactions import told

BAKERY, TWIN = str(identifier("bakery")), str(identifier("twin"))


def twin(*, parted: bool) -> list[Event]:
    """The bakery a second time, with an assessment and a sharing of its own; merged, and parted again."""
    merged = {"organisation_id": BAKERY, "merged_into": str(identifier("enrolment"))}
    apart = {"organisation_id": TWIN, "merged_into": None}
    return [
        *life(
            "twin",
            [
                ("enrolment.organisation.registered", {"merged_into": None}),
                ("enrolment.organisation.merged", {"merged_into": BAKERY}),
                *([("enrolment.organisation.unmerged", {"merged_into": None})] if parted else []),
            ],
            name="Fournil du Loriot Bleu",
            siret=None,
            commune_code=None,
            department=None,
            naf_code=None,
            size=None,
            latitude=None,
            longitude=None,
        ),
        *life(
            "twin enrolment",
            [
                (names.SUPPLIER_INVITED, {"state": "invited", **apart}),
                (names.SUPPLIER_MERGED, merged),
                *([(names.SUPPLIER_UNMERGED, apart)] if parted else []),
            ],
            programme="cesar",
            organisation_name="Fournil du Loriot Bleu",
            invited_by=[],
            invited_at="2025-01-07T09:00:00+00:00",
            enrolled_at=None,
        ),
        *life(
            "twin assessment",
            [(names.ASSESSMENT_ASSIGNED, {"state": "assigned"})],
            programme="cesar",
            organisation_id=TWIN,
            started_at=None,
            submitted_at=None,
            validated_at=None,
            score=None,
            level=None,
            themes=[],
            trust=None,
        ),
        *life(
            "twin sharing",
            [(names.SHARING_GRANTED, {})],
            programme="cesar",
            supplier_organisation_id=TWIN,
            buyer_organisation_id=str(identifier("buyer-organisation")),
        ),
    ]


def state_after(events: list[Event]) -> State:
    with told(events) as session:
        return load_state(session, "cesar", NOW)


@pytest.mark.parametrize("backwards", [False, True])
def test_what_is_merged_counts_once_with_all_that_it_did(backwards: bool) -> None:
    events = [*history(), *twin(parted=False)]
    state = state_after(events[::-1] if backwards else events)
    [supplier] = state.suppliers
    assert (supplier.name, len(supplier.assessments)) == ("Le Fournil du Loriot Bleu", 2)
    assert {sharing.supplier_id for sharing in state.sharings} == {identifier("bakery")}


@pytest.mark.parametrize("backwards", [False, True])
def test_what_is_parted_again_counts_twice(backwards: bool) -> None:
    events = [*history(), *twin(parted=True)]
    state = state_after(events[::-1] if backwards else events)
    assert sorted((each.name, len(each.assessments)) for each in state.suppliers) == [
        ("Fournil du Loriot Bleu", 1),
        ("Le Fournil du Loriot Bleu", 1),
    ]
