"""What happens between a call for applications and signed agreements, as people do it in the browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from services.console.demo.cast import BUYERS
from services.console.demo.cast import Buyer as CastBuyer
from services.console.demo.synthetic_siret import synthetic_siret

COHORT, EARLIER = "2025", "2023"
COHORT_PAGE = f"/programmes/cesar/cohorts/{COHORT}"
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
    def email(self) -> str:
        return self.buyer.contact.email

    @property
    def siret(self) -> str:
        return synthetic_siret(95_000 + self.number)


APPLICANTS = [
    Applicant(buyer, number)
    for number, buyer in enumerate(BUYERS)
    if buyer.key in ("sete-agglopole", "suez", "mauguio", "biotope", "clermontais")
]


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def press(page: Page, name: str) -> None:
    """Press a button, and say yes when the page asks once more."""
    main(page).get_by_role("button", name=name).first.click()
    asked = page.locator("dialog[open] button[value=yes], dialog[open] .button--primary")
    if asked.count():
        asked.last.click()


def said(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_text(words).first).to_be_visible()


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
    page.locator("#field-contact_name").fill(applicant.buyer.contact.name)
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


def open_application(manager: Page, applicant: Applicant) -> str:
    """The address of the application, which the manager now reads."""
    manager.goto(COHORT_PAGE)
    main(manager).get_by_role("link", name=applicant.name, exact=True).click()
    expect(manager).to_have_url(re.compile("/applications/"))
    return manager.url


def hand_back(manager: Page) -> None:
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


def invite_to_the_jury(manager: Page, name: str, email: str) -> None:
    manager.goto(f"{COHORT_PAGE}/jury")
    manager.locator("#field-name").fill(name)
    manager.locator("#field-email").fill(email)
    press(manager, "Inviter")
    said(manager, f"{name} fait partie du jury")


def remove_from_the_jury(manager: Page, name: str) -> None:
    manager.goto(f"{COHORT_PAGE}/jury")
    press(manager, f"Retirer {name}")
    said(manager, f"{name} ne fait plus partie du jury")


def score_all(juror: Page, best: list[str], *, too_close_to: str | None = None) -> None:
    """Score each application, the first of ``best`` highest, and stay out of one."""
    juror.goto("/jury")
    for place, name in enumerate(best):
        juror.get_by_role("link", name=name, exact=True).click()
        if name == too_close_to:
            press(juror, "J’ai un conflit d’intérêts")
            said(juror, "Vous restez à l’écart")
            continue
        for criterion in ("c1", "c2", "c3", "c4"):
            juror.locator(f"[name='scores.{criterion}'][value='{max(1, 5 - place)}']").check()
        press(juror, "Enregistrer mes notes")
        said(juror, "vos notes sont complètes")
        juror.goto("/jury")


def decide_in_one_sitting(manager: Page, verdicts: dict[str, str]) -> None:
    manager.goto(COHORT_PAGE)
    press(manager, "Clore l’appel et lancer l’examen")
    expect(manager.get_by_role("button", name="Clore l’appel et lancer l’examen")).to_have_count(0)
    manager.goto(f"{COHORT_PAGE}/decisions")
    names = manager.locator("main form tbody tr a").all_inner_texts()
    assert names == list(verdicts), "the ranking is that of the scores"
    for name, verdict in verdicts.items():
        row = manager.locator("main form tbody tr", has=manager.get_by_role("link", name=name, exact=True))
        row.locator("select").select_option(verdict)
        if verdict == "decline":
            row.locator("input").fill("Le territoire est déjà couvert cette année.")
    press(manager, "Confirmer toutes les décisions")
    said(manager, re.compile(f"{len(verdicts)} candidatures sont décidées"))


def withdraw(buyer: Page, address: str) -> None:
    buyer.goto(address)
    press(buyer, "Retirer la candidature")
    said(buyer, "Votre candidature est retirée")


def take_the_offered_place(buyer: Page, address: str, siret: str) -> None:
    buyer.goto(address)
    said(buyer, "Une place est libre pour vous")
    press(buyer, "Je prends la place")
    said(buyer, "La place est à vous")
    buyer.locator("#field-siret").fill(siret)
    press(buyer, "Enregistrer")
    said(buyer, "votre SIRET est noté")


def sign_the_agreement(manager: Page, buyer: Page, address: str, name: str) -> None:
    """Proposed, signed by both and downloaded: with the buyer's name in it."""
    page = f"{address}/agreement"
    manager.goto(page)
    press(manager, "Proposer la convention")
    for party in (buyer, manager):
        party.goto(page)
        party.locator("[name=agrees]").check()
        press(party, "Signer")
        said(party, "Merci, la convention est signée")
    with buyer.expect_download() as download:
        buyer.locator("main a[href*='/agreement/documents/']").first.click()
    text = "".join(
        page.extract_text() for page in PdfReader(BytesIO(download.value.path().read_bytes())).pages
    )
    assert name in text.replace("\n", " ")


def note_signed_elsewhere(manager: Page, address: str) -> None:
    manager.goto(address)
    press(manager, "Elle a été signée ailleurs")
    said(manager, "Convention signée")
