"""The whole product on an engine, as an operator lives with it: installed, used, scaled, updated, hurt,
saved.

The tests are one life, in this order: each begins with the installation as the one before has left it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import docker
import pytest
from docker.models.containers import Container
from playwright.sync_api import Browser

from deploy.installation import SERVICES, Images, Installation, Limits, Mail, ServiceSize
from deploy.stack import Replicas
from services.chassis.release import RELEASE
from tests.browser.conftest import MailServerPostbox, Site
from tests.browser.test_newcomers_way import test_the_programme_runs_from_the_call_to_the_dashboard as walk
from tests.deploy.installed import MANAGER, Installed, wait_until
from tests.deploy.ledger import settled
from tests.deploy.traffic import Traffic
from tests.support.docker_engine import DockerEngine
from tests.support.smtp import MailServer, mail_server

TWO = ServiceSize(web=Replicas(least=2, most=2))


@pytest.fixture(scope="module")
def mails(docker_engine: DockerEngine) -> Iterator[MailServer]:
    """A mail server that the containers reach, outside of the engine's own world."""
    with mail_server(docker_engine.gateway) as server:
        yield server


@pytest.fixture(scope="module")
def installed(
    docker_engine: DockerEngine,
    engine: docker.DockerClient,
    bases: Mapping[str, str],
    mails: MailServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installed]:
    """An installation in which two containers serve each service's pages; nothing of it is up yet."""
    installation = Installation(
        name="whole",
        public_url=f"https://{docker_engine.address}",
        release=RELEASE,
        mail=Mail(url=mails.uri, sender="Cesar <cesar@cci-herault.example>"),
        services=dict.fromkeys(SERVICES, TWO),
        limits=Limits(requests_per_second=2000),
        company_register_url="",
        images=Images(**bases),
    )
    folder = tmp_path_factory.mktemp("installation")
    one = Installed(engine, docker_engine.url, folder / "cesar.toml", installation)
    one.write()
    yield one
    if one.containers("proxy"):
        one.command("down", "--yes", "--volumes")


@pytest.fixture(scope="module")
def token(installed: Installed) -> str:
    """What programs act with for the programme's manager."""
    return installed.token(MANAGER)


@pytest.fixture(scope="module")
def promised() -> set[str]:
    """The suppliers that any caller of this life was told of."""
    return set()


@contextmanager
def ledger(installed: Installed, token: str, promised: set[str]) -> Iterator[Traffic]:
    """Callers at work while inside; at the end, what they were promised has had its effect exactly once."""
    with Traffic(installed.url, token) as traffic:
        yield traffic
    promised |= traffic.accepted
    found = settled(installed, promised)
    assert found.is_exact, f"{found}, failures of callers: {traffic.failures}"


def test_up_on_a_bare_engine_gives_the_product_behind_tls(installed: Installed) -> None:
    installed.command("init", "--yes")
    installed.command("build", timeout=900)
    installed.command("up", timeout=900)
    rows = installed.components()
    for service in SERVICES:
        assert rows[f"{service}-web"]["running"] == 2
        assert rows[f"{service}-worker"]["running"] == 1
    installed.create_programme()


def test_up_again_changes_nothing(installed: Installed) -> None:
    before = {one.id for one in installed.client.containers.list()}
    assert "Nothing to do" in installed.command("up")
    assert {one.id for one in installed.client.containers.list()} == before


def test_the_newcomers_way_goes_through_the_proxy(
    installed: Installed, browser: Browser, mails: MailServer
) -> None:
    walk(Site(installed.url, MailServerPostbox(mails)), browser)


def test_no_service_reads_the_database_of_another(installed: Installed) -> None:
    read = (
        "import os, sys, psycopg\n"
        "url = open(os.environ['CESAR_REPORTING_DATABASE_URL_FILE']).read().strip()\n"
        "url = url.replace('+psycopg', '').rpartition('/')[0] + '/enrolment'\n"
        "psycopg.connect(url, connect_timeout=5)\n"
    )
    [container, *_] = installed.containers("reporting-worker")
    status, output = container.exec_run(["python3", "-c", read])
    assert status != 0
    assert "permission denied for database" in output.decode()


def test_scaling_up_and_down_under_load_fails_nobody_and_loses_nothing(
    installed: Installed, token: str, promised: set[str]
) -> None:
    with ledger(installed, token, promised) as traffic:
        traffic.wait_for(30)
        installed.command("scale", "assessment.worker=3", "enrolment.web=3")
        assert len(installed.containers("assessment-worker")) == 3
        traffic.wait_for(60)
        installed.command("scale", "assessment.worker=1", "enrolment.web=2")
        traffic.wait_for(30)
    assert traffic.failures == []
    assert len(installed.containers("assessment-worker")) == 1


