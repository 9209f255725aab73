"""Reporting rebuilt from the logs, on real servers, with the real commands, while new events arrive."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import insert

from services.chassis.clock import utc_now
from services.chassis.events import Event
from services.chassis.messages import outbox
from services.chassis.service import Runtime
from services.chassis.settings import load_settings
from services.console.installed import load_service
from tests.property.conftest import Hearer, state_of
from tests.support.embedded import cesar
from tests.support.postgres import Postgres
from tests.support.rabbitmq import RabbitMQ
from tests.support.real import command, real_settings
from tests.support.smtp import MailServer
from tests.support.story import log_of

PRODUCERS = ("enrolment", "assessment")


def start(name: str, settings: dict[str, str]) -> Runtime:
    return Runtime.start(load_service(name), load_settings(name, settings))


def publish(runtime: Runtime, events: Sequence[Event]) -> None:
    """Have the events in the service's log, as if it had just recorded them."""
    ours = [event for event in events if event.source == runtime.service.name]
    rows = [
        {"event_id": event.id, "type": event.type, "recorded_at": event.time, "body": event.to_bytes()}
        for event in ours
    ]
    with runtime.unit_of_work() as work:
        work.session.execute(insert(outbox), rows)
    runtime.outbox_filled.set()


def test_it_equals_what_grew_row_for_row(
    hearer_of: Callable[[str], Hearer],
    tmp_path: Path,
    rabbitmq: RabbitMQ,
    postgres: Postgres,
    smtp: MailServer,
) -> None:
    hearer = hearer_of("reporting")
    settings = real_settings(tmp_path, "http://localhost", rabbitmq, postgres, smtp)
    command(settings, "migrate")
    runtimes = {name: start(name, settings) for name in (*PRODUCERS, "reporting")}
    reporting = runtimes["reporting"]
    # What the assessment service assigns here, it assigns by itself.
    history = [event for event in hearer.history if event.type != "assessment.assessment.assigned"]

    def expected() -> object:
        """What somebody knows who hears the whole log once, in its order."""
        events = [Event.from_bytes(body) for name in PRODUCERS for body in log_of(runtimes[name])]
        wanted = [event for event in events if event.type in reporting.service.reactions.event_types]
        return hearer.state_after([sorted(wanted, key=lambda event: (event.time, event.id))], utc_now())

    with ExitStack() as running:
        for runtime in runtimes.values():
            running.callback(runtime.database.close)
        for name in runtimes:
            worker = running.enter_context(cesar("worker", name, env=settings))
            worker.wait_for_line("workers_started", timeout=60)
        for name in PRODUCERS:
            publish(runtimes[name], history[::2])
        eventually(lambda: state_of(reporting) == expected())
        before = state_of(reporting)

        command(settings, "events", "replay", "reporting", "--rebuild", "--no-wait")
        for name in PRODUCERS:
            publish(runtimes[name], history[1::2])
        eventually(lambda: state_of(reporting) == expected())
        assert state_of(reporting) != before


def eventually(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.2)
