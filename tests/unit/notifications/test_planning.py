"""What happens gives occasions, occasions give messages, whatever the order in which things are learnt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from services.notifications.domain.calendar import Delay
from services.notifications.domain.message import Message, Reason, Recipient, State
from services.notifications.domain.occasion import Occasion, occasion_of, plan
from services.notifications.domain.workflow import Condition, OncePer, Workflow
from tests.unit.notifications.examples import (
    MONDAY_OPENING,
    NO_HOLIDAYS,
    SATURDAY,
    THURSDAY,
    a_workflow,
)

BRUNO = Recipient(None, "Bruno Faïsse", "bruno@maraicher.example", "fr")
HELENE = Recipient(UUID(int=7), "Hélène Çelik", "helene@lunel.example", "fr")
SUPPLIER = UUID(int=50)

NEWS = a_workflow()
REMINDER = a_workflow(
    key="reminder",
    after=Delay(days=7),
    only_while=(Condition("state", ("invited",)),),
    once_per=OncePer.SUBJECT,
    expires_after=Delay(days=5),
)


def occasion(
    workflow: Workflow = NEWS, *, event: int = 1, at: datetime = THURSDAY, sequence: int = 1, **values: Any
) -> Occasion:
    return occasion_of(
        workflow,
        event_id=UUID(int=event),
        subject_id=SUPPLIER,
        sequence=sequence,
        occurred_at=at,
        values={"programme": "cesar"} | values,
    )


def planned(
    of: Occasion,
    workflow: Workflow,
    *recipients: Recipient,
    existing: list[Message] | None = None,
    state: str = "invited",
    now: datetime = THURSDAY,
) -> list[Message]:
    return plan(
        of,
        workflow,
        recipients,
        existing or [],
        state={"state": state},
        office_hours=NO_HOLIDAYS,
        now=now,
    )


def test_every_recipient_gets_a_message_of_their_own() -> None:
    messages = planned(occasion(), NEWS, BRUNO, HELENE)

    assert [message.recipient for message in messages] == [BRUNO, HELENE]
    assert all(message.state is State.PLANNED and message.due_at == THURSDAY for message in messages)


def test_planning_again_makes_no_second_message() -> None:
    messages = planned(occasion(), NEWS, BRUNO)

    assert planned(occasion(), NEWS, BRUNO, existing=messages) == []


def test_somebody_who_is_reached_in_two_ways_gets_one_message() -> None:
    twice = replace(BRUNO, address="BRUNO@maraicher.example")

    assert len(planned(occasion(), NEWS, BRUNO, twice)) == 1


def test_a_message_whose_reason_comes_back_is_planned_again() -> None:
    reminder = occasion(REMINDER)
    messages = planned(reminder, REMINDER, BRUNO)
    planned(reminder, REMINDER, BRUNO, existing=messages, state="left")
    assert [(each.state, each.reason) for each in messages] == [(State.CANCELLED, Reason.REASON_GONE)]

    assert planned(reminder, REMINDER, BRUNO, existing=messages) == []
    assert [(each.state, each.reason) for each in messages] == [(State.PLANNED, Reason.NOT_YET)]


def test_a_message_to_somebody_who_is_no_recipient_any_more_does_not_come_back() -> None:
    reminder = occasion(REMINDER)
    messages = planned(reminder, REMINDER, BRUNO)
    planned(reminder, REMINDER, BRUNO, existing=messages, state="left")

    planned(reminder, REMINDER, existing=messages)
    assert [each.state for each in messages] == [State.CANCELLED]


def test_what_needs_no_delay_is_due_at_once() -> None:
    (message,) = planned(occasion(at=SATURDAY), NEWS, BRUNO, now=SATURDAY)

    assert (message.due_at, message.reason) == (SATURDAY, None)


def test_a_message_does_not_expire_while_it_may_not_leave() -> None:
    brief = a_workflow(expires_after=Delay(minutes=60))

    (message,) = planned(occasion(brief, at=SATURDAY), brief, BRUNO, now=SATURDAY)

    assert message.expires_at == MONDAY_OPENING + timedelta(hours=1)


def test_what_is_due_days_later_is_due_within_office_hours() -> None:
    (reminder,) = planned(occasion(REMINDER, at=SATURDAY), REMINDER, BRUNO, now=SATURDAY)

    assert reminder.due_at == MONDAY_OPENING + timedelta(days=7)


def test_a_reminder_waits_for_its_days() -> None:
    (message,) = planned(occasion(REMINDER), REMINDER, BRUNO)

    assert (message.due_at, message.reason) == (THURSDAY + timedelta(days=7), Reason.NOT_YET)


def test_a_reminder_stops_when_its_reason_is_gone() -> None:
    messages = planned(occasion(REMINDER), REMINDER, BRUNO)

    planned(occasion(REMINDER), REMINDER, BRUNO, existing=messages, state="enrolled")

    assert [(message.state, message.reason) for message in messages] == [
        (State.CANCELLED, Reason.REASON_GONE)
    ]


def test_a_reminder_planned_after_its_reason_has_gone_is_never_sent() -> None:
    (message,) = planned(occasion(REMINDER), REMINDER, BRUNO, state="enrolled")

    assert (message.state, message.reason) == (State.CANCELLED, Reason.REASON_GONE)


def test_importing_history_mails_nobody() -> None:
    long_ago = datetime(2022, 3, 10, 10, tzinfo=UTC)

    messages = planned(occasion(at=long_ago), NEWS, BRUNO) + planned(
        occasion(REMINDER, at=long_ago), REMINDER, BRUNO
    )

    assert {(message.state, message.reason) for message in messages} == {(State.SUPPRESSED, Reason.EXPIRED)}


def test_who_is_no_recipient_any_more_is_not_written_to() -> None:
    messages = planned(occasion(), NEWS, BRUNO, HELENE)

    planned(occasion(), NEWS, HELENE, existing=messages)

    assert [(message.state, message.reason) for message in messages] == [
        (State.CANCELLED, Reason.RECIPIENT_GONE),
        (State.PLANNED, None),
    ]


def test_a_message_that_is_on_its_way_is_left_alone() -> None:
    messages = planned(occasion(REMINDER), REMINDER, BRUNO)
    messages[0].claim(THURSDAY)

    planned(occasion(REMINDER), REMINDER, existing=messages, state="enrolled")

    assert messages[0].state is State.SENDING


def test_a_recipient_without_address_is_noted_and_not_tried() -> None:
    (message,) = planned(occasion(), NEWS, replace(BRUNO, address=""))

    assert (message.state, message.reason) == (State.SUPPRESSED, Reason.NO_ADDRESS)


def test_a_new_name_is_used_for_what_has_not_left_yet() -> None:
    messages = planned(occasion(REMINDER), REMINDER, BRUNO)

    planned(occasion(REMINDER), REMINDER, replace(BRUNO, name="Bruno Faïsse-Roux"), existing=messages)

    assert messages[0].name == "Bruno Faïsse-Roux"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_repeated_triggers_make_one_reminder_that_dates_from_the_first_and_says_the_last(
    order: tuple[int, ...],
) -> None:
    triggers = [
        occasion(
            REMINDER,
            event=number + 1,
            sequence=number + 1,
            at=THURSDAY + timedelta(hours=number),
            count=number,
        )
        for number in range(3)
    ]
    first, *others = (triggers[index] for index in order)
    messages = planned(first, REMINDER, BRUNO)
    for trigger in others:
        assert trigger.id == first.id
        first.absorb(trigger)
        messages += planned(first, REMINDER, BRUNO, existing=messages)

    assert first.occurred_at == THURSDAY
    assert first.values["count"] == 2
    assert first.cause == UUID(int=3)
    assert [message.due_at for message in messages] == [THURSDAY + timedelta(days=7)]


def test_each_event_is_an_occasion_of_its_own_unless_the_workflow_writes_once_about_a_subject() -> None:
    assert occasion(NEWS, event=1).id != occasion(NEWS, event=2).id
    assert occasion(REMINDER, event=1).id == occasion(REMINDER, event=2).id
