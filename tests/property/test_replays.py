"""The log, delivered again: read models come out as they grew, and nothing is set off outside."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import delete, func, select

from services.chassis import inbox
from services.chassis.clock import utc_now
from services.chassis.events import Event
from services.chassis.inbox import Delivery
from services.chassis.messages import inbox as inbox_table
from services.chassis.messages import outbox
from services.chassis.service import Runtime
from services.console.installed import installed_names
from services.notifications.handlers.sending import send_due
from services.notifications.storage.tables import messages
from tests.property.conftest import Hearer, State, state_of
from tests.support.story import Post

each_service = pytest.mark.parametrize("name", installed_names())


def hear(runtime: Runtime, events: Sequence[Event], *, replaying: bool = False) -> None:
    inbox.handle(runtime, [Delivery(event.to_bytes(), replaying) for event in events])


def forget_the_inbox(runtime: Runtime) -> None:
    with runtime.database.write() as session:
        session.execute(delete(inbox_table))


def said_by(runtime: Runtime) -> int:
    with runtime.read() as session:
        return session.scalar(select(func.count()).select_from(outbox)) or 0


def grown(hearer: Hearer) -> State:
    return hearer.state_after([[event] for event in hearer.history], utc_now())


def test_reporting_rebuilt_is_reporting_as_it_grew_while_new_events_arrive(
    hearer_of: Callable[[str], Hearer],
) -> None:
    hearer = hearer_of("reporting")
    past, news = hearer.history[: len(hearer.history) // 2], hearer.history[len(hearer.history) // 2 :]
    with hearer.fresh(utc_now()) as runtime:
        hear(runtime, past)
        before = state_of(runtime)
        runtime.forget_projections()
        assert state_of(runtime) != before
        third = len(past) // 3
        for old, new in zip(
            (past[:third], past[third : 2 * third], past[2 * third :]),
            (news[::3], news[1::3], news[2::3]),
            strict=True,
        ):
            hear(runtime, new)
            hear(runtime, old, replaying=True)
        assert state_of(runtime) == grown(hearer)


def test_a_past_that_is_replayed_to_the_directory_of_notifications_mails_nobody(
    hearer_of: Callable[[str], Hearer],
) -> None:
    hearer = hearer_of("notifications")
    post = Post()
    # The latest of it is so fresh that, heard live, it is a reason to write.
    with hearer.fresh(hearer.history[-1].time) as runtime:
        hear(runtime, hearer.history, replaying=True)
        assert not send_due(runtime, post) and not post.taken
        with runtime.read() as session:
            assert not session.scalar(select(func.count()).select_from(messages))
        assert state_of(runtime)["person"]
    with hearer.fresh(hearer.history[-1].time) as runtime:
        hear(runtime, hearer.history)
        assert send_due(runtime, post) and post.taken


@each_service
def test_a_replay_to_a_service_that_knows_it_all_changes_and_says_nothing(
    name: str, hearer_of: Callable[[str], Hearer]
) -> None:
    hearer = hearer_of(name)
    with hearer.fresh(hearer.history[-1].time) as runtime:
        hear(runtime, hearer.history)
        before, said = state_of(runtime), said_by(runtime)
        hear(runtime, hearer.history, replaying=True)
        assert (state_of(runtime), said_by(runtime)) == (before, said)


@each_service
def test_even_with_the_inbox_forgotten_it_changes_and_says_nothing(
    name: str, hearer_of: Callable[[str], Hearer]
) -> None:
    hearer = hearer_of(name)
    with hearer.fresh(hearer.history[-1].time) as runtime:
        hear(runtime, hearer.history)
        before, said = state_of(runtime), said_by(runtime)
        forget_the_inbox(runtime)
        hear(runtime, hearer.history[::-1], replaying=True)
        assert (state_of(runtime), said_by(runtime)) == (before, said)


@each_service
def test_a_period_that_was_missed_is_caught_up_with(name: str, hearer_of: Callable[[str], Hearer]) -> None:
    """What was lost on the way is found in the log; who replays too much does no harm."""
    hearer = hearer_of(name)
    a, b = len(hearer.history) // 3, 2 * len(hearer.history) // 3
    now = hearer.history[-1].time
    with hearer.fresh(now) as runtime:
        hear(runtime, [*hearer.history[:a], *hearer.history[b:]])
        hear(runtime, hearer.history[a // 2 : (b + len(hearer.history)) // 2])
        everything = hearer.state_after([[event] for event in hearer.history], now)
        assert state_of(runtime) == everything
