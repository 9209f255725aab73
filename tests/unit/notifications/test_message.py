"""The life of a message: planned, sending, and then one end that stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from services.chassis.model import Conflict
from services.notifications.domain.message import RETRY_AFTER, Message, Reason, State, message_id
from tests.unit.notifications.examples import THURSDAY, a_message


def sending(**changes: object) -> Message:
    message = a_message(**changes)
    message.claim(THURSDAY)
    return message


def test_a_message_is_claimed_and_then_sent() -> None:
    message = sending()
    assert message.state is State.SENDING

    message.sent(THURSDAY, "Votre état des lieux est validé")

    assert message.state is State.SENT
    assert message.sent_at == THURSDAY
    assert message.subject_line == "Votre état des lieux est validé"


def test_a_message_is_claimed_by_one_worker_only() -> None:
    message = sending()

    with pytest.raises(Conflict):
        message.claim(THURSDAY)


def test_a_delivery_that_fails_for_the_time_being_is_tried_again_later_and_later() -> None:
    message = a_message()
    waits = []
    for _ in RETRY_AFTER:
        message.claim(THURSDAY)
        message.postpone(THURSDAY, "451 Try again later")
        waits.append(message.due_at - THURSDAY)

    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert message.state is State.PLANNED
    assert message.reason is Reason.RETRY
    assert message.detail == "451 Try again later"


def test_after_the_last_try_the_message_has_failed() -> None:
    message = a_message(attempts=len(RETRY_AFTER))
    message.claim(THURSDAY)

    message.postpone(THURSDAY, "451 Try again later")

    assert (message.state, message.reason) == (State.FAILED, Reason.GAVE_UP)


def test_what_the_server_refuses_for_good_has_failed_at_once() -> None:
    message = sending()

    message.failed(Reason.REFUSED, "550 No such user")

    assert (message.state, message.reason, message.detail) == (
        State.FAILED,
        Reason.REFUSED,
        "550 No such user",
    )


def test_an_interrupted_delivery_is_repeated_once_when_it_might_arrive_twice() -> None:
    message = sending()
    message.interrupted(THURSDAY, can_repeat=False)
    assert (message.state, message.due_at) == (State.PLANNED, THURSDAY)

    message.claim(THURSDAY)
    message.interrupted(THURSDAY, can_repeat=False)

    assert (message.state, message.reason) == (State.FAILED, Reason.UNCERTAIN)


def test_an_interrupted_delivery_is_repeated_freely_when_twice_is_once() -> None:
    message = a_message()
    for _ in range(5):
        message.claim(THURSDAY)
        message.interrupted(THURSDAY, can_repeat=True)

    assert message.state is State.PLANNED


@pytest.mark.parametrize(
    "end",
    [
        lambda message: message.sent(THURSDAY, "Bonjour"),
        lambda message: message.failed(Reason.REFUSED, "550"),
    ],
)
def test_what_has_ended_does_not_begin_again(end: Callable[[Message], None]) -> None:
    message = sending()
    end(message)

    for change in (
        lambda: message.claim(THURSDAY),
        lambda: message.cancel(Reason.REASON_GONE),
        lambda: message.suppress(Reason.EXPIRED),
        lambda: message.digest(UUID(int=9), Reason.WEEKLY_LIMIT),
    ):
        with pytest.raises(Conflict):
            change()


def test_a_person_can_have_a_failed_message_tried_again() -> None:
    message = sending(attempts=4)
    message.failed(Reason.REFUSED, "550 No such user")

    message.retry(THURSDAY, expires_at=THURSDAY + timedelta(days=2))

    assert (message.state, message.due_at, message.attempts) == (State.PLANNED, THURSDAY, 0)


def test_a_message_that_was_sent_is_not_sent_again_on_request() -> None:
    message = sending()
    message.sent(THURSDAY, "Bonjour")

    with pytest.raises(Conflict):
        message.retry(THURSDAY, expires_at=THURSDAY)


def test_one_occasion_gives_one_address_one_message_however_the_address_is_written() -> None:
    occasion = UUID(int=5)

    assert message_id(occasion, "Bruno@Maraicher.example ") == message_id(occasion, "bruno@maraicher.example")
    assert message_id(occasion, "bruno@maraicher.example") != message_id(
        UUID(int=6), "bruno@maraicher.example"
    )
