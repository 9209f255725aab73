"""Somebody takes a copy of their data along and leaves: through pages and mails, as people do it."""

import json
import re
from pathlib import Path
from zipfile import ZipFile

from playwright.sync_api import Browser, expect

from tests.browser.conftest import ADVISER, MANAGER, Site, sign_in
from tests.support.browser import open_page

NAME = "Julien Valmary"


def test_a_copy_then_an_erasure(embedded_site: Site, browser: Browser, tmp_path: Path) -> None:
    site = embedded_site
    with open_page(browser, site.url, phone=True) as page:
        sign_in(site, page, ADVISER)
        page.goto("/account/data")
        page.get_by_role("button", name="Demander ma copie").click()
        site.postbox.expect_mail(page, ADVISER, "copie de vos données")
        page.goto("/account/data")
        with page.expect_download() as download:
            page.get_by_role("link", name="Télécharger ma copie").click()
        copy = tmp_path / "copy.zip"
        download.value.save_as(copy)
        with ZipFile(copy) as archive:
            held = json.loads(archive.read("cesar/enrolment.json"))
            assert NAME in archive.read("cesar/index.html").decode()
        assert "Votre compte" in {section["title"] for section in held["sections"]}

        page.get_by_role("button", name="Demander l’effacement de mes données").click()
        site.postbox.open_link(page, ADVISER, "Confirmez", "/account/data/erasure/")
        page.get_by_role("button", name="Oui, effacer mes données").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Merci, c’est noté")

        with open_page(browser, site.url) as team:
            sign_in(site, team, MANAGER)
            team.goto("/privacy/requests")
            team.get_by_role("link", name=NAME).click()
            team.get_by_role("button", name="Effacer cette personne").click()
            team.get_by_role("button", name="Continuer").click()
            done = team.get_by_role("listitem").filter(has_text="a effacé")
            expect(done).to_have_count(4, timeout=20_000)
            site.postbox.expect_mail(team, ADVISER, "Vos données sont effacées")
            team.goto(f"/mailbox?q={ADVISER}")
            expect(team.locator(".mail-list a")).to_have_count(1)  # the last one, that says so

        page.goto("/account/data")
        expect(page).to_have_url(re.compile("/sign-in"))
