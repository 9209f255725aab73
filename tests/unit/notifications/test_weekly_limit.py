"""Three programme mails a week at most, all causes together, and the choice to receive fewer."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.model import DomainError
from services.notifications.domain.dispatch import Digest, decide
from services.notifications.domain.message import Message, Reason, State
from services.notifications.domain.preferences import MAILS_A_WEEK, WEEK, Choice, Preferences
from services.notifications.domain.workflow import Condition, Importance, Kind, Workflow
from tests.unit.notifications.examples import (
    MONDAY_OPENING,
    NO_HOLIDAYS,
    SATURDAY,
    THURSDAY,
    a_message,
    a_workflow,
)

NEWS = a_workflow()
DECISION = a_workflow(importance=Importance.HIGH)
SIGN_IN = a_workflow(kind=Kind.TRANSACTIONAL)
MOVED = a_workflow(kind=Kind.COMMITMENT)


def due(number: int, at: datetime = THURSDAY) -> Message:
    return a_message(id=UUID(int=number), due_at=at, expires_at=at + timedelta(days=7))


def decided(
    message: Message,
    workflow: Workflow,
    preferences: Preferences,
    at: datetime = THURSDAY,
    *,
    is_digest: bool = False,
) -> Digest | None:
    return decide(
        message, workflow, preferences, state={}, office_hours=NO_HOLIDAYS, is_digest=is_digest, now=at
    )


def somebody(choice: Choice = Choice.IMMEDIATE) -> Preferences:
    preferences = Preferences.of("bruno@maraicher.example")
    preferences.choice = choice
    return preferences


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3 * 24 * 60),
            st.sampled_from([NEWS, DECISION, SIGN_IN, MOVED]),
            st.booleans(),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_no_seven_days_ever_hold_more_than_three_programme_mails(
    mails: list[tuple[int, Workflow, bool, bool]],
) -> None:
    preferences = somebody()
    now = THURSDAY
    left: dict[UUID, datetime] = {}
    for number, (minutes, workflow, is_digest, fails) in enumerate(mails):
        now += timedelta(minutes=minutes)
        message = due(number, now)
        decided(message, workflow, preferences, now, is_digest=is_digest)
        if message.state is State.SENDING and fails:
            message.postpone(now, "451 Try again later")
            now = message.due_at
            decided(message, workflow, preferences, now, is_digest=is_digest)
        if message.state is State.SENDING and workflow.is_optional:
            left[message.id] = now

    for start in left.values():
        assert sum(start <= instant < start + WEEK for instant in left.values()) <= MAILS_A_WEEK


def test_the_third_mail_of_a_week_is_kept_for_decisions() -> None:
    preferences = somebody()
    first, second, third, decision = due(1), due(2), due(3), due(4)

    assert decided(first, NEWS, preferences) is None
    assert decided(second, NEWS, preferences) is None
    assert decided(third, NEWS, preferences) == Digest(Reason.WEEKLY_LIMIT)
    assert decided(decision, DECISION, preferences) is None
    assert [first.state, second.state, third.state, decision.state] == [
        State.SENDING,
        State.SENDING,
        State.PLANNED,
        State.SENDING,
    ]


def test_what_comes_after_the_third_waits_for_the_digest_whatever_it_is() -> None:
    preferences = somebody()
    for number in range(3):
        decided(due(number), DECISION, preferences)

    assert decided(due(4), DECISION, preferences) == Digest(Reason.WEEKLY_LIMIT)


def test_a_digest_waits_until_the_week_has_room_for_it() -> None:
    preferences = somebody()
    for number in range(3):
        decided(due(number), DECISION, preferences)
    digest = due(9)

    decided(digest, DECISION, preferences, is_digest=True)

    assert (digest.state, digest.reason, digest.due_at) == (State.PLANNED, Reason.NO_ROOM, THURSDAY + WEEK)


def test_what_the_recipient_asked_for_leaves_at_any_hour_and_is_not_counted() -> None:
    preferences = somebody()
    for number in range(10):
        message = due(number, SATURDAY)
        decided(message, SIGN_IN, preferences, SATURDAY)
        assert message.state is State.SENDING

    assert preferences.recent == []


@pytest.mark.parametrize("choice", list(Choice))
def test_a_change_of_what_somebody_counts_on_leaves_whatever_they_have_received_or_chosen(
    choice: Choice,
) -> None:
    preferences = somebody(choice)
    for number in range(3):
        preferences.count(UUID(int=number), THURSDAY)
    message = due(9)

    assert decided(message, MOVED, preferences) is None
    assert message.state is State.SENDING
    assert len(preferences.recent) == 3


def test_a_change_of_what_somebody_counts_on_keeps_the_office_hours() -> None:
    message = due(1, SATURDAY)

    decided(message, MOVED, somebody(), SATURDAY)

    assert (message.state, message.reason, message.due_at) == (
        State.PLANNED,
        Reason.OFFICE_HOURS,
        MONDAY_OPENING,
    )


def test_a_programme_mail_that_is_due_on_a_saturday_waits_for_monday() -> None:
    message = due(1, SATURDAY)

    decided(message, NEWS, somebody(), SATURDAY)

    assert (message.state, message.reason, message.due_at) == (
        State.PLANNED,
        Reason.OFFICE_HOURS,
        MONDAY_OPENING,
    )


def test_where_mail_disturbs_nobody_it_leaves_on_a_saturday_too() -> None:
    message = due(1, SATURDAY)

    decide(message, NEWS, somebody(), state={}, office_hours=NO_HOLIDAYS, at_any_hour=True, now=SATURDAY)

    assert message.state is State.SENDING


def test_a_mail_that_is_tried_again_counts_once() -> None:
    preferences = somebody()
    message = due(1)
    decided(message, NEWS, preferences)
    message.postpone(THURSDAY, "451 Try again later")
    decided(message, NEWS, preferences, message.due_at)

    assert [sent.message_id for sent in preferences.recent] == [message.id]


def test_who_chose_the_digest_gets_everything_in_it() -> None:
    assert decided(due(1), DECISION, somebody(Choice.DIGEST)) == Digest(Reason.DIGEST_CHOSEN)


def test_who_has_unsubscribed_gets_no_programme_mail() -> None:
    message = due(1)

    decided(message, DECISION, somebody(Choice.NOTHING))

    assert (message.state, message.reason) == (State.SUPPRESSED, Reason.UNSUBSCRIBED)


def test_who_has_unsubscribed_can_still_sign_in() -> None:
    message = due(1)

    decided(message, SIGN_IN, somebody(Choice.NOTHING))

    assert message.state is State.SENDING


def test_a_message_whose_moment_is_long_past_is_not_sent() -> None:
    message = due(1)

    decided(message, NEWS, somebody(), THURSDAY + timedelta(days=8))

    assert (message.state, message.reason) == (State.SUPPRESSED, Reason.EXPIRED)


def test_a_message_whose_reason_is_gone_is_not_sent() -> None:
    message = due(1)
    reminder = a_workflow(only_while=(Condition("state", ("invited",)),))

    decide(message, reminder, somebody(), state={"state": "enrolled"}, office_hours=NO_HOLIDAYS, now=THURSDAY)

    assert (message.state, message.reason) == (State.CANCELLED, Reason.REASON_GONE)


def test_only_the_offered_choices_are_accepted() -> None:
    preferences = somebody()

    with pytest.raises(DomainError) as refusal:
        preferences.choose("sometimes")

    assert refusal.value.field == "choice"
    preferences.choose("digest")
    assert preferences.choice is Choice.DIGEST
