"""What a worker answers those who ask how it is, and what its container is told."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.integration.watching.conftest import Installation
from tests.support.embedded import cesar
from tests.support.ports import free_port
from tests.support.proxy import Proxy, proxy_to

WORKER = "worker notifications"


@dataclass
class Networks:
    """The ways from the worker to its servers."""

    database: Proxy
    broker: Proxy


@pytest.fixture
def networks(installation: Installation) -> Iterator[Networks]:
    """From now on the installation reaches its servers through these."""
    with ExitStack() as stack:

        def through(setting: str) -> Proxy:
            address = urlsplit(installation.settings[setting])
            proxy = stack.enter_context(proxy_to(address.port or 0))
            place = address.netloc.rpartition(":")[0]
            installation.settings[setting] = urlunsplit(address._replace(netloc=f"{place}:{proxy.port}"))
            return proxy

        yield Networks(through("CESAR_NOTIFICATIONS_DATABASE_URL"), through("CESAR_AMQP_URI"))


def status(installation: Installation, path: str) -> int:
    return installation.ask(WORKER, path).status


def wait_until_ready(installation: Installation) -> None:
    process = installation.processes[WORKER]
    process.wait_until(lambda: status(installation, "/health/ready") == 200, "become ready", timeout=60)


def health(installation: Installation, kind: str, service: str, bind: str) -> tuple[int, str]:
    """The exit code of the container's health command, and what it says."""
    variable = "CESAR_BIND" if kind == "web" else "CESAR_WATCH_BIND"
    with cesar("health", kind, service, env={**installation.settings, variable: bind}) as process:
        return process.wait(), process.output


def test_a_worker_that_reaches_everything_is_ready(installation: Installation) -> None:
    with installation.running(WORKER):
        wait_until_ready(installation)
        assert {status(installation, f"/health/{what}") for what in ("live", "started", "ready")} == {200}
        assert status(installation, "/health/elsewhere") == 404


def test_a_worker_that_is_cut_off_from_its_database_is_not_ready_but_stays(
    installation: Installation, networks: Networks
) -> None:
    with installation.running(WORKER):
        wait_until_ready(installation)
        networks.database.swallows = True
        networks.database.silence()
        begun = time.monotonic()
        answer = installation.ask(WORKER, "/health/ready")
        assert (answer.status, time.monotonic() - begun < 5) == (503, True)
        assert "database of notifications" in answer.text
        assert (status(installation, "/health/live"), status(installation, "/health/started")) == (200, 200)
        figures = installation.ask(WORKER, "/metrics").text
        assert 'cesar_server_reachable{server="broker",service="notifications"} 1.0' in figures
        assert "cesar_outbox_waiting{" not in figures
        networks.database.swallows = False
        networks.database.cut()
        wait_until_ready(installation)


def test_a_worker_that_loses_its_broker_is_not_ready_until_it_is_back(
    installation: Installation, networks: Networks
) -> None:
    with installation.running(WORKER):
        wait_until_ready(installation)
        networks.broker.swallows = True
        networks.broker.cut()
        process = installation.processes[WORKER]
        process.wait_until(lambda: status(installation, "/health/ready") == 503, "notice")
        assert "no connection to the broker" in installation.ask(WORKER, "/health/ready").text
        assert status(installation, "/health/started") == 200
        networks.broker.swallows = False
        networks.broker.cut()
        wait_until_ready(installation)


def test_a_container_is_told_by_a_sentence_and_an_exit_code(installation: Installation) -> None:
    with installation.running(WORKER, "web enrolment"):
        wait_until_ready(installation)
        for kind, service in (("worker", "notifications"), ("web", "enrolment")):
            bind = f"0.0.0.0:{installation.ports[f'{kind} {service}']}"
            assert health(installation, kind, service, bind) == (0, f"The {kind} process is well.")


def test_asking_costs_next_to_nothing() -> None:
    with cesar("health", "web", env={"PYTHONPROFILEIMPORTTIME": "1"}) as process:
        assert process.wait() == 1
    assert any(line.startswith("Say which service is asked: enrolment, ") for line in process.lines)
    imported = {line.rpartition("|")[2].strip() for line in process.lines}
    assert "services.console.health" in imported
    assert not {"marshmallow", "rich", "typer"} & imported


def test_a_process_that_does_not_answer_is_not_well(installation: Installation) -> None:
    code, sentence = health(installation, "worker", "notifications", f"127.0.0.1:{free_port()}")
    assert (code, "does not answer" in sentence) == (1, True)


def test_a_worker_that_nobody_can_ask_is_told_apart(installation: Installation) -> None:
    code, sentence = health(installation, "worker", "notifications", "")
    assert (code, sentence) == (1, "CESAR_WATCH_BIND is not set: this worker tells nobody how it is.")


def test_a_place_to_answer_that_is_none_or_taken_is_one_sentence(installation: Installation) -> None:
    last_words = {}
    with installation.running(WORKER):
        for bind in ("9100", f"127.0.0.1:{installation.ports[WORKER]}"):
            with cesar(*WORKER.split(), env={**installation.settings, "CESAR_WATCH_BIND": bind}) as process:
                assert process.wait() == 1
                last_words[bind] = process.lines[-1]
    wrong, taken = last_words.values()
    assert wrong == "CESAR_WATCH_BIND is “9100” but has to be an address and a port, as in 0.0.0.0:9100."
    assert taken.endswith("which cannot be used: Address already in use.")
