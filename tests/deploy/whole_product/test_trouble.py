"""The whole product on an engine when things go wrong: hurt, cut off, given new passwords, saved, restored.

The tests are one life, in this order: each begins with the installation as the one before has left it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from docker.models.containers import Container

from deploy.installation import SERVICES
from tests.deploy.installed import Installed, wait_until
from tests.deploy.ledger import ledger, settled


@pytest.fixture(scope="module")
def installed(installed: Installed) -> Installed:
    """All of it is well."""
    installed.install()
    return installed


def test_a_killed_container_of_any_kind_loses_nothing(
    installed: Installed, token: str, promised: set[str]
) -> None:
    with ledger(installed, token, promised) as traffic:
        for service in SERVICES:
            for kind in ("worker", "web"):
                traffic.wait_for(3)
                installed.containers(f"{service}-{kind}")[0].kill()
        wait_until(installed.all_run, "every killed container was replaced", 120)
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
    wait_until(installed.all_run, "everything runs again", 180)
    recorded = set(installed.query("enrolment", "SELECT id FROM supplier_enrolment"))
    assert kept <= recorded
    # What was promised after the backup is gone, and only that.
    assert settled(installed, promised & recorded).is_exact


def test_a_restore_can_be_undone(installed: Installed, token: str, promised: set[str]) -> None:
    installed.command("restore", "--undo", "--yes")
    wait_until(installed.all_run, "everything runs again", 180)
    assert settled(installed, promised).is_exact
    with ledger(installed, token, promised) as traffic:
        traffic.wait_for(10)


def test_logs_that_are_published_again_have_no_second_effect(
    installed: Installed, token: str, promised: set[str]
) -> None:
    installed.command("publish-again", "--yes")
    wait_until(installed.all_run, "everything runs again", 180)
    with ledger(installed, token, promised) as traffic:
        traffic.wait_for(10)


def test_down_leaves_nothing_behind(installed: Installed) -> None:
    installed.command("down", "--yes", "--volumes")
    assert list(installed.left_behind()) == []


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
