"""Signing in with an account at a provider, the whole way and back; and a colleague who is let in by mail."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import MANAGER, MailboxPage, Site, sign_in
from tests.support.browser import open_page
from tests.support.embedded import start_product
from tests.support.openid_provider import PASSWORD, Account, openid_provider
from tests.support.ports import free_port


@pytest.fixture
def site(demonstration: Path, tmp_path: Path) -> Iterator[Site]:
    """The embedded product with a provider at which the manager has an account."""
    folder, port = tmp_path / "data", free_port()
    shutil.copytree(demonstration, folder)
    url = f"http://localhost:{port}"
    account = Account(MANAGER, "Hélène Castelvieil")
    with (
        openid_provider(tmp_path / "provider", url, helene=account) as provider,
        start_product(folder, port, **provider.settings) as process,
    ):
        process.wait_for_line("is ready at", timeout=180)
        yield Site(url, MailboxPage())


def sign_in_at_provider(page: Page) -> None:
    page.goto("/account/sign-ins")
    page.get_by_role("link", name="Se connecter avec AgoraConnect").click()
    page.get_by_label("Username").fill("helene")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Entrer").click()


def test_with_an_account_elsewhere_in_and_out_and_ended_from_another_browser(
    browser: Browser, site: Site
) -> None:
    with open_page(browser, site.url) as here, open_page(browser, site.url) as there:
        in_and_out(site, here, there)


def in_and_out(site: Site, here: Page, there: Page) -> None:
    sign_in_at_provider(here)
    expect(here).to_have_url(f"{site.url}/account/sign-ins")
    expect(here.get_by_role("row", name=re.compile("celle-ci"))).to_contain_text("AgoraConnect")

    sign_in(site, there, MANAGER)
    there.goto("/account/sign-ins")
    there.get_by_role("button", name="Terminer toutes les autres").click()
    there.get_by_role("button", name="Continuer").click()
    expect(there.get_by_text("Vous n’êtes plus connecté qu’ici.")).to_be_visible()
    here.goto("/reporting/")
    expect(here).to_have_url(re.compile("/sign-in"))

    here.get_by_role("link", name="Se connecter avec AgoraConnect").click()
    expect(here).to_have_url(f"{site.url}/reporting/")
    here.locator("summary").first.click()
    here.get_by_role("button", name="Se déconnecter").first.click()
    expect(here.get_by_role("link", name="Se déconnecter de AgoraConnect")).to_be_visible()


def test_a_colleague_comes_in_by_the_link_of_a_mail(browser: Browser, site: Site) -> None:
    with open_page(browser, site.url) as manager, open_page(browser, site.url, phone=True) as colleague:
        invite_and_come(site, manager, colleague)


def invite_and_come(site: Site, manager: Page, colleague: Page) -> None:
    sign_in(site, manager, MANAGER)
    manager.goto("/programmes/cesar/people")
    manager.locator("#field-name").fill("Anne Roux")
    manager.locator("#field-email").fill("anne.roux@cci-herault.example")
    manager.get_by_role("button", name="Inviter").click()
    expect(manager.get_by_text("Un courriel est en route vers Anne Roux.")).to_be_visible()

    site.postbox.open_link(colleague, "anne.roux@cci-herault.example", "vous invite", "/welcome/")
    colleague.get_by_role("button", name="Entrer").click()
    expect(colleague.get_by_role("heading", name=re.compile("Bonjour Anne Roux"))).to_be_visible()
    waiting = manager.get_by_role("table", name="Invités, sans réponse")
    expect(waiting.get_by_text("Anne Roux")).to_have_count(1)
    manager.reload()
    expect(waiting).to_be_visible()
    expect(waiting.get_by_text("Anne Roux")).to_have_count(0)
