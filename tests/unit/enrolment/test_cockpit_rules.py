"""What comes next for a buyer, when it is stuck, and when somebody calls it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.enrolment.domain.agreement import AgreementState
from services.enrolment.domain.application import ApplicationState
from services.enrolment.domain.cockpit import STUCK_AFTER, Buyer, Milestone, NextStep
from services.enrolment.domain.contacts import Call, CallOutcome
from tests.unit.enrolment.world import MONDAY

LONG_AGO = MONDAY - STUCK_AFTER - timedelta(days=1)
EVERYTHING = {each: MONDAY for each in Milestone}


def buyer(**known: object) -> Buyer:
    begun = Buyer(
        application_id=uuid4(),
        organisation_id=uuid4(),
        name="Ville de Mauguio",
        state=ApplicationState.ENROLLED,
        contact_id=uuid4(),
        contact_name="Claire Martin",
        contact_email="claire@mauguio.example",
        phone=None,
        agreement=AgreementState.SIGNED,
        adviser="Julien Valmary",
        reached=EVERYTHING,
        seen_at=MONDAY,
        suppliers=3,
        assessed=1,
    )
    return replace(begun, **known)  # type: ignore[arg-type]


def call(outcome: CallOutcome, days_ago: int = 0, next_on: date | None = None) -> Call:
    return Call(
        id=uuid4(),
        programme="cesar",
        organisation_id=uuid4(),
        person_id=uuid4(),
        outcome=outcome,
        note="",
        called_by=uuid4(),
        called_at=MONDAY - timedelta(days=days_ago),
        next_on=next_on,
    )


def without(*milestones: Milestone) -> dict[str, object]:
    return {"reached": {each: at for each, at in EVERYTHING.items() if each not in milestones}}


@pytest.mark.parametrize(
    ("known", "step"),
    [
        ({"state": ApplicationState.SUBMITTED}, NextStep.DECIDE),
        ({"state": ApplicationState.UNDER_REVIEW}, NextStep.DECIDE),
        ({"state": ApplicationState.DRAFT}, NextStep.CORRECT),
        ({"state": ApplicationState.WAITLISTED}, NextStep.NOTHING),
        ({"state": ApplicationState.ACCEPTED, "agreement": None}, NextStep.PROPOSE_AGREEMENT),
        (
            {"state": ApplicationState.ACCEPTED, "agreement": None, "has_siret": False},
            NextStep.ADD_SIRET,
        ),
        ({"state": ApplicationState.ACCEPTED, "agreement": AgreementState.PROPOSED}, NextStep.SIGN),
        (
            {"state": ApplicationState.ACCEPTED, "agreement": AgreementState.BUYER_SIGNED},
            NextStep.COUNTERSIGN,
        ),
        ({"adviser": None}, NextStep.ASSIGN_ADVISER),
        (without(Milestone.WORKSHOP), NextStep.COME_TO_WORKSHOP),
        (without(Milestone.APPOINTMENT), NextStep.BOOK_APPOINTMENT),
        (
            {**without(Milestone.APPOINTMENT), "suppliers": 0, "has_appointment": True},
            NextStep.INVITE_SUPPLIERS,
        ),
        ({"suppliers": 2, "assessed": 0}, NextStep.SUPPLIERS_ANSWER),
        ({}, NextStep.NOTHING),
        ({"state": ApplicationState.COMPLETED}, NextStep.NOTHING),
    ],
)
def test_what_comes_next_is_the_first_thing_that_is_missing(known: dict[str, object], step: NextStep) -> None:
    assert buyer(**known).next_step is step


def test_a_buyer_is_stuck_when_it_is_its_turn_and_it_has_been_silent_for_three_weeks() -> None:
    its_turn = buyer(suppliers=0, seen_at=LONG_AGO)
    assert its_turn.is_stuck(MONDAY)
    assert not replace(its_turn, seen_at=MONDAY - STUCK_AFTER + timedelta(hours=1)).is_stuck(MONDAY)
    assert replace(its_turn, seen_at=None).is_stuck(MONDAY), "never heard of is silent too"
    assert not replace(its_turn, adviser=None).is_stuck(MONDAY), "it is the team's turn"
    assert not buyer(seen_at=LONG_AGO).is_stuck(MONDAY), "nothing is left to do"


@pytest.mark.parametrize(
    ("last", "is_to_be_called"),
    [
        (None, True),
        (call(CallOutcome.REACHED), False),
        (call(CallOutcome.DONE, days_ago=1), False),
        (call(CallOutcome.NOT_REACHED), True),
        (call(CallOutcome.NOT_REACHED, next_on=date(2026, 11, 24)), False),
        (call(CallOutcome.REACHED, days_ago=3, next_on=date(2026, 11, 23)), True),
        (call(CallOutcome.REACHED, days_ago=30), True),
    ],
)
def test_who_was_reached_leaves_the_list_until_silent_again_or_until_the_day_agreed_on(
    last: Call | None, is_to_be_called: bool
) -> None:
    silent = buyer(suppliers=0, seen_at=LONG_AGO, call=last)
    assert silent.is_to_be_called(MONDAY, MONDAY.date()) is is_to_be_called


def test_a_buyer_of_whom_nothing_is_expected_is_called_on_the_day_that_was_promised() -> None:
    assert buyer(call=call(CallOutcome.DONE, 9, MONDAY.date())).is_to_be_called(MONDAY, MONDAY.date())
