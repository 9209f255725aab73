"""Workshops and appointments of a cohort, as people do it in the browser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from playwright.sync_api import Page, expect

from services.enrolment.domain.local_time import PARIS
from tests.browser.year_pages import COHORT, COHORT_PAGE, main, press, said, text_of


def start(manager: Page) -> None:
    manager.goto(COHORT_PAGE)
    main(manager).get_by_role("link", name="Démarrer l’accompagnement").click()
    press(manager, "Démarrer l’accompagnement")
    said(manager, "L’accompagnement a commencé.")


def schedule_workshop(manager: Page, title: str, day: date, hours: tuple[str, str], *, places: int) -> str:
    """The address of the workshop."""
    manager.goto("/workshops")
    manager.get_by_role("link", name=f"Programmer pour la promotion {COHORT}").click()
    manager.locator("#field-title").fill(title)
    manager.locator("#field-theme").fill("Sourçage local")
    when_and_where(manager, day, hours)
    manager.locator("#field-capacity").fill(str(places))
    press(manager, "Programmer l’atelier")
    expect(manager.get_by_role("heading", name=title, level=1)).to_be_visible()
    return manager.url


def in_two_minutes() -> str:
    """The hour at which a workshop ends that goes on now."""
    return (datetime.now(PARIS) + timedelta(minutes=2)).strftime("%H:%M")


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


def register_all_contacts(manager: Page, workshop: str, *, placed: int, waiting: int = 0) -> None:
    """Everybody of whom nobody is registered yet: the page has ticked them already."""
    manager.goto(workshop)
    press(manager, "Inscrire les personnes cochées")
    said(manager, f"{placed} personnes ont une place")
    if waiting:
        said(manager, f"L’atelier est complet : {waiting} personnes attendent une place")


def bring_a_colleague(buyer: Page, workshop: str, name: str, email: str) -> None:
    """To a workshop that is full: they wait."""
    buyer.goto(workshop)
    buyer.locator("#field-name").fill(name)
    buyer.locator("#field-email").fill(email)
    press(buyer, "Inscrire")
    said(buyer, "L’atelier est complet : la place sur la liste d’attente est notée")


def give_the_place_back(buyer: Page, workshop: str) -> None:
    buyer.goto(workshop)
    press(buyer, "Rendre la place")
    said(buyer, "La place est rendue")


def come_by_code(manager: Page, buyer: Page, workshop: str) -> None:
    """The code on the screen leads a phone to the page that notes the presence."""
    manager.goto(f"{workshop}/screen")
    buyer.goto(manager.locator("#code a").get_attribute("href") or "")
    press(buyer, "Je suis là")
    said(buyer, "Merci, votre présence est notée")


def close_by_list(manager: Page, workshop: str, names: list[str]) -> str:
    """Tick who came without a telephone, close once it is over, and give the text of the attendance sheet."""
    manager.goto(f"{workshop}/attendance")
    for _ in range(40):
        if manager.get_by_role("button", name="Clore l’atelier").count():
            break
        manager.wait_for_timeout(5_000)
        manager.reload()
    for name in names:
        manager.get_by_label(name).check()
    press(manager, "Clore l’atelier")
    said(manager, "Cet atelier est clos")
    with manager.expect_download() as download:
        manager.get_by_role("link", name="Feuille d’émargement").click()
    return text_of(download.value)


def follow_by_calendar(buyer: Page) -> str:
    """What a calendar program gets at the buyer's own address."""
    buyer.goto("/agenda")
    buyer.get_by_role("link", name="Dans mon propre agenda").click()
    press(buyer, "Créer mon adresse")
    answer = buyer.request.get(main(buyer).locator("code").inner_text())
    assert answer.ok
    # Lines are folded after 75 bytes.
    return answer.text().replace("\r\n ", "")


def assign_advisers(manager: Page, advisers: Mapping[str, str]) -> None:
    """Choose the adviser of each of these buyers, and save once."""
    manager.goto("/programmes/cesar/advisers")
    for organisation, adviser in advisers.items():
        manager.get_by_label(f"Conseiller de {organisation}", exact=True).select_option(label=adviser)
    press(manager, "Enregistrer")
    said(manager, "C’est enregistré")
    for organisation, adviser in advisers.items():
        chosen = manager.get_by_label(f"Conseiller de {organisation}", exact=True).locator("option:checked")
        expect(chosen).to_have_text(adviser)


def publish_times(adviser: Page, today: date) -> None:
    """Earlier in the morning than any that the demonstration has."""
    adviser.goto("/appointments/slots")
    when_and_where(adviser, today + timedelta(days=7), ("07:30", "08:15"))
    press(adviser, "Publier")
    said(adviser, "07:30 – 08:15")


def book(buyer: Page) -> None:
    buyer.goto("/appointments/book")
    buyer.locator("main [name=slot_id]").first.check()
    buyer.locator("#field-subject").fill("Notre premier marché avec un critère local")
    press(buyer, "Réserver ce créneau")
    expect(buyer).to_have_url(re.compile(r"/appointments/[\w-]+$"))
    expect(main(buyer)).to_contain_text("Notre premier marché avec un critère local")


def milestones(manager: Page) -> dict[str, list[str]]:
    """What each buyer of the cohort has reached, as the cockpit shows it."""
    manager.goto(f"{COHORT_PAGE}/cockpit?sort=name")
    rows = manager.locator("#results tbody tr")
    reached = """row => [...row.querySelectorAll("td.wide-only")]
        .filter(cell => cell.querySelector(".tag--success")).map(cell => cell.dataset.label)"""
    return {row.locator("th a").inner_text(): row.evaluate(reached) for row in rows.all()}


def complete(manager: Page) -> None:
    manager.goto(COHORT_PAGE)
    press(manager, "Terminer la promotion")
    expect(manager.get_by_role("button", name="Terminer la promotion")).to_have_count(0)
