"""What every test can have, and what no test may do: be skipped."""

import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import hypothesis
import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.support.answered import AnsweredOperations
from tests.support.browser import chromium
from tests.support.embedded import run_product
from tests.support.once import made_once
from tests.support.openapi import CheckedClient
from tests.support.postgres import Postgres, any_postgres
from tests.support.rabbitmq import RabbitMQ, any_rabbitmq
from tests.support.smtp import MailServer, mail_server

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("cesar", deadline=None)
hypothesis.settings.load_profile("cesar")


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    """A broker for the whole run; `rabbitmq.create_vhost()` gives a test one that is empty."""
    with any_rabbitmq() as broker:
        yield broker


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A database server for the whole run; `postgres.create_database("enrolment")` makes an empty one."""
    with any_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def smtp() -> Iterator[MailServer]:
    """A mail server for the whole run; it keeps the mails of earlier tests, so use addresses of your own."""
    with mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The data folder of a product that was started with the demonstration and stopped; copy it to use it."""

    def play(folder: Path) -> None:
        with run_product(folder):
            pass

    own = tmp_path_factory.getbasetemp()
    is_alone = worker_id == "master"
    return made_once((own if is_alone else own.parent) / "demonstration", play)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser for the whole run; `open_page(browser, base_url)` gives a test a visitor of its own."""
    with chromium() as started:
        yield started


def pytest_configure(config: pytest.Config) -> None:
    Flask.test_client_class = CheckedClient  # no answer that is not as documented, in whatever test
    config.pluginmanager.register(AnsweredOperations())
    _end_politely()


def _end_politely() -> None:
    """A polite end is an end with tear-down: the servers that tests started stop too."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test, or one that is expected to fail, is a failure: nothing is left out in silence."""
    report = yield
    if report.skipped or hasattr(report, "wasxfail"):
        report.longrepr = (
            f"{item.nodeid} was skipped or marked as failing ({_reason(report)}): that counts as a failure."
        )
        report.outcome = "failed"
        vars(report).pop("wasxfail", None)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself."""
    report = yield
    if report.skipped:
        report.longrepr = f"{collector.nodeid} was skipped ({_reason(report)}): that counts as a failure."
        report.outcome = "failed"
    return report


def _reason(report: Any) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])
    return str(getattr(report, "wasxfail", "") or "no reason given")
