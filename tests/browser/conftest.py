"""The product that people use in the browser: the embedded one, and one that runs for real."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Page, expect

from tests.support.embedded import run_product
from tests.support.ports import free_port
from tests.support.postgres import Postgres
from tests.support.rabbitmq import RabbitMQ
from tests.support.real import command, real_settings, run_services
from tests.support.smtp import MailServer, ReceivedMail

MANAGER = "helene.castelvieil@cci-herault.example"
ADVISER = "julien.valmary@cci-herault.example"


class Postbox(Protocol):
    """Where people read their mail."""

    def open_link(self, page: Page, address: str, subject: str, link: str) -> None:
        """Open the newest mail with this subject (a pattern) for this person and follow the link in it."""
        ...

    def expect_mail(self, page: Page, address: str, subject: str) -> None:
        """Wait for a mail with this subject for this person; fails when none comes."""
        ...


@dataclass(frozen=True)
class Site:
    """A running product, and how its mail is read."""

    url: str
    postbox: Postbox


class MailboxPage:
    """The mailbox that is a page of the embedded product."""

    def open_link(self, page: Page, address: str, subject: str, link: str) -> None:
        self.expect_mail(page, address, subject)
        page.goto(page.locator(f"main a[href*='{link}']").first.get_attribute("href") or "")

    def expect_mail(self, page: Page, address: str, subject: str) -> None:
        for _ in range(100):
            page.goto(f"/mailbox?q={address}")
            mail = page.get_by_role("link", name=re.compile(subject)).first
            if mail.count():
                mail.click()
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"No mail “{subject}” came for {address}.")


@dataclass
class MailServerPostbox:
    """Mail as a real mail server received it."""

    server: MailServer

    def open_link(self, page: Page, address: str, subject: str, link: str) -> None:
        [target, *_] = re.findall(rf"https?://\S*{link}[\w-]+", self._newest(address, subject).text())
        page.goto(target)

    def expect_mail(self, page: Page, address: str, subject: str) -> None:
        self._newest(address, subject)

    def _newest(self, address: str, subject: str) -> ReceivedMail:
        def is_wanted(mail: ReceivedMail) -> bool:
            return address in mail.recipients and re.search(subject, mail.subject) is not None

        self.server.wait_for(is_wanted, timeout=20)
        return [mail for mail in self.server.mails if is_wanted(mail)][-1]


@pytest.fixture
def embedded_site(demonstration: Path, tmp_path: Path) -> Iterator[Site]:
    """The embedded product with a demonstration of its own."""
    folder = tmp_path / "data"
    shutil.copytree(demonstration, folder)
    with run_product(folder) as product:
        yield Site(product.url, MailboxPage())


@pytest.fixture
def real_site(tmp_path: Path, rabbitmq: RabbitMQ, postgres: Postgres, smtp: MailServer) -> Iterator[Site]:
    """Eight processes on RabbitMQ, PostgreSQL and SMTP, with a programme that an operator has created."""
    port = free_port()
    url = f"http://localhost:{port}"
    settings = real_settings(tmp_path / "keys", url, rabbitmq, postgres, smtp)
    smtp.clear()
    with run_services(settings, port):
        about = ("--name", "C.E.S.A.R.", "--chamber", "CCI Hérault", "--contact-email", "cesar@cci.example")
        command(settings, "programme", "create", "cesar", *about)
        for role, address, name in (
            ("manager", MANAGER, "Hélène Castelvieil"),
            ("adviser", ADVISER, "Julien Valmary"),
        ):
            command(settings, "programme", "grant", "cesar", address, "--role", role, "--name", name)
        yield Site(url, MailServerPostbox(smtp))


@pytest.fixture(params=["embedded", "real"])
def site(request: pytest.FixtureRequest) -> Site:
    """One way, walked on both."""
    site: Site = request.getfixturevalue(f"{request.param}_site")
    return site


def sign_in(site: Site, page: Page, address: str) -> None:
    """Sign in as a person does: ask for the link, read the mail, follow it, confirm."""
    page.goto("/sign-in")
    page.get_by_label("Votre adresse").fill(address)
    page.get_by_role("button", name="lien").click()
    expect(page).to_have_url(re.compile("/sign-in/sent"))
    site.postbox.open_link(page, address, "lien pour vous connecter", "/sign-in/")
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
