"""The whole product on an engine, as an operator lives with it: installed, used, scaled, updated.

The tests are one life, in this order: each begins with the installation as the one before has left it.
"""

import pytest
from playwright.sync_api import Browser

from deploy.installation import SERVICES
from tests.browser.conftest import MailServerPostbox, Site
from tests.browser.test_newcomers_way import test_the_programme_runs_from_the_call_to_the_dashboard as walk
from tests.deploy.installed import Installed
from tests.deploy.ledger import ledger
from tests.support.smtp import MailServer


def test_up_on_a_bare_engine_gives_the_product_behind_tls(installed: Installed) -> None:
    installed.install()
    rows = installed.components()
    for service in SERVICES:
        assert rows[f"{service}-web"]["running"] == 2
        assert rows[f"{service}-worker"]["running"] == 1


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
