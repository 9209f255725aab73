"""Workshops and appointments of a cohort, as people do it in the browser."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.year_of_buyers import COHORT, COHORT_PAGE, main, press, said


def start(manager: Page) -> None:
    manager.goto(COHORT_PAGE)
    press(manager, "Démarrer l’accompagnement")
    expect(manager.get_by_role("button", name="Démarrer l’accompagnement")).to_have_count(0)


def schedule_workshop(manager: Page, title: str, day: date, hours: tuple[str, str]) -> str:
    """The address of the workshop."""
    manager.goto("/workshops")
    manager.get_by_role("link", name=f"Programmer pour la promotion {COHORT}").click()
    manager.locator("#field-title").fill(title)
    manager.locator("#field-theme").fill("Sourçage local")
    when_and_where(manager, day, hours)
    manager.locator("#field-capacity").fill("20")
    press(manager, "Programmer l’atelier")
    expect(manager.get_by_role("heading", name=title, level=1)).to_be_visible()
    return manager.url


def when_and_where(page: Page, day: date, hours: tuple[str, str]) -> None:
    page.locator("#field-day").fill(day.isoformat())
    page.locator("#field-starts").fill(hours[0])
    page.locator("#field-ends").fill(hours[1])
    page.locator("#field-place").fill("CCI Hérault, salle Méditerranée")


def take_a_place(buyer: Page, title: str) -> None:
    buyer.goto("/workshops")
    buyer.get_by_role("link", name=title).click()
    press(buyer, "Réserver ma place")
    said(buyer, "Vous avez une place")


def register(manager: Page, workshop: str, organisation: str, name: str, email: str) -> None:
    manager.goto(workshop)
    manager.locator("#field-organisation_id").select_option(label=organisation)
    manager.locator("#field-name").fill(name)
    manager.locator("#field-email").fill(email)
    press(manager, "Inscrire")
    expect(main(manager)).to_contain_text(name)


def come_by_code(manager: Page, buyer: Page, workshop: str) -> None:
    """The code on the screen leads a phone to the page that notes the presence."""
    manager.goto(f"{workshop}/screen")
    buyer.goto(manager.locator("#code a").get_attribute("href") or "")
    press(buyer, "Je suis là")
    said(buyer, "Merci, votre présence est notée")


def close_by_list(manager: Page, workshop: str, names: list[str]) -> str:
    """Tick who came without a telephone, close, and give the text of the attendance sheet."""
    manager.goto(f"{workshop}/attendance")
    for name in names:
        manager.get_by_label(name).check()
    press(manager, "Clore l’atelier")
    said(manager, "Cet atelier est clos")
    with manager.expect_download() as download:
        manager.get_by_role("link", name="Feuille d’émargement").click()
    document = download.value.path().read_bytes()
    return "".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)


def follow_by_calendar(buyer: Page) -> str:
    """What a calendar program gets at the buyer's own address."""
    buyer.goto("/agenda")
    buyer.get_by_role("link", name="Dans mon propre agenda").click()
    press(buyer, "Créer mon adresse")
    answer = buyer.request.get(main(buyer).locator("code").inner_text())
    assert answer.ok
    # Lines are folded after 75 bytes.
    return answer.text().replace("\r\n ", "")


def assign_adviser(manager: Page, organisation: str, adviser: str) -> None:
    manager.goto("/programmes/cesar/advisers")
    manager.get_by_label(f"Conseiller de {organisation}", exact=True).select_option(label=adviser)
    manager.get_by_role("button", name=f"Enregistrer le conseiller de {organisation}", exact=True).click()
    expect(manager.get_by_label(f"Conseiller de {organisation}", exact=True)).to_contain_text(adviser)


def publish_times(adviser: Page, today: date) -> None:
    adviser.goto("/appointments/slots")
    when_and_where(adviser, today + timedelta(days=7), ("10:00", "11:00"))
    press(adviser, "Publier")
    said(adviser, "10:00 – 11:00")


def book(buyer: Page) -> None:
    buyer.goto("/appointments/book")
    buyer.locator("main [name=slot_id]").first.check()
    buyer.locator("#field-subject").fill("Notre premier marché avec un critère local")
    press(buyer, "Réserver ce créneau")
    expect(buyer).to_have_url(re.compile(r"/appointments/[\w-]+$"))
    expect(main(buyer)).to_contain_text("Notre premier marché avec un critère local")
