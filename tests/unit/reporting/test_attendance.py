"""Attendance at workshops: who came, of those who had a place, once a workshop has been held."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from services.chassis.unit_of_work import UnitOfWork
from services.reporting.domain import catalogue, events
from services.reporting.domain.figures import NO_DATA
from services.reporting.domain.indicators import evaluate
from services.reporting.domain.records import Attendance, Period
from services.reporting.events import contracts
from services.reporting.reactions import reactions
from services.reporting.storage.queries import load_state
from services.reporting.storage.tables import metadata
from tests.unit.reporting.examples import NOW, days_ago, history, identifier, state


def attendance(name: str, present: bool, cohort: str = "2023", days: float = 100) -> Attendance:
    return Attendance(
        id=identifier("registration", name),
        organisation_id=identifier("organisation", name),
        cohort=cohort,
        starts_at=days_ago(days),
        present=present,
    )


ALL = (
    attendance("Ada", True),
    attendance("Basile", True),
    attendance("Chloé", False),
    attendance("Dina", True, "2024", days=10),
)


def test_it_is_the_share_of_those_with_a_place_who_came() -> None:
    figure = evaluate(catalogue.ATTENDANCE, state(attendances=ALL))
    assert figure.value == pytest.approx(0.75)
    assert [fact.event_type for fact in figure.evidence].count(events.REGISTRATION_ATTENDED) == 3


def test_it_is_read_cohort_by_cohort_and_in_a_period() -> None:
    whole = state(attendances=ALL)
    assert evaluate(catalogue.ATTENDANCE, whole.of_cohort("2023")).value == pytest.approx(2 / 3)
    latest = Period(first=date(2026, 11, 1))
    assert evaluate(catalogue.ATTENDANCE, whole, latest).value == 1


def test_without_a_workshop_that_was_held_there_is_no_figure() -> None:
    assert evaluate(catalogue.ATTENDANCE, state(attendances=())) == NO_DATA


def test_it_is_read_from_what_enrolment_tells() -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with Session(engine) as session:
        unit_of_work = UnitOfWork(session, contracts, NOW)
        for event in history():
            reactions.apply(event, unit_of_work)
        known = load_state(session, "cesar", NOW)
    assert sorted((each.cohort, each.present) for each in known.attendances) == [
        ("2023", False),
        ("2023", True),
    ]
    assert evaluate(catalogue.ATTENDANCE, known).value == 0.5
