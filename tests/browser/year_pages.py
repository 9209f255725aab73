"""The pages on which a year is lived, and what everybody does on them: press, read what is said."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

from playwright.sync_api import Download, Locator, Page, expect
from pypdf import PdfReader

EARLIER = "2023"
# Its call is open now; what it takes over of the earlier one's calendar has to come after that.
COHORT = str(date.today().year + 2)
COHORT_PAGE = f"/programmes/cesar/cohorts/{COHORT}"


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button, and say yes when the page asks once more."""
    main(page).get_by_role("button", name=name).first.click()
    asked = page.locator("dialog[open] button[value=yes], dialog[open] .button--primary")
    if asked.count():
        asked.last.click()


def said(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_text(words).first).to_be_visible()


def text_of(download: Download) -> str:
    """What is to be read in a PDF that was downloaded."""
    document = BytesIO(download.path().read_bytes())
    return " ".join(page.extract_text() for page in PdfReader(document).pages).replace("\n", " ")
