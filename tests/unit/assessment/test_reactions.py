"""What assessment makes of enrolment's events, in whatever order they come and however often."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.domain.assessment import Assessment, State
from services.assessment.domain.referential import Profile
from services.assessment.reactions import reactions
from services.assessment.storage import queries
from services.assessment.storage.tables import PROJECTIONS, assessments
from services.chassis.events import Event
from tests.unit.assessment.examples import MARIE
from tests.unit.assessment.service_examples import (
    ANSWERS,
    ASSESSMENT,
    ENROLLED_AT,
    GARDENS,
    HISTORY,
    MAUGUIO,
    organisation,
    published,
    submitted,
    supplier,
    the_assessment,
    told,
    work,
)


def how_many(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(assessments)) or 0


def everything(session: Session) -> list[Any]:
    rows = [session.execute(select(table)).all() for table in (*PROJECTIONS, assessments)]
    return [sorted(map(tuple, found), key=str) for found in rows]


def test_an_invited_supplier_has_no_assessment_yet() -> None:
    assert how_many(told([supplier("invited", 1)])) == 0


def test_an_enrolled_supplier_is_assigned_the_questionnaire() -> None:
    assessment = the_assessment(told(HISTORY))

    assert (assessment.state, assessment.assigned_at) == (State.ASSIGNED, ENROLLED_AT)
    assert (assessment.referential, assessment.referential_version) == ("supplier-etat-des-lieux", "2026.1")
    assert assessment.organisation_name == "Les Jardins du Lez"
    assert assessment.profile == Profile(size="10-19", sector="01.13Z", legal_form="private")
    assert assessment.contact.person_id == MARIE.id
    assert assessment.applicable > 10


def test_assigning_is_published_once() -> None:
    enrolled = supplier("enrolled", 2, enrolled_at=ENROLLED_AT.isoformat())
    with told([]) as session:
        unit_of_work = work(session)
        reactions.apply(enrolled, unit_of_work)
        assert published(unit_of_work) == ["assessment.assigned"]
        unit_of_work.flush()

        unit_of_work = work(session)
        reactions.apply(enrolled, unit_of_work)
        reactions.apply(supplier("activated", 3, enrolled_at=ENROLLED_AT.isoformat()), unit_of_work)
        assert published(unit_of_work) == []
        assert how_many(session) == 1


def test_a_supplier_who_left_keeps_the_assessment_whichever_event_comes_first() -> None:
    enrolled = supplier("enrolled", 2, enrolled_at=ENROLLED_AT.isoformat())
    left = supplier("left", 3, enrolled_at=ENROLLED_AT.isoformat())

    assert how_many(told([enrolled, left])) == how_many(told([left, enrolled])) == 1


def test_what_was_submitted_stays_as_it_was() -> None:
    session = submitted()

    told([organisation(GARDENS, "A New Name", 9, size="250+", naf_code="43.21A")], session)

    assessment = the_assessment(session)
    assert assessment.organisation_name == "Les Jardins du Lez"
    assert assessment.profile.size == "10-19"


def test_an_open_assessment_follows_what_becomes_known() -> None:
    session = told(HISTORY)

    told([organisation(GARDENS, "Les Jardins du Lez", 9, size="1-9", naf_code="43.21A")], session)

    assert the_assessment(session).profile == Profile("1-9", "43.21A", "private")


def test_the_buyers_of_the_programme_and_those_who_invited_are_known() -> None:
    session = told(HISTORY)

    found = queries.buyers_for(session, the_assessment(session))

    assert [(buyer.name, buyer.invited) for buyer in found] == [
        ("Ville de Mauguio", True),
        ("CHU de Montpellier", False),
    ]
    assert found[0].organisation_id == MAUGUIO


@settings(max_examples=40)
@given(st.permutations(HISTORY), st.lists(st.sampled_from(HISTORY), max_size=12), st.randoms())
def test_any_order_with_any_duplicates_ends_in_the_same_state(
    order: list[Event], again: list[Event], chance: Any
) -> None:
    deliveries = [*order, *again]
    chance.shuffle(deliveries)

    with told(HISTORY) as expected, told(deliveries) as got:
        assert everything(got) == everything(expected)


def test_the_answers_come_back_from_the_database_as_they_were_given() -> None:
    session = submitted()
    session.expire_all()

    found = session.get_one(Assessment, ASSESSMENT).answers

    assert found.keys() == ANSWERS.keys()
    assert found["commitment"].value == "written"
    assert found["nature-and-waste"].value == ("sorting", "water")
    assert found["employees"].value is True
    assert found["payment-time"].value == 30.0
    assert isinstance(found["payment-time"].value, float)


def test_an_assessment_goes_along_when_its_supplier_turns_out_to_be_another_one_and_comes_back() -> None:
    kept = uuid4()
    merged = supplier("merged", 8, organisation_id=str(kept), enrolled_at=ENROLLED_AT.isoformat())
    session = told([*HISTORY, merged])
    assert the_assessment(session).organisation_id == kept
    parted = supplier("unmerged", 9, enrolled_at=ENROLLED_AT.isoformat())
    assert the_assessment(told([parted], session)).organisation_id == GARDENS


def test_it_does_not_matter_whether_the_merge_is_heard_before_what_led_to_it() -> None:
    kept = uuid4()
    merged = supplier("merged", 8, organisation_id=str(kept), enrolled_at=ENROLLED_AT.isoformat())
    assert the_assessment(told([merged, *HISTORY])).organisation_id == kept
