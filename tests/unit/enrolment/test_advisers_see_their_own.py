"""An adviser sees their buyers and what is theirs, and never those of others: on pages, in files, by ids."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.enrolment.domain.application import Application
from services.enrolment.domain.person import Role
from services.enrolment.domain.workshop import Workshop
from services.enrolment.domain.workshop_registration import Registration
from services.enrolment.handlers import decisions
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.meeting_world import JULIEN, NADIA, MeetingWorld
from tests.unit.enrolment.world import HELENE, World

COHORT = "/programmes/cesar/cohorts/2027"


class Two:
    """Two buyers, each with its adviser, its supplier and its people at one workshop."""

    def __init__(self, world: World) -> None:
        self.meetings = MeetingWorld(world)
        julien, nadia = self.meetings.adviser(), self.meetings.adviser(NADIA, "Nadia Ferhaoui")
        self.mine, self.theirs = (self._buyer(world, name) for name in ("Ville de Mauguio", "Suez"))
        self.meetings.follow(julien, self.mine.organisation_id)
        self.meetings.follow(nadia, self.theirs.organisation_id)
        for inviter, name in (
            (self.mine.organisation_id, "Jardins du Lez"),
            (self.theirs.organisation_id, "Secrets de Suez"),
            (None, "Invité par la chambre"),
        ):
            email = f"{name.split()[-1].lower()}@fournisseur.example"
            world.invite(inviter, organisation_name=name, contact_email=email)
        both = {"organisation_name": "Partagé SARL", "contact_email": "partage@fournisseur.example"}
        for inviter in (self.mine, self.theirs):
            world.invite(inviter.organisation_id, **both)
        self.workshop: Workshop = self.meetings.workshop()
        self.my_place = self._register(self.mine.organisation_id, "Paul Roux")
        self.their_place = self._register(self.theirs.organisation_id, "Jean Secret")
        self.appointment = self.meetings.book(
            self.meetings.slot(nadia), self.theirs.organisation_id, "jean@suez.example"
        )

    def _buyer(self, world: World, name: str) -> Application:
        application = world.accept(world.apply(name))
        world.do(decisions.enrol, application.id)
        return application

    def _register(self, organisation_id: UUID, name: str) -> Registration:
        email = f"{name.split()[0].lower()}@buyer.example"
        return self.meetings.register(self.workshop, organisation_id, email, name)


@pytest.fixture
def two(world: World) -> Two:
    return Two(world)


@pytest.fixture
def julien(two: Two, visit: Visit) -> FlaskClient:
    return visit(JULIEN)


def test_nothing_that_lists_shows_an_adviser_another_ones_buyers_or_suppliers(
    two: Two, julien: FlaskClient, visit: Visit
) -> None:
    lists = (
        "/",
        COHORT,
        f"/api{COHORT}/applications",
        f"/api{COHORT}/decisions",
        "/suppliers",
        "/suppliers.csv",
        "/api/suppliers",
        "/appointments",
        "/appointments.csv",
        "/api/appointments",
        "/agenda?month=2026-11",
        "/agenda?month=2026-12",
        f"/workshops/{two.workshop.id}",
        f"/workshops/{two.workshop.id}/attendance",
        f"/api/workshops/{two.workshop.id}/registrations",
    )
    everything = ""
    for address in lists:
        answer = julien.get(address)
        assert answer.status_code == 200, address
        assert not {word for word in ("Suez", "Secret", "jean@") if word in answer.text}, address
        everything += answer.text
    for mine in ("Ville de Mauguio", "Jardins du Lez", "Invité par la chambre", "Partagé SARL", "Paul Roux"):
        assert mine in everything
    whole = "".join(visit(HELENE).get(address).text for address in lists)
    for each in ("Suez", "Secrets de Suez", "Jean Secret", "Jardins du Lez", "Invité par la chambre"):
        assert each in whole, "a manager sees all of it"


def test_the_figures_at_home_count_only_what_is_theirs(two: Two, julien: FlaskClient, visit: Visit) -> None:
    def suppliers(browser: FlaskClient) -> int:
        return int(browser.get("/api/suppliers").get_json()["total"])

    assert (suppliers(julien), suppliers(visit(HELENE))) == (3, 4)
    assert "2 sur 10" in visit(HELENE).get("/").text
    home = julien.get("/").text
    assert "Mes acheteurs" in home
    assert "sur 10" not in home, "how full the cohort is, is not what they see"


def test_an_id_that_was_guessed_leads_nowhere(two: Two, julien: FlaskClient) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    for place in (
        "/applications/{application}",
        "/applications/{application}/files/" + unknown,
        "/api/applications/{application}",
        "/api/applications/{application}/reviews",
        "/appointments/{appointment}",
        "/api/appointments/{appointment}",
    ):
        theirs = place.format(application=two.theirs.id, appointment=two.appointment.id)
        missing = place.format(application=unknown, appointment=unknown)
        answers = julien.get(theirs), julien.get(missing)
        assert [answer.status_code for answer in answers] == [404, 404], place
    assert julien.get(f"/applications/{two.mine.id}").status_code == 200


def test_at_a_workshop_an_adviser_acts_for_the_people_of_their_buyers_only(
    two: Two, julien: FlaskClient, visit: Visit, world: World
) -> None:
    address = f"/workshops/{two.workshop.id}"
    stranger = {"organisation_id": str(two.theirs.organisation_id), "name": "X", "email": "x@suez.example"}
    assert julien.post(f"{address}/register", data=stranger).status_code == 403
    assert julien.post(f"/api{address}/registrations", json=stranger).status_code == 403
    assert julien.post(f"{address}/registrations/{two.their_place.id}/withdraw").status_code == 403
    assert julien.delete(f"/api{address}/registrations/{two.their_place.id}").status_code == 403
    world.clock.now = two.workshop.starts_at
    for browser, present in ((visit(HELENE), two.their_place), (visit(JULIEN), two.my_place)):
        assert browser.post(f"{address}/attendance", data={"present": str(present.id)}).status_code == 303
        if browser.get("/api/suppliers").get_json()["total"] == 3:
            assert browser.post(f"{address}/attendance", data={"then": "close"}).status_code == 403
            assert browser.get(f"{address}/sheet.pdf").status_code == 403
    kept = [world.read(Registration, place.id) for place in (two.my_place, two.their_place)]
    assert all(registration.present_at for registration in kept), "what others noted is left as it is"


def test_an_adviser_of_all_who_come_closes_the_workshop(two: Two, visit: Visit, world: World) -> None:
    nadia = world.person(NADIA, Role.ADVISER)
    two.meetings.follow(nadia, two.mine.organisation_id)
    world.clock.now = two.workshop.ends_at
    closed = visit(NADIA).post(f"/workshops/{two.workshop.id}/attendance", data={"then": "close"})
    assert closed.status_code == 303
    assert visit(JULIEN).get(f"/workshops/{two.workshop.id}").status_code == 404


def test_an_organisation_is_theirs_in_the_programme_in_which_it_was_assigned(
    two: Two, julien: FlaskClient, world: World
) -> None:
    world.programme("autre")
    world.person(JULIEN, Role.ADVISER, "autre")
    world.cohort(programme="autre")
    elsewhere = world.apply("Ville de Mauguio", programme="autre")
    assert julien.get(f"/applications/{elsewhere.id}").status_code == 404