@pytest.mark.parametrize("service", SERVICES)
def test_a_rolling_update_under_load_fails_no_request_and_loses_or_repeats_no_event(
    installed: Installed, token: str, promised: set[str], service: str
) -> None:
    before = {one.id for kind in ("web", "worker") for one in installed.containers(f"{service}-{kind}")}
    repository, _, release = installed.installation.image_of(service).rpartition(":")
    image = installed.client.images.get(f"{repository}:{release}")
    image.tag(repository, "next")
    with ledger(installed, token, promised) as traffic:
        traffic.wait_for(10)
        installed.command("update", service, "--release", "next")
        traffic.wait_for(10)
    assert traffic.failures == []
    after = {one.id for kind in ("web", "worker") for one in installed.containers(f"{service}-{kind}")}
    assert not before & after


def test_a_killed_container_of_any_kind_loses_nothing(
    installed: Installed, token: str, promised: set[str]
) -> None:
    with ledger(installed, token, promised) as traffic:
        for service in SERVICES:
            for kind in ("worker", "web"):
                traffic.wait_for(3)
                installed.containers(f"{service}-{kind}")[0].kill()
        wait_until(lambda: all_run(installed), "every killed container was replaced", 120)
        traffic.wait_for(10)


@pytest.mark.parametrize("server", ["broker", "database"])
def test_a_killed_server_loses_nothing(
    installed: Installed, token: str, promised: set[str], server: str
) -> None:
    with ledger(installed, token, promised) as traffic:
        traffic.wait_for(10)
        installed.containers(server)[0].kill()
        wait_until(lambda: bool(installed.containers(server)), f"the {server} is back", 120)
        traffic.wait_for(20, timeout=180)


def test_a_network_cut_between_a_service_and_the_broker_loses_nothing(
    installed: Installed, token: str, promised: set[str]
) -> None:
    with ledger(installed, token, promised) as traffic:
        [worker, *_] = installed.containers("reporting-worker")
        with cut_off(installed, worker, installed.containers("broker")[0]):
            # Nobody else notices.
            traffic.wait_for(100)
        traffic.wait_for(10)
    assert traffic.failures == []


def test_new_passwords_are_taken_up_while_callers_go_on(
    installed: Installed, token: str, promised: set[str]
) -> None:
    with ledger(installed, token, promised) as traffic:
        traffic.wait_for(10)
        for name in ("database-enrolment", "broker-uri"):
            installed.command("secret", name, "--new")
        installed.command("up", timeout=900)
        traffic.wait_for(20)
    assert traffic.failures == []
    assert "Nothing to do" in installed.command("up")


def test_a_backup_brings_back_all_that_it_holds(installed: Installed, token: str, promised: set[str]) -> None:
    folder = installed.file.parent
    with ledger(installed, token, promised) as traffic:
        traffic.wait_for(20)
        kept = set(promised | traffic.accepted)
        installed.command("backup", str(folder))
        traffic.wait_for(20)
    [archive] = folder.glob("*.tar*")
    installed.command("restore", str(archive), "--yes")
    wait_until(lambda: all_run(installed), "everything runs again", 180)
    recorded = set(installed.query("enrolment", "SELECT id FROM supplier_enrolment"))
    assert kept <= recorded
    # What was promised after the backup is gone, and only that.
    assert settled(installed, promised & recorded).is_exact


def test_a_restore_can_be_undone(installed: Installed, token: str, promised: set[str]) -> None:
    installed.command("restore", "--undo", "--yes")
    wait_until(lambda: all_run(installed), "everything runs again", 180)
    assert settled(installed, promised).is_exact
    with ledger(installed, token, promised) as traffic:
        traffic.wait_for(10)


def test_logs_that_are_published_again_have_no_second_effect(
    installed: Installed, token: str, promised: set[str]
) -> None:
    installed.command("publish-again", "--yes")
    wait_until(lambda: all_run(installed), "everything runs again", 180)
    with ledger(installed, token, promised) as traffic:
        traffic.wait_for(10)


def test_down_leaves_nothing_behind(installed: Installed) -> None:
    installed.command("down", "--yes", "--volumes")
    assert list(installed.left_behind()) == []


def all_run(installed: Installed) -> bool:
    rows = installed.components().values()
    return all(row["running"] >= row["desired"] for row in rows if not row["runs_once"])


@contextmanager
def cut_off(installed: Installed, container: Container, other: Container) -> Iterator[None]:
    """Whatever the container sends to the other one is swallowed."""
    networks = other.attrs["NetworkSettings"]["Networks"].values()
    addresses = [network["IPAddress"] for network in networks]

    def route(action: str) -> None:
        """Run ``ip route`` as the container's neighbour in its network."""
        for address in addresses:
            installed.client.containers.run(
                installed.installation.images.python,
                ["ip", "route", action, "blackhole", address],
                network_mode=f"container:{container.id}",
                cap_add=["NET_ADMIN"],
                user="root",
                remove=True,
            )

    route("add")
    try:
        yield
    finally:
        route("del")
