"""What an earlier release left, this one goes on with: the same figures, every event once, nobody mailed."""

import json
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import func, insert, select

from deploy.archive import FOLDER, check
from services.chassis.messages import retention_run
from services.chassis.messaging import topology
from services.chassis.messaging.broker import connect
from services.chassis.outbox import backlog
from services.chassis.service import Runtime
from services.chassis.settings import load_settings
from services.console.installed import load_service
from tests.deploy.releases.play import FIGURES, MANAGER
from tests.integration.backup.cuts import handled_and_not_recorded
from tests.support.backups import restore
from tests.support.ports import free_port
from tests.support.postgres import Postgres
from tests.support.rabbitmq import RabbitMQ
from tests.support.real import SERVICES, command, real_settings, run_services
from tests.support.smtp import MailServer, mail_server

RELEASES = Path(__file__).parents[1] / "deploy" / "releases"
# Workers fill these, and take away what has outlived its time, whatever they are told.
_CHANGE_WITH_TIME = ("process", "retention_run", "account_use", "invitation")
# What a service hears of since a later release, it learns from the logs that are published again.
_LEARNT = {"enrolment": {"supplier_assessment", "inbox"}}
KEPT = sorted(backup.parent.name for backup in RELEASES.glob("*/backup.tar"))


@pytest.fixture
def post() -> Iterator[MailServer]:
    """A mail server of our own: nobody else's mail comes here."""
    with mail_server() as server:
        yield server


@pytest.mark.parametrize(
    "release", [path.name for path in RELEASES.iterdir() if (path / "backup.tar").exists()]
)
def test_the_data_of_a_release_is_carried_on(
    release: str, tmp_path: Path, postgres: Postgres, rabbitmq: RabbitMQ, post: MailServer
) -> None:
    saved = RELEASES / release / "backup.tar"
    assert check(saved).release == release
    with tarfile.open(saved) as archive:
        archive.extractall(tmp_path, filter="data")
    port = free_port()
    settings = real_settings(tmp_path, f"http://localhost:{port}", rabbitmq, postgres, post)
    restore(
        {service: settings[f"CESAR_{service.upper()}_DATABASE_URL"] for service in SERVICES},
        tmp_path / FOLDER,
    )
    command(settings, "migrate")
    command(settings, "events", "publish-again")
    runtimes = {name: Runtime.start(load_service(name), load_settings(name, settings)) for name in SERVICES}
    # What has been kept as long as it may be, and who is to be warned of that, waits until tomorrow.
    for runtime in runtimes.values():
        with runtime.unit_of_work() as work:
            run = {"rule": "everything", "ran_at": work.now, "before": work.now, "concerned": 0}
            work.session.execute(insert(retention_run).values(run))
    before = {name: rows(runtime) for name, runtime in runtimes.items()}

    with run_services(settings, port):
        wait_until_all_is_published(runtimes)
        after = {name: rows(runtime) for name, runtime in runtimes.items()}
        manager = command(settings, "token", "create", MANAGER, "--days", "1").strip()
        request = Request(f"http://localhost:{port}{FIGURES}", headers={"Authorization": f"Bearer {manager}"})
        with urlopen(request) as answer:
            shown = {figure["key"]: figure["value"] for figure in json.load(answer)}

    figures = json.loads((RELEASES / release / "figures.json").read_text())
    assert {key: shown[key] for key in figures} == figures
    assert {name: grown(before[name], after[name]) for name in SERVICES} == {
        name: _LEARNT.get(name, set()) for name in SERVICES
    }
    assert post.mails == []
    for producer in runtimes.values():
        for consumer in runtimes.values():
            assert handled_and_not_recorded(producer, consumer) == 0
    for runtime in runtimes.values():
        runtime.database.close()


def rows(runtime: Runtime) -> dict[str, int]:
    """How many rows each table has."""
    tables = [
        table for table in runtime.service.metadata.sorted_tables if table.name not in _CHANGE_WITH_TIME
    ]
    with runtime.read() as session:
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def grown(before: dict[str, int], after: dict[str, int]) -> set[str]:
    """Which tables have another number of rows."""
    return {table for table in before if after[table] != before[table]}


def wait_until_all_is_published(runtimes: dict[str, Runtime], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while left := sum(waiting(runtime) for runtime in runtimes.values()):
        assert time.monotonic() < deadline, f"{left} events wait after {seconds:g} s"
        time.sleep(0.2)


def waiting(runtime: Runtime) -> int:
    """How many events the service still has to publish, or to hear of."""
    with runtime.read() as session:
        to_publish = backlog(session).waiting
    with connect(runtime.settings.amqp_uri) as connection:
        return to_publish + (topology.waiting(connection, runtime.service.name) or 0)
