"""A product in which something is going on, and everybody who uses it."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import MailboxPage, Site, sign_in
from tests.browser.test_newcomers_way import apply, invite, open_the_call
from tests.support.browser import open_page
from tests.support.embedded import run_product

# As the sign-in page of the demonstration names them.
PEOPLE = {
    "manager": "Responsable du programme",
    "adviser": "Conseiller",
    "jury": "Membre du jury",
    "buyer": "Acheteur",
    "supplier": "Fournisseur",
    "funder": "Financeur",
    "operator": "Exploitant",
}
VISITOR = "visitor"
SUPPLIER_WITH_RESULT = "supplier with a result"
EVERYBODY = (VISITOR, *PEOPLE, SUPPLIER_WITH_RESULT)


@dataclass(frozen=True)
class LivedIn:
    """The product, and the session of each of ``EVERYBODY`` (a visitor has none)."""

    site: Site
    sessions: dict[str, StorageState | None]


@contextmanager
def lived_in(demonstration: Path, folder: Path, browser: Browser) -> Iterator[LivedIn]:
    """A call is open, an application waits, a review is under way; suppliers are invited and have results."""
    shutil.copytree(demonstration, folder)
    with run_product(folder) as running:
        site = Site(running.url, MailboxPage())
        sessions: dict[str, StorageState | None] = {VISITOR: None}

        def remember(who: str, address: str) -> None:
            with open_page(browser, site.url) as page:
                sign_in(site, page, address)
                sessions[who] = page.context.storage_state()

        with open_page(browser, site.url) as visitor:
            addresses = {who: _address_of(visitor, role) for who, role in PEOPLE.items()}
        for who, address in addresses.items():
            remember(who, address)
        with open_page(browser, site.url, session=sessions["adviser"]) as adviser:
            _start_a_review(adviser)
            remember(SUPPLIER_WITH_RESULT, a_supplier(adviser, "validated"))
        with open_page(browser, site.url, session=sessions["manager"]) as manager:
            open_the_call(manager)
        with open_page(browser, site.url) as visitor:
            apply(visitor)
        with open_page(browser, site.url, session=sessions["buyer"]) as buyer:
            invite(buyer)
        yield LivedIn(site, sessions)


def _address_of(visitor: Page, role: str) -> str:
    visitor.goto("/sign-in")
    form = visitor.locator("form", has=visitor.get_by_role("button", name=role, exact=True))
    return form.locator("input[name=email]").input_value()


def _start_a_review(adviser: Page) -> None:
    adviser.goto("/assessment/reviews?state=submitted")
    adviser.locator("main table a[href*='/reviews/']").first.click()
    adviser.get_by_role("button", name="Commencer la relecture").click()
    expect(adviser.get_by_text("Votre décision")).to_be_visible()


def a_supplier(adviser: Page, state: str) -> str:
    """The address of a supplier whose assessment is in this state."""
    adviser.goto(f"/assessment/reviews?state={state}")
    adviser.locator("main table tbody a").first.click()
    return adviser.get_by_role("link", name=re.compile("@")).inner_text()
