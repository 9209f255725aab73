"""The way that a newcomer takes, from the open call to the moved dashboard, with nothing but the browser."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ADVISER, MANAGER, Site, sign_in
from tests.browser.year_of_meetings import assign_advisers
from tests.support.browser import open_page

BUYER = "camille.roquelaure@vallee-orb.example"
SUPPLIER = "aime.ferrieres@jardins-orb.example"
BUYERS_NAME = "Communauté de communes de la Vallée d’Orb"
SUPPLIERS_NAME = "Les Jardins d’Aimé"


def test_the_programme_runs_from_the_call_to_the_dashboard(site: Site, browser: Browser) -> None:
    with (
        open_page(browser, site.url) as manager,
        open_page(browser, site.url) as buyer,
        open_page(browser, site.url, phone=True) as supplier,
        open_page(browser, site.url) as adviser,
    ):
        sign_in(site, manager, MANAGER)
        open_the_call(manager)
        apply(buyer)
        site.postbox.expect_mail(buyer, BUYER, "candidature")
        accept(manager)
        assign_advisers(manager, {BUYERS_NAME: "Julien Valmary"})
        sign_in(site, buyer, BUYER)
        invite(buyer)

        manager.goto("/reporting/")
        take_part(site, supplier)
        answer_everything(supplier)
        submit(supplier)
        # Without a reload: the page follows the programme.
        expect(manager.get_by_text(f"{SUPPLIERS_NAME} a envoyé son état des lieux").first).to_be_visible()

        share(supplier)
        site.postbox.expect_mail(supplier, BUYER, "partage son résultat")
        see_what_was_shared(buyer)
        sign_in(site, adviser, ADVISER)
        review(adviser)
        every_mail_of_the_way_has_arrived(site, adviser)


def open_the_call(manager: Page) -> None:
    manager.goto("/")
    if manager.get_by_role("link", name="Ouvrir l’appel").count() == 0 and is_planned(manager):
        return  # the demonstration has opened it
    if not is_planned(manager):
        manager.get_by_role("link", name="Créer une promotion").first.click()
        manager.locator("#field-label").fill("2024")
        manager.get_by_role("main").get_by_role("button").first.click()
        manager.goto("/")
    manager.get_by_role("link", name="Ouvrir l’appel").click()
    manager.get_by_role("button", name="Ouvrir l’appel").click()
    expect(manager.get_by_text("L’appel à candidatures est ouvert").first).to_be_visible()


def is_planned(manager: Page) -> bool:
    return manager.get_by_role("link", name="2024", exact=True).count() > 0


def apply(buyer: Page) -> None:
    buyer.goto("/")
    buyer.get_by_role("link", name=re.compile("Candidater")).first.click()
    buyer.get_by_role("button", name="Envoyer la candidature").click()
    expect(buyer.get_by_role("alert")).to_be_visible()  # an empty form says what is missing
    buyer.locator("#field-organisation_name").fill(BUYERS_NAME)
    buyer.get_by_text("Un acheteur public").click()
    buyer.locator("#field-commune").fill("bedarieux")
    buyer.locator("#field-contact_name").fill("Camille Roquelaure")
    buyer.locator("#field-contact_email").fill(BUYER)
    buyer.locator("#field-motivation").fill("Nos cantines doivent passer au bio et au local.")
    buyer.get_by_role("button", name="Envoyer la candidature").click()
    expect(buyer).to_have_url(re.compile("/received"))


def accept(manager: Page) -> None:
    manager.goto("/")
    manager.get_by_role("link", name="2024", exact=True).click()
    manager.get_by_role("link", name=BUYERS_NAME).click()
    manager.locator("input[name=decision][value=accept]").check()
    manager.get_by_role("button", name="Confirmer").click()
    manager.locator("dialog[open] button[value=yes]").click()
    expect(manager.get_by_role("main")).to_contain_text("Acceptée")


def invite(buyer: Page) -> None:
    buyer.goto("/suppliers/invite")
    buyer.locator("#field-organisation_name").fill(SUPPLIERS_NAME)
    buyer.locator("#field-commune").fill("Bédarieux (34)")
    buyer.locator("#field-contact_name").fill("Aimé Ferrières")
    buyer.locator("#field-contact_email").fill(SUPPLIER)
    buyer.locator("#field-siret").fill("123 456 789 00012")
    buyer.get_by_role("main").get_by_role("button").first.click()
    expect(buyer.get_by_role("alert")).to_contain_text("SIRET")
    expect(buyer.locator("#field-organisation_name")).to_have_value(SUPPLIERS_NAME)  # nothing typed is lost
    buyer.locator("#field-siret").fill("")
    buyer.get_by_role("main").get_by_role("button").first.click()
    expect(buyer.get_by_role("main")).to_contain_text(SUPPLIERS_NAME)


def take_part(site: Site, supplier: Page) -> None:
    site.postbox.open_link(supplier, SUPPLIER, "vous invite", "/invitations/")
    supplier.locator("#field-agrees").check()
    supplier.get_by_role("main").get_by_role("button").first.click()
    expect(supplier).to_have_url(re.compile("/assessment/"))


def answer_everything(supplier: Page) -> None:
    start = supplier.get_by_role("main").get_by_role("link", name=re.compile("Commencer|Reprendre"))
    for _ in range(50):  # the questionnaire is assigned by an event, a moment after the supplier took part
        if start.count():
            break
        supplier.wait_for_timeout(100)
        supplier.reload()
    start.first.click()
    while "/questions/" in supplier.url:
        page = supplier.url
        answer_this_page(supplier)
        supplier.get_by_role("button", name="Continuer").last.click()
        supplier.wait_for_url(lambda url, page=page: url != page)


def answer_this_page(supplier: Page) -> None:
    """Choose the first answer of each question and write something where words or a number are asked for."""
    answered: set[str] = set()
    for _ in range(20):  # an answer may bring up another question
        for control in supplier.locator("main form input, main form textarea").all():
            name, kind = control.get_attribute("name"), control.get_attribute("type")
            if not name or name in answered or kind in ("hidden", "file") or not control.is_visible():
                continue
            answered.add(name)
            if kind in ("radio", "checkbox"):
                control.check()
            elif "reason" not in name:
                control.fill(
                    "3" if kind == "number" or control.get_attribute("inputmode") else "Nos voisins."
                )
            break
        else:
            return


def submit(supplier: Page) -> None:
    expect(supplier).to_have_url(re.compile("/summary"))
    supplier.get_by_role("button", name=re.compile("Envoyer")).first.click()
    confirm = supplier.locator("dialog[open] button").last
    if confirm.count():
        confirm.click()
    supplier.wait_for_url(lambda url: "/summary" not in url)


def share(supplier: Page) -> None:
    supplier.goto("/assessment/")
    supplier.get_by_role("link", name=re.compile("[Pp]artage")).first.click()
    supplier.get_by_role("main").get_by_text("niveau", exact=False).first.click()
    supplier.get_by_role("main").get_by_role("button", name=re.compile("Partager|Enregistrer")).first.click()


def see_what_was_shared(buyer: Page) -> None:
    buyer.goto("/assessment/shared")
    buyer.get_by_role("link", name=SUPPLIERS_NAME).click()
    expect(buyer.get_by_role("main")).to_contain_text("Niveau")


def review(adviser: Page) -> None:
    adviser.goto("/assessment/reviews")
    expect(adviser.get_by_role("link", name=SUPPLIERS_NAME)).to_be_visible()


def every_mail_of_the_way_has_arrived(site: Site, page: Page) -> None:
    for address, subject in (
        (BUYER, "candidature"),
        (BUYER, "rejoint C.E.S.A.R."),
        (BUYER, "lien pour vous connecter"),
        (MANAGER, "candidature"),
        (SUPPLIER, "vous invite"),
        (SUPPLIER, "Bienvenue"),
        (SUPPLIER, "Merci"),
        (ADVISER, SUPPLIERS_NAME),
        (BUYER, "partage son résultat"),
    ):
        site.postbox.expect_mail(page, address, subject)
