"""Signing in by a link, and all the ways in which a link is no good, as people meet them."""

import re

from sqlalchemy import delete

from services.enrolment.domain.person import Person, Role, SignInLink
from services.enrolment.domain.user_session import UserSession
from services.enrolment.handlers import suppliers
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World


def newest_link(world: World) -> str:
    return str(world.told("sign_in.requested")[-1]["url"])


def test_the_answer_is_the_same_for_known_and_unknown_addresses(world: World, visit: Visit) -> None:
    known = visit().post("/sign-in", data={"email": HELENE})
    unknown = visit().post("/sign-in", data={"email": "nobody@example.example"})
    assert (known.status_code, known.headers["Location"]) == (303, "/sign-in/sent")
    assert (unknown.status_code, unknown.headers["Location"]) == (303, "/sign-in/sent")
    assert len(world.told("sign_in.requested")) == 1


def test_looking_at_a_link_does_not_use_it_up(world: World, visit: Visit) -> None:
    """Programs that check mails open every link."""
    browser = visit()
    browser.post("/sign-in", data={"email": HELENE})
    link = newest_link(world)
    for _ in range(2):
        assert browser.get(link).status_code == 200
    assert browser.post(link).status_code == 303
    assert "Hélène C." in browser.get("/").text


def test_a_link_leads_to_the_page_that_was_asked_for(world: World, visit: Visit) -> None:
    browser = visit()
    asked = browser.get("/suppliers?state=active")
    assert asked.status_code == 303
    form = browser.get(asked.headers["Location"]).text
    wanted = re.search(r'name="next" value="([^"]*)"', form)
    assert wanted is not None
    browser.post("/sign-in", data={"email": HELENE, "next": wanted[1]})
    assert browser.post(newest_link(world)).headers["Location"] == "/suppliers?state=active"


def test_a_link_never_leads_to_another_site(world: World, visit: Visit) -> None:
    browser = visit()
    browser.post("/sign-in", data={"email": HELENE, "next": "https://elsewhere.example/"})
    assert browser.post(newest_link(world)).headers["Location"] == "/"


def test_a_wrong_address_is_said_and_kept(visit: Visit) -> None:
    page = visit().post("/sign-in", data={"email": "claire(at)mauguio"})
    assert page.status_code == 422
    assert "Écrivez une adresse électronique" in page.text
    assert 'value="claire(at)mauguio"' in page.text


def test_a_used_link_offers_another_one(world: World, visit: Visit) -> None:
    visit(HELENE)
    link = newest_link(world)
    for page in (visit().get(link), visit().post(link)):
        assert page.status_code == 410
        assert "a déjà servi" in page.text
        assert 'name="email"' in page.text


def test_an_expired_link_offers_another_one(world: World, visit: Visit) -> None:
    browser = visit()
    browser.post("/sign-in", data={"email": HELENE})
    world.clock.move(minutes=21)
    for page in (browser.get(newest_link(world)), browser.post(newest_link(world))):
        assert page.status_code == 410
        assert "a expiré" in page.text
        assert 'name="email"' in page.text
    assert "Hélène C." not in browser.get("/").text


def test_a_mistyped_link_offers_another_one(visit: Visit) -> None:
    page = visit().get("/sign-in/not-a-link")
    assert page.status_code == 404
    assert 'name="email"' in page.text


def test_signing_out_ends_the_session(visit: Visit) -> None:
    browser = visit(HELENE)
    assert browser.post("/sign-out").status_code == 303
    assert browser.get("/suppliers").status_code == 303


def test_a_session_follows_what_the_person_may_do(world: World, visit: Visit) -> None:
    world.person("ana@mairie.example", Role.JURY, name="Ana Ruiz")
    jury = visit("ana@mairie.example")
    assert jury.get("/suppliers").status_code == 403
    world.person("ana@mairie.example", Role.ADVISER)
    jury.get("/")
    assert jury.get("/suppliers").status_code == 200


def invited(world: World) -> str:
    world.invite(world.buyer())
    return str(world.told("supplier.invited")[-1]["invitation_url"])


def test_an_invitation_says_who_invites_and_signs_in_who_accepts(world: World, visit: Visit) -> None:
    link, browser = invited(world), visit()
    page = browser.get(link)
    assert page.status_code == 200
    assert "Jardins du Lez" in page.text
    assert "Ville de Mauguio" in page.text
    assert 'value="Marie Vidal"' in page.text
    answer = browser.post(link, data={"name": "Marie Vidal", "agrees": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/assessment/")
    assert browser.get("/").headers["Location"] == "/assessment/"


def test_nobody_takes_part_without_agreeing_and_the_name_is_kept(world: World, visit: Visit) -> None:
    page = visit().post(invited(world), data={"name": "Marie Vidal-Roux"})
    assert page.status_code == 422
    assert "Cochez la case" in page.text
    assert 'value="Marie Vidal-Roux"' in page.text
    assert not world.told("supplier.enrolled")


def test_an_accepted_invitation_leads_to_the_sign_in(world: World, visit: Visit) -> None:
    link = invited(world)
    world.do(suppliers.accept_invitation, link.rsplit("/", 1)[-1], "Marie Vidal")
    answers = {"name": "Marie", "agrees": "1"}
    for page in (visit().get(link), visit().post(link, data=answers), visit().post(link, data={})):
        assert page.status_code == 410
        assert "déjà été acceptée" in page.text
        assert 'name="email"' in page.text
    assert len(world.told("supplier.enrolled")) == 1


def test_whoever_has_accepted_and_is_signed_in_goes_on_by_the_same_link(world: World, visit: Visit) -> None:
    link, browser = invited(world), visit()
    browser.post(link, data={"name": "Marie Vidal", "agrees": "1"})
    assert browser.get(link).headers["Location"] == "/assessment/"


def test_an_expired_invitation_says_whom_to_ask(world: World, visit: Visit) -> None:
    link = invited(world)
    world.clock.move(days=61)
    for page in (visit().get(link), visit().post(link, data={"name": "Marie", "agrees": "1"})):
        assert page.status_code == 410
        assert "a expiré" in page.text
        assert "Ville de Mauguio" in page.text
        assert "mailto:cesar@cci.example" in page.text


def test_a_mistyped_invitation_is_not_found(visit: Visit) -> None:
    page = visit().get("/invitations/not-an-invitation")
    assert page.status_code == 404
    assert "copié en entier" in page.text


def test_a_person_who_was_erased_is_signed_out(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    with world.work() as work:
        for entity in (SignInLink, UserSession, Person):
            work.session.execute(delete(entity))
    browser.get("/")
    assert browser.get("/suppliers").status_code == 303
