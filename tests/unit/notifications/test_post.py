"""The mail as a whole: what an operator and those who watch the service are told of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import Metric

from services.chassis.metrics import REGISTRY
from services.notifications.delivery.failures import PermanentFailure, TemporaryFailure
from services.notifications.storage.post import Post, post
from tests.unit.notifications.service_examples import World, new_world, sign_in


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def seen(world: World) -> Post:
    with world.runtime.read() as session:
        return post(session, world.now)


def measured(world: World, name: str) -> float:
    [figure] = [each for each in world.runtime.measure() if each.name == name]
    return value(figure)


def value(figure: Metric) -> float:
    [sample] = figure.samples
    return sample.value


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("cesar_mail_deliveries_total", {"outcome": outcome}) or 0.0


def test_what_leaves_is_counted_for_a_day(world: World) -> None:
    before = counted("sent")
    world.hears(sign_in(number=1), sign_in(number=2))
    world.sends()
    assert (seen(world).sent, counted("sent") - before) == (2, 2)
    world.passes(hours=25)
    assert seen(world) == Post(sent=0, due=0, due_since=None, retried=0, failed=0)


def test_what_should_have_left_is_told_with_how_long_ago(world: World) -> None:
    due_at = world.now
    world.hears(sign_in())
    world.passes(minutes=3)
    assert seen(world) == Post(sent=0, due=1, due_since=due_at, retried=0, failed=0)
    assert measured(world, "cesar_mails_due") == 1
    assert measured(world, "cesar_mails_overdue_seconds") == timedelta(minutes=3).total_seconds()


def test_what_a_mail_server_puts_off_is_told_from_what_it_refuses(world: World) -> None:
    before = counted("postponed"), counted("refused")
    world.post.failure = TemporaryFailure("451 try later")
    world.hears(sign_in(number=1))
    world.sends()
    assert (seen(world).retried, seen(world).failed, seen(world).due) == (1, 0, 0)
    world.post.failure = PermanentFailure("550 no such user")
    world.hears(sign_in(number=2))
    world.sends()
    assert (seen(world).retried, seen(world).failed) == (1, 1)
    assert (counted("postponed") - before[0], counted("refused") - before[1]) == (1, 1)


def test_a_mail_is_a_part_of_what_its_trigger_was_a_part_of(world: World) -> None:
    asked = sign_in()
    world.hears(asked)
    world.passes(minutes=1)
    world.sends()
    [sent] = world.published()
    assert sent.type == "notifications.message.sent"
    assert (sent.correlation_id, sent.causation_id) == (asked.correlation_id, asked.id)
