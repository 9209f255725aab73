"""A year of the programme through its pages: no spreadsheet beside it, and nothing but the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from services.chassis.web.work import LOCAL_TIME
from tests.browser import year_of_buyers as buyers
from tests.browser import year_of_meetings as meetings
from tests.browser import year_of_suppliers as suppliers
from tests.browser.conftest import ADVISER, MANAGER, Site, sign_in
from tests.support.browser import open_page

ODILE, BRUNO, CHLOE = "odile.marquefave@jury.example", "bruno.castan@jury.example", "chloe@jury.example"
Open = Callable[[str | None], Page]


@pytest.fixture
def page_of(embedded_site: Site, browser: Browser) -> Iterator[Open]:
    """A browser of their own for each person, in which they have signed in; for None, a visitor's."""
    with ExitStack() as stack:

        def open_for(email: str | None) -> Page:
            page = stack.enter_context(open_page(browser, embedded_site.url))
            if email:
                sign_in(embedded_site, page, email)
            return page

        yield open_for


def test_a_year_goes_by(embedded_site: Site, page_of: Open) -> None:
    site, today = embedded_site, datetime.now(LOCAL_TIME).date()
    sète, mauguio, suez, clermontais, biotope = buyers.APPLICANTS
    visitor, manager = page_of(None), page_of(MANAGER)

    # The call: last year's, opened; four apply at once, the fifth by way of a draft with a file.
    buyers.plan_from_an_earlier_year(manager, places=2)
    buyers.open_call(manager, today)
    for applicant in (sète, mauguio, suez, clermontais):
        buyers.apply_at_once(visitor, applicant, with_siret=applicant is sète)
    buyers.begin_a_draft(visitor, biotope)
    site.postbox.open_link(visitor, biotope.email, "continuer votre candidature", "/drafts/")
    buyers.finish_the_draft(visitor, biotope)
    site.postbox.expect_mail(visitor, biotope.email, "bien arrivée")
    addresses = {each: buyers.open_application(manager, each) for each in buyers.APPLICANTS}
    manager.goto(addresses[mauguio])
    buyers.hand_back(manager)
    mauguio_page = page_of(mauguio.email)
    buyers.correct(mauguio_page, addresses[mauguio])

    # The jury: one is too close to one applicant, one is removed again.
    for name, email in (("Odile Marquefave", ODILE), ("Bruno Castan", BRUNO), ("Chloé Vidal", CHLOE)):
        buyers.invite_to_the_jury(manager, name, email)
    names = [each.name for each in (mauguio, sète, suez, clermontais, biotope)]
    buyers.score_all(page_of(ODILE), names)
    buyers.score_all(page_of(BRUNO), names, too_close_to=clermontais.name)
    buyers.score_all(page_of(CHLOE), list(reversed(names)))
    buyers.remove_from_the_jury(manager, "Chloé Vidal")
    verdicts = ("accept", "accept", "waitlist", "decline", "decline")
    buyers.decide_in_one_sitting(manager, dict(zip(names, verdicts, strict=True)))

    # A place becomes free and goes to the one who waits; agreements are signed here and elsewhere.
    buyers.withdraw(mauguio_page, addresses[mauguio])
    suez_page = page_of(suez.email)
    buyers.take_the_offered_place(suez_page, addresses[suez], suez.siret)
    buyers.sign_the_agreement(manager, suez_page, addresses[suez], suez.name)
    buyers.note_signed_elsewhere(manager, addresses[sète])

    # Workshops: one to come, with a place taken, and one that goes on now, whose attendance is a proof.
    meetings.start(manager)
    meetings.schedule_workshop(manager, "Acheter local", today + timedelta(days=10), ("09:00", "12:00"))
    meetings.take_a_place(suez_page, "Acheter local")
    site.postbox.expect_mail(suez_page, suez.email, "Votre place à l’atelier")
    held = meetings.schedule_workshop(manager, "Lancement", today, ("00:00", "23:59"))
    contact = suez.buyer.contact
    meetings.register(manager, held, suez.name, contact.name, contact.email)
    meetings.register(manager, held, sète.name, "Inès Combes", "ines@sete-agglopole.example")
    meetings.register(manager, held, sète.name, "Marc Absent", "marc@sete-agglopole.example")
    meetings.come_by_code(manager, suez_page, held)
    sheet = meetings.close_by_list(manager, held, ["Inès Combes"])
    assert all(name in sheet for name in (contact.name, "Inès Combes", "Marc Absent", "2 sur 3"))

    # An appointment with the adviser, and both in the calendar program.
    meetings.assign_adviser(manager, suez.name, "Julien Valmary")
    meetings.publish_times(page_of(ADVISER), today)
    meetings.book(suez_page)
    feed = meetings.follow_by_calendar(suez_page)
    assert all(words in feed for words in ("BEGIN:VEVENT", "Acheter local", "premier marché"))

    # Suppliers from two files, of which one names a farm that the other has too.
    suppliers.import_suppliers(manager, "Fichier FRS.xlsx", suppliers.UGLY_WORKBOOK)
    wrong = suppliers.wrong_rows(manager)
    assert ["Sans adresse" in wrong[0], "Mauvais numéro" in wrong[1], len(wrong)] == [True, True, 2]
    suppliers.import_suppliers(manager, "export.csv", suppliers.OLD_CSV)
    for name in (suppliers.FARM, suppliers.BAKERY, "Élevage de l’Étang"):
        suppliers.is_listed(manager, name)
    suppliers.merge_and_undo(manager)
