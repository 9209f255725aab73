"""A worker that is killed in the midst of an import: the next one goes on, and every row is taken in once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from services.console.demo.synthetic_siret import synthetic_siret
from services.console.keys import read_or_make_keys
from services.enrolment.domain.importing import ImportState, SupplierImport
from services.enrolment.handlers import importing
from tests.integration.enrolment.at_once import postgres_world
from tests.support.embedded import cesar
from tests.support.postgres import Postgres
from tests.support.process import Process
from tests.support.rabbitmq import RabbitMQ
from tests.unit.enrolment.world import World

ROWS = 3_000


def started(world: World) -> SupplierImport:
    rows = [[f"Ferme {number}", synthetic_siret(number), f"f{number}@f.example"] for number in range(ROWS)]
    command = importing.Upload(
        programme="cesar",
        inviter_id=None,
        created_by=uuid4(),
        file_name="fermes.csv",
        table=[["Entreprise", "SIRET", "Mail"], *rows],
        locale="fr",
    )
    found = world.do(importing.upload, command)
    return world.do(importing.start, found.id, found.mapped, True)


def wait_until(is_so: Callable[[], bool], worker: Process) -> None:
    for _ in range(1200):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError(worker.output)


def test_a_killed_worker_loses_and_doubles_nothing(
    postgres: Postgres, rabbitmq: RabbitMQ, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    read_or_make_keys(keys)
    with postgres_world(postgres, tmp_path) as world:
        environment = {
            "CESAR_ENROLMENT_DATABASE_URL": world.runtime.database.url.render_as_string(hide_password=False),
            "CESAR_AMQP_URI": rabbitmq.create_vhost(),
            "CESAR_PUBLIC_URL": "http://localhost:8000",
            "CESAR_MAIL_URL": f"maildir://{tmp_path}",
            "CESAR_MAIL_FROM": "cesar@cci.example",
            "CESAR_ENROLMENT_SESSION_PRIVATE_KEY_FILE": str(keys / "session.pem"),
            "CESAR_SESSION_PUBLIC_KEY_FILE": str(keys / "session.pub"),
            "CESAR_SECRET_KEY_FILE": str(keys / "secret"),
        }
        found = started(world)

        def now() -> SupplierImport:
            return world.read(SupplierImport, found.id)

        for seen in (1, 5):
            with cesar("worker", "enrolment", env=environment) as worker:
                wait_until(lambda seen=seen: now().parts_done >= seen, worker)  # type: ignore[misc]
                worker.kill()
        assert now().state is ImportState.RUNNING, "it was killed in the midst of it"
        with cesar("worker", "enrolment", env=environment) as worker:
            wait_until(lambda: now().state is ImportState.DONE, worker)
        assert (now().added, now().known, now().wrong) == (ROWS, 0, 0)
        assert len({each["id"] for each in world.told("supplier.invited")}) == ROWS
        assert len(world.told("supplier.invited")) == ROWS
