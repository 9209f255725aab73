"""A call for applications, and what the twenty real buyers hand in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from services.console.demo.cast import BUYERS
from services.console.demo.cast import Buyer as CastBuyer
from services.console.demo.synthetic_siret import synthetic_siret
from tests.browser.year_pages import COHORT, COHORT_PAGE, EARLIER, main, press, said

LETTER = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@dataclass(frozen=True)
class Applicant:
    """One of the programme's real buyers, who applies once more. No SIRET of theirs is real."""

    buyer: CastBuyer
    number: int

    @property
    def name(self) -> str:
        return self.buyer.name

    @property
    def contact(self) -> str:
        return self.buyer.contact.name

    @property
    def email(self) -> str:
        return self.buyer.contact.email

    @property
    def siret(self) -> str:
        return synthetic_siret(95_000 + self.number)


APPLICANTS = [Applicant(buyer, number) for number, buyer in enumerate(BUYERS)]


def applicants(*keys: str) -> list[Applicant]:
    """Those with these keys of the cast, in this order."""
    known = {applicant.buyer.key: applicant for applicant in APPLICANTS}
    return [known[key] for key in keys]


def plan_from_an_earlier_year(manager: Page, places: int) -> None:
    manager.goto("/")
    manager.get_by_role("link", name="Créer une promotion").first.click()
    manager.locator("#field-label").fill(COHORT)
    manager.locator("#field-copy_from").select_option(EARLIER)
    manager.locator("#field-capacity").fill(str(places))
    press(manager, "Créer la promotion")
    said(manager, f"La promotion {COHORT} est créée")
    manager.get_by_role("link", name="Appel à candidatures").click()
    expect(manager.locator("[name=questions-0-label]")).to_have_value(re.compile("Montant annuel"))


def open_call(manager: Page, today: date) -> None:
    manager.goto(COHORT_PAGE)
    manager.locator("#field-call_opens_on").fill(today.isoformat())
    manager.locator("#field-call_closes_on").fill((today + timedelta(weeks=3)).isoformat())
    press(manager, "Ouvrir l’appel")
    said(manager, "L’appel à candidatures est ouvert")


def fill_in(page: Page, applicant: Applicant) -> None:
    page.locator("#field-organisation_name").fill(applicant.name)
    kind = "Un acheteur public" if applicant.buyer.legal_form == "public" else "Un acheteur privé"
    page.get_by_text(kind).click()
    page.locator("#field-contact_name").fill(applicant.contact)
    page.locator("#field-contact_email").fill(applicant.email)
    page.locator("#field-motivation").fill(f"{applicant.name} veut acheter mieux, et plus près.")
    page.locator("[name='answers.q1']").fill("1 250 000")


def apply_at_once(page: Page, applicant: Applicant, *, with_siret: bool) -> None:
    page.goto(f"{COHORT_PAGE}/apply")
    fill_in(page, applicant)
    if with_siret:
        page.locator("#field-siret").fill(applicant.siret)
    press(page, "Envoyer la candidature")
    expect(page).to_have_url(re.compile("/received"))


def begin_a_draft(page: Page, applicant: Applicant) -> None:
    page.goto(f"{COHORT_PAGE}/apply")
    page.locator("#field-contact_email").fill(applicant.email)
    page.locator("#field-motivation").fill("À finir avec la direction.")
    press(page, "Enregistrer et continuer plus tard")


def finish_the_draft(page: Page, applicant: Applicant) -> None:
    """On the page of the personal link: with a file, which stays when the form is saved, and then sent."""
    expect(page.locator("#field-motivation")).to_have_value("À finir avec la direction.")
    fill_in(page, applicant)
    letter = {"name": "Lettre d’engagement.pdf", "mimeType": "application/pdf", "buffer": LETTER}
    page.locator("[name='answers.q5']").set_input_files(letter)  # type: ignore[arg-type]
    press(page, "Enregistrer")
    said(page, "Lettre d’engagement.pdf")
    press(page, "Envoyer la candidature")
    expect(page).to_have_url(re.compile("/received"))


def addresses_of_applications(manager: Page) -> dict[str, str]:
    """Where each application is read, by the name of the applicant."""
    manager.goto(COHORT_PAGE)
    links = main(manager).locator("a[href*='/applications/']").all()
    return {link.inner_text(): link.get_attribute("href") or "" for link in links}


def hand_back(manager: Page, address: str) -> None:
    manager.goto(address)
    manager.locator("[name=decision][value=return]").check()
    manager.locator("#field-reason").fill("Dites qui portera le projet chez vous.")
    press(manager, "Confirmer la décision")
    said(manager, "À corriger")


def correct(buyer: Page, address: str) -> None:
    buyer.goto(address)
    said(buyer, "Dites qui portera le projet chez vous.")
    buyer.locator("[name='answers.q3']").fill("La directrice des achats, un jour par semaine.")
    press(buyer, "Déposer de nouveau")
    said(buyer, "Votre candidature est de nouveau déposée")


def add_siret(buyer: Page, address: str, siret: str) -> None:
    buyer.goto(address)
    buyer.locator("#field-siret").fill(siret)
    press(buyer, "Enregistrer")
    said(buyer, "Merci pour votre SIRET")
