"""Agreements, proposed to all at once and signed in each of the three ways."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.year_of_applicants import LETTER
from tests.browser.year_pages import COHORT_PAGE, main, press, said, text_of


def propose_to_all(manager: Page, how_many: int, *, without_siret: list[str]) -> None:
    """Propose all that can be proposed; the page names those whose SIRET is missing."""
    manager.goto(COHORT_PAGE)
    card = main(manager).locator(".card", has_text="Conventions à proposer")
    assert card.locator("li").all_inner_texts() == without_siret
    press(manager, re.compile(f"Proposer {how_many} conventions?"))
    said(manager, re.compile(rf"{how_many} conventions? (est|sont) proposées?"))


def sign(person: Page, address: str) -> None:
    person.goto(f"{address}/agreement")
    person.locator("[name=agrees]").check()
    press(person, "Signer")
    said(person, "Merci, la convention est signée")


def send_a_signed_copy(buyer: Page, address: str, signer: str) -> None:
    buyer.goto(f"{address}/agreement")
    buyer.locator("#field-signer").fill(signer)
    copy = {"name": "Convention signée.pdf", "mimeType": "application/pdf", "buffer": LETTER}
    buyer.locator("#field-copy").set_input_files(copy)  # type: ignore[arg-type]
    press(buyer, "Envoyer la copie signée")
    said(buyer, "votre copie signée est arrivée")


def note_signed_elsewhere(manager: Page, address: str) -> None:
    manager.goto(address)
    press(manager, "Elle a été signée ailleurs")
    said(manager, "Convention signée")


def read(buyer: Page, address: str) -> str:
    """The text of the agreement as the buyer keeps it."""
    buyer.goto(f"{address}/agreement")
    expect(main(buyer)).to_contain_text("Les sceaux sont intacts")
    with buyer.expect_download() as download:
        buyer.locator("main a[href*='/agreement/documents/']").first.click()
    return text_of(download.value)
