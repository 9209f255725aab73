"""A year of the programme with its twenty buyers: no spreadsheet beside it, and nothing but the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from services.chassis.web.work import LOCAL_TIME
from tests.browser import year_of_agreements as agreements
from tests.browser import year_of_applicants as call
from tests.browser import year_of_decisions as decisions
from tests.browser import year_of_meetings as meetings
from tests.browser import year_of_suppliers as suppliers
from tests.browser.conftest import ADVISER, MANAGER, Site, sign_in
from tests.browser.year_of_applicants import APPLICANTS, applicants
from tests.support.browser import open_page

ODILE, BRUNO, CHLOE = "odile.marquefave@jury.example", "bruno.castan@jury.example", "chloe@jury.example"
NAMES = [applicant.name for applicant in APPLICANTS]
PLACES, ON_THE_WAITING_LIST = 10, 4
# What two members of the jury think of the twenty, in the order of the cast: five times three of them are
# tied, once across the last place.
MARKS_OF_ODILE = {name: 5 - number // 4 for number, name in enumerate(NAMES)}
MARKS_OF_BRUNO = {name: 5 - (number + 1) // 4 for number, name in enumerate(NAMES)}
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
    sète, mauguio, purple, suez, aéroport, buesa = applicants(
        "sete-agglopole", "mauguio", "purple", "suez", "aeroport-montpellier", "buesa"
    )
    caf, chu, métropole, béziers = applicants(
        "caf-herault", "chu-montpellier", "montpellier-metropole", "beziers-mediterranee"
    )
    rochette, clermontais, biotope, technilum = applicants(
        "rochette-industrie", "clermontais", "biotope", "technilum"
    )
    visitor, manager = page_of(None), page_of(MANAGER)

    # The call: last year's, opened; eighteen apply at once, two by way of a draft with a file.
    call.plan_from_an_earlier_year(manager, PLACES)
    call.open_call(manager, today)
    for applicant in APPLICANTS:
        if applicant not in (biotope, technilum):
            call.apply_at_once(visitor, applicant, with_siret=applicant not in (suez, caf))
    for applicant in (biotope, technilum):
        call.begin_a_draft(visitor, applicant)
        site.postbox.open_link(visitor, applicant.email, "continuer votre candidature", "/drafts/")
        call.finish_the_draft(visitor, applicant)
    site.postbox.expect_mail(visitor, biotope.email, "bien arrivée")
    address = call.addresses_of_applications(manager)
    assert sorted(address) == sorted(NAMES)
    call.hand_back(manager, address[mauguio.name])
    mauguio_page = page_of(mauguio.email)
    call.correct(mauguio_page, address[mauguio.name])

    # The jury: one is too close to one applicant, one is removed again.
    for name, email in (("Odile Marquefave", ODILE), ("Bruno Castan", BRUNO), ("Chloé Vidal", CHLOE)):
        decisions.invite_to_the_jury(manager, name, email)
    decisions.score(page_of(ODILE), MARKS_OF_ODILE)
    far_enough = {name: mark for name, mark in MARKS_OF_BRUNO.items() if name != clermontais.name}
    decisions.score(page_of(BRUNO), far_enough, too_close_to=clermontais.name)
    decisions.score(page_of(CHLOE), {aéroport.name: 0, biotope.name: 5})
    decisions.remove_from_the_jury(manager, "Chloé Vidal")

    # One sitting for all twenty. The ranking shows that the last place is a tie, which the manager breaks.
    decisions.close_the_call(manager)
    ranking, tied = decisions.read_ranking(manager)
    assert ranking == NAMES
    assert [rochette.name in tied, caf.name in tied, mauguio.name in tied] == [True, True, False]
    in_order = iter(ranking)
    verdicts = {next(in_order): "accept" for _place in range(PLACES)}
    verdicts |= {next(in_order): "waitlist" for _place in range(ON_THE_WAITING_LIST)}
    verdicts |= dict.fromkeys(in_order, "decline")
    decisions.decide_in_one_sitting(manager, verdicts)

    # Two places become free. The first who waits takes hers, the second leaves his to the third.
    decisions.withdraw(mauguio_page, address[mauguio.name])
    caf_page = page_of(caf.email)
    decisions.take_the_offered_place(caf_page, address[caf.name])
    call.add_siret(caf_page, address[caf.name], caf.siret)
    decisions.withdraw(page_of(buesa.email), address[buesa.name])
    decisions.leave_it_to_others(page_of(chu.email), address[chu.name])
    métropole_page = page_of(métropole.email)
    decisions.take_the_offered_place(métropole_page, address[métropole.name])
    state = decisions.states(manager)
    taking_part = [each for each in APPLICANTS if state[each.name] == "Acceptée"]
    assert len(taking_part) == PLACES
    assert [state[each.name] for each in (buesa, chu, béziers, clermontais)] == [
        "Retirée",
        "Retirée",
        "Sur liste d’attente",
        "Refusée",
    ]

    # Agreements: proposed to all at once; three are signed here, two on paper, the others elsewhere.
    suez_page = page_of(suez.email)
    agreements.propose_to_all(manager, 9, without_siret=[suez.name])
    call.add_siret(suez_page, address[suez.name], suez.siret)
    agreements.propose_to_all(manager, 1, without_siret=[])
    aéroport_page = page_of(aéroport.email)
    signed_here = {suez: suez_page, caf: caf_page, métropole: métropole_page}
    signed_on_paper = {purple: page_of(purple.email), aéroport: aéroport_page}
    for buyer, page in signed_here.items():
        agreements.sign(page, address[buyer.name])
    for buyer, page in signed_on_paper.items():
        agreements.send_a_signed_copy(page, address[buyer.name], buyer.contact)
    for buyer in taking_part:
        if buyer in signed_here or buyer in signed_on_paper:
            agreements.sign(manager, address[buyer.name])
        else:
            agreements.note_signed_elsewhere(manager, address[buyer.name])
    assert suez.name in agreements.read(suez_page, address[suez.name])

    # A workshop to come: it is full, so people wait, and move up when somebody gives a place back.
    meetings.start(manager)
    soon = meetings.schedule_workshop(
        manager, "Acheter local", today + timedelta(days=10), ("09:00", "12:00"), places=8
    )
    meetings.take_a_place(suez_page, "Acheter local")
    site.postbox.expect_mail(suez_page, suez.email, "Votre place à l’atelier")
    meetings.register_all_contacts(manager, soon, placed=7, waiting=2)
    meetings.bring_a_colleague(suez_page, soon, "Léa Colas", "lea.colas@suez.example")
    meetings.give_the_place_back(aéroport_page, soon)
    site.postbox.expect_mail(visitor, rochette.email, "Votre place à l’atelier")

    # Another goes on now: some come by the code on the screen.
    hours = ("00:00", meetings.in_two_minutes())
    held = meetings.schedule_workshop(manager, "Lancement", today, hours, places=20)
    meetings.register_all_contacts(manager, held, placed=PLACES)
    meetings.register(manager, held, sète.name, "Marc Absent", "marc@sete-agglopole.example")
    for page in (suez_page, caf_page):
        meetings.come_by_code(manager, page, held)

    # Each has an adviser; an appointment with one of them, and all of it in the calendar program.
    halves = {each.name: "Nadia Ferhaoui" for each in taking_part} | {
        each.name: "Julien Valmary" for each in (sète, suez, caf, métropole, rochette)
    }
    meetings.assign_advisers(manager, halves)
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

    # Meanwhile the workshop is over: the others came by the list, and the sheet is a proof.
    on_the_list = [each.contact for each in taking_part if each not in (suez, caf, rochette)]
    sheet = meetings.close_by_list(manager, held, on_the_list)
    expected = [each.contact for each in taking_part] + ["Marc Absent", "9 sur 11"]
    assert [words for words in expected if words not in sheet] == []

    # What the year has made of the ten; the one who still waits is none of them; and then it is over.
    reached = meetings.milestones(manager)
    assert set(reached) == {each.name for each in taking_part}
    with_agreement = {name for name, steps in reached.items() if "Convention" in steps}
    at_a_workshop = {name for name, steps in reached.items() if "Atelier" in steps}
    assert with_agreement == {each.name for each in taking_part}
    assert at_a_workshop == with_agreement - {rochette.name}
    decisions.decline(manager, address[béziers.name])
    meetings.complete(manager)
    state = decisions.states(manager)
    assert {state[each.name] for each in taking_part} == {"Terminée"}
