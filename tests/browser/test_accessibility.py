"""Every page is for everybody: WCAG 2.1 AA, small screens, light and dark, slow lines, no script.

The pages are found by following links, so that a new page is looked at from its first day.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser.conftest import sign_in
from tests.browser.lived_in import EVERYBODY, VISITOR, LivedIn, a_supplier, lived_in
from tests.browser.test_newcomers_way import SUPPLIER
from tests.support.browser import open_page
from tests.support.crawl import crawl

NO_SUCH_PAGE = "/nowhere"
# Of the mails, one of each kind of page is read: for visitors that of an invited supplier.
FIRST_PAGES = {VISITOR: (f"/mailbox?q={SUPPLIER}", "/", NO_SUCH_PAGE, "/sign-in/sent")}
USED_LINK = re.compile("/sign-in/[^/]{25,}$")  # from a mail that has signed somebody in

CRITERIA = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast"]}
# The parts of a page, by element and class. Pages made of the same parts are examined once.
PARTS = """selector => [...new Set([...document.querySelectorAll(selector + " *")]
    .map(part => part.tagName + "." + part.getAttribute("class")))].sort().join(" ")"""
DESKTOP, PHONE, SMALLEST = (1280, 800), (390, 844), (320, 640)  # 320: WCAG 2.1, criterion 1.4.10


@pytest.fixture(scope="module")
def product(
    demonstration: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LivedIn]:
    with lived_in(demonstration, tmp_path_factory.mktemp("lived-in") / "data", browser) as product:
        yield product


@pytest.fixture(scope="module")
def examined() -> set[str]:
    """The parts of all pages that have been examined so far."""
    return set()


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_can_be_reached_read_and_used(
    product: LivedIn, browser: Browser, who: str, examined: set[str]
) -> None:
    faults: list[str] = []
    with open_page(browser, product.site.url, session=product.sessions[who]) as page:
        for response in crawl(page, FIRST_PAGES.get(who, ("/",))):
            found = list(faults_of_any(page, response))
            parts = {str(page.evaluate(PARTS, selector)) for selector in ("header", "main")}
            if not parts <= examined:
                examined |= parts
                found += faults_of_new(page)
            faults += [f"{response.url}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)


def faults_of_any(page: Page, response: Response) -> Iterator[str]:
    """What is wrong with the page that is shown, of what can be wrong with each."""
    expected = 404 if response.url.endswith(NO_SUCH_PAGE) else 410 if USED_LINK.search(response.url) else 200
    if response.status != expected:
        yield f"answers {response.status}"
    if page.locator("h1").count() != 1:
        yield f"has {page.locator('h1').count()} first headings"
    if not page.title().strip(" –").removesuffix("Cesar").strip(" –"):
        yield "has no title of its own"
    page.set_viewport_size({"width": SMALLEST[0], "height": SMALLEST[1]})
    hidden = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if hidden > 0:
        yield f"scrolls sideways by {hidden} px at 320 px"
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def faults_of_new(page: Page) -> Iterator[str]:
    """What is wrong with the page that is shown, as axe sees it."""
    for size, dark, rules in (
        (DESKTOP, False, CRITERIA),
        (DESKTOP, True, COLOURS),
        (PHONE, True, COLOURS),
        (PHONE, False, CRITERIA),
    ):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
        if found.violations_count:
            yield f"{size[0]} px wide, {'dark' if dark else 'light'}: {found.generate_report()}"
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybodys_home_is_there_after_less_than_100_kb(
    product: LivedIn, browser: Browser, who: str
) -> None:
    received: list[Response] = []
    with open_page(browser, product.site.url, session=product.sessions[who]) as page:
        page.on("response", lambda response: received.append(response))
        page.goto("/")
        page.wait_for_load_state()
        sizes = {each.url: each.request.sizes()["responseBodySize"] for each in received}
    assert len(sizes) >= 3  # the page, its style, its script
    assert sum(sizes.values()) < 100_000, sizes


def test_without_script_a_supplier_signs_in_and_answers(product: LivedIn, browser: Browser) -> None:
    with open_page(browser, product.site.url, session=product.sessions["adviser"]) as adviser:
        address = a_supplier(adviser, "assigned")
    with open_page(browser, product.site.url, phone=True, javascript=False) as page:
        sign_in(product.site, page, address)
        page.get_by_role("main").get_by_role("link", name="Commencer").click()
        answers = page.get_by_role("radio")
        answers.last.check()
        page.get_by_role("button", name="Continuer").last.click()
        expect(page).to_have_url(re.compile("/questions/2$"))
        page.get_by_role("button", name="Retour").click()
        expect(answers.last).to_be_checked()


def test_without_script_a_buyer_applies(product: LivedIn, browser: Browser) -> None:
    with open_page(browser, product.site.url, javascript=False) as page:
        page.goto("/")
        page.get_by_role("link", name=re.compile("Candidater")).first.click()
        page.get_by_label("Nom de votre organisation").fill("Hôpital du Bassin de Thau")
        page.get_by_label("Un acheteur public").check()
        page.get_by_label("Vos prénom et nom").fill("Inès Mourgues")
        page.get_by_label("Votre adresse électronique").fill("ines.mourgues@hopital-thau.example")
        page.get_by_role("button", name="Envoyer la candidature").click()
        expect(page.get_by_role("alert")).to_contain_text("Un point à corriger")
        expect(page.get_by_label("Vos prénom et nom")).to_have_value("Inès Mourgues")
        page.get_by_label("Pourquoi vous candidatez").fill("Acheter plus près.")
        page.get_by_role("button", name="Envoyer la candidature").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("votre candidature est bien arrivée")


def test_a_page_that_was_left_open_too_long_loses_nothing(product: LivedIn, browser: Browser) -> None:
    with open_page(browser, product.site.url, session=product.sessions["manager"]) as page:
        page.goto("/suppliers/invite")
        page.get_by_label("Nom de l’entreprise").fill("Vergers du Salagou")
        page.get_by_label("Prénom et nom du contact").fill("Lise Cabrol")
        page.get_by_label("Adresse électronique du contact").fill("lise@vergers-salagou.example")
        session = page.context.cookies()
        page.context.clear_cookies()
        page.get_by_role("button", name="Envoyer l’invitation").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Votre session a pris fin")
        with page.expect_popup() as other_tab:
            page.get_by_role("link", name="Se connecter, dans un nouvel onglet").click()
        expect(other_tab.value).to_have_url(re.compile("/sign-in"))
        page.context.add_cookies(session)
        page.get_by_role("button", name="Envoyer ma saisie").click()
        expect(page.get_by_role("main")).to_contain_text("Vergers du Salagou est invité")
