"""The way of an application: handed in, read, decided, enrolled; handed back, withdrawn."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.chassis.model import Conflict, DomainError
from services.enrolment.domain.application import (
    HOLDING_A_PLACE,
    Application,
    ApplicationState,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HELENE = uuid4()


def application(state: ApplicationState = ApplicationState.DRAFT) -> Application:
    return Application(
        id=uuid4(),
        programme="cesar",
        cohort_id=uuid4(),
        organisation_id=uuid4(),
        contact_id=uuid4(),
        motivation="Mieux acheter.",
        state=state,
    )


MOVES: dict[str, Callable[[Application], None]] = {
    "submit": lambda each: each.submit(NOON),
    "start_review": Application.start_review,
    "hand_back": lambda each: each.hand_back("incomplete", "Qui y travaillera ?"),
    "accept": lambda each: each.accept(HELENE, NOON),
    "put_on_waiting_list": lambda each: each.put_on_waiting_list(HELENE, NOON, 1),
    "decline": lambda each: each.decline(HELENE, NOON, "Le projet n’est pas mûr."),
    "withdraw": lambda each: each.withdraw(NOON),
    "withdraw_on_behalf": lambda each: each.withdraw_on_behalf(HELENE, NOON, "Sans réponse."),
    "enrol": Application.enrol,
    "complete": Application.complete,
}

# From which states each move is possible, and where it leads.
ALLOWED: dict[str, tuple[set[str], str]] = {
    "submit": ({"draft"}, "submitted"),
    "start_review": ({"submitted"}, "under_review"),
    "hand_back": ({"submitted", "under_review"}, "draft"),
    "accept": ({"submitted", "under_review", "waitlisted"}, "accepted"),
    "put_on_waiting_list": ({"submitted", "under_review"}, "waitlisted"),
    "decline": ({"draft", "submitted", "under_review", "waitlisted"}, "declined"),
    "withdraw": (
        {"draft", "submitted", "under_review", "accepted", "waitlisted", "declined"},
        "withdrawn",
    ),
    "withdraw_on_behalf": (
        {"draft", "submitted", "under_review", "accepted", "waitlisted"},
        "withdrawn",
    ),
    "enrol": ({"accepted"}, "enrolled"),
    "complete": ({"enrolled"}, "completed"),
}


@pytest.mark.parametrize("state", list(ApplicationState))
@pytest.mark.parametrize("move", list(MOVES))
def test_every_move_is_possible_from_some_states_only(move: str, state: ApplicationState) -> None:
    possible_from, leads_to = ALLOWED[move]
    each = application(state)
    if state.value in possible_from:
        MOVES[move](each)
        assert each.state.value == leads_to
    else:
        with pytest.raises(Conflict):
            MOVES[move](each)
        assert each.state is state


def test_an_application_remembers_when_it_was_handed_in() -> None:
    each = application()
    each.submit(NOON)
    assert each.submitted_at == NOON
    assert each.is_undecided


def test_what_is_handed_back_says_why_until_it_is_handed_in_again() -> None:
    each = application(ApplicationState.UNDER_REVIEW)
    each.hand_back("outdated", "  Les chiffres datent de 2023.  ")
    assert (each.return_reason, each.reason) == ("outdated", "Les chiffres datent de 2023.")
    each.submit(NOON + timedelta(days=2))
    assert (each.return_reason, each.reason) == (None, None)
    assert each.submitted_at == NOON + timedelta(days=2)


@pytest.mark.parametrize("words", ["", "   \n"])
def test_nobody_is_refused_or_sent_back_without_a_word(words: str) -> None:
    each = application(ApplicationState.SUBMITTED)
    with pytest.raises(DomainError) as refusal:
        each.hand_back("incorrect", words)
    assert refusal.value.field == "reason"
    with pytest.raises(DomainError) as refusal:
        each.decline(HELENE, NOON, words)
    assert refusal.value.field == "reason"
    assert each.state is ApplicationState.SUBMITTED


def test_a_decision_bears_its_author_and_its_instant() -> None:
    each = application(ApplicationState.UNDER_REVIEW)
    each.decline(HELENE, NOON, "Le projet n’est pas mûr.")
    assert (each.decided_by, each.decided_at, each.reason) == (HELENE, NOON, "Le projet n’est pas mûr.")


def test_a_place_is_held_from_the_acceptance_on_until_one_withdraws() -> None:
    each = application(ApplicationState.WAITLISTED)
    assert each.state not in HOLDING_A_PLACE
    each.accept(HELENE, NOON)
    assert each.state in HOLDING_A_PLACE
    each.withdraw(NOON)
    assert each.state not in HOLDING_A_PLACE
