"""Plays the demonstration's script through the services' own use cases, each step at its own instant.

Month by month, steps are taken and the events that they record are delivered through the inboxes, as they
would have been. Of what is past nobody is sent a mail: for notifications it is a replay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select, update

from services.chassis import inbox
from services.chassis.clock import utc_now
from services.chassis.inbox import Delivery
from services.chassis.messages import outbox
from services.chassis.privacy import retention
from services.chassis.service import Runtime
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.work import LOCAL_TIME
from services.console.demo.script import SharingStep, Step, SupplierAction, SupplierStep, make_script
from services.console.player.assessment import AssessmentPlayer
from services.console.player.colleagues import invite_colleagues
from services.console.player.enrolment import EnrolmentPlayer
from services.console.player.requests import ask_to_be_erased

_IN_ENROLMENT = (SupplierAction.ENROL, SupplierAction.LEAVE)


def is_empty(runtimes: Mapping[str, Runtime]) -> bool:
    """Whether nothing has ever happened here."""
    with runtimes["enrolment"].read() as session:
        return session.scalar(select(func.count()).select_from(outbox)) == 0


def play(runtimes: Mapping[str, Runtime], report: Callable[[int, int], None]) -> None:
    """Play everything up to today. ``report`` is told how many steps are done, of how many."""
    script = make_script(utc_now().astimezone(LOCAL_TIME).date())
    enrolment = EnrolmentPlayer(runtimes["enrolment"].settings.public_url)
    assessment = AssessmentPlayer(enrolment)
    done = 0
    for _, of_month in groupby(script, key=lambda step: (step.at.year, step.at.month)):
        steps = list(of_month)
        with _clocks_at(runtimes, steps[-1].at):
            _take(runtimes["enrolment"], [step for step in steps if not _is_assessing(step)], enrolment.take)
            _deliver(runtimes)
            _take(runtimes["assessment"], [step for step in steps if _is_assessing(step)], assessment.take)
            _deliver(runtimes)
        done += len(steps)
        report(done, len(script))
    with runtimes["enrolment"].unit_of_work() as unit_of_work:
        ask_to_be_erased(runtimes["enrolment"].settings.public_url, unit_of_work)
        invite_colleagues(enrolment, runtimes["enrolment"].settings.public_url, unit_of_work)
    _deliver(runtimes)
    # Who was invited years ago and never answered has been warned by now.
    for runtime in runtimes.values():
        retention.run(runtime)
    _deliver(runtimes)


def _is_assessing(step: Step) -> bool:
    return isinstance(step, SharingStep) or (
        isinstance(step, SupplierStep) and step.action not in _IN_ENROLMENT
    )


def _take(runtime: Runtime, steps: Sequence[Step], take: Callable[[Step, UnitOfWork], None]) -> None:
    if steps:
        with runtime.unit_of_work() as unit_of_work:
            for step in steps:
                unit_of_work.now = step.at
                take(step, unit_of_work)


@contextmanager
def _clocks_at(runtimes: Mapping[str, Runtime], instant: datetime) -> Iterator[None]:
    """Let it be ``instant`` for all services, except for what notifications would send by it."""
    clocks = {name: runtime.clock for name, runtime in runtimes.items()}
    for name, runtime in runtimes.items():
        if name != "notifications":
            runtime.clock = lambda: instant
    try:
        yield
    finally:
        for name, runtime in runtimes.items():
            runtime.clock = clocks[name]


def _deliver(runtimes: Mapping[str, Runtime]) -> None:
    """Hand every new event to every service, until nothing sets off anything more."""
    while any([_deliver_from(producer, runtimes) for producer in runtimes.values()]):
        pass


def _deliver_from(producer: Runtime, consumers: Mapping[str, Runtime]) -> bool:
    unpublished = outbox.c.published_at.is_(None)
    with producer.read() as session:
        query = select(outbox.c.position, outbox.c.type, outbox.c.body).where(unpublished)
        rows = session.execute(query.order_by(outbox.c.position)).all()
    if not rows:
        return False
    for name, consumer in consumers.items():
        wanted = set(consumer.service.reactions.event_types)
        silent = name == "notifications"
        deliveries = [Delivery(row.body, replaying=silent) for row in rows if row.type in wanted]
        if deliveries:
            inbox.handle(consumer, deliveries)
    # Marked last: should this end halfway, the next start delivers the rest.
    with producer.database.write() as session:
        session.execute(
            update(outbox)
            .where(unpublished, outbox.c.position <= rows[-1].position)
            .values(published_at=utc_now())
        )
    return True
