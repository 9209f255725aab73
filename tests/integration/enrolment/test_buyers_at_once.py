"""On PostgreSQL, what is done for many buyers by several clicks at the same instant is done once for each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from services.chassis.model import Conflict, DomainError
from services.enrolment.domain.agreement import Party
from services.enrolment.domain.application import Application
from services.enrolment.domain.person import Role
from services.enrolment.domain.workshop_registration import RegistrationState
from services.enrolment.handlers import agreements, decisions, offers, programmes, workshop_registrations
from services.enrolment.storage.queries import places_taken
from services.enrolment.storage.workshops import participants
from tests.integration.enrolment.at_once import at_once, postgres_world
from tests.support.postgres import Postgres
from tests.unit.enrolment.meeting_world import MeetingWorld
from tests.unit.enrolment.world import HELENE, OTHER_SIRET, SIRET, World


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with postgres_world(postgres, tmp_path) as world:
        yield world


def test_agreements_that_several_propose_at_once_are_proposed_once(world: World) -> None:
    accepted = [
        world.accept(world.apply(f"Ville de {name}", siret=siret))
        for name, siret in (("Mauguio", SIRET), ("Lattes", OTHER_SIRET))
    ]
    by = world.person(HELENE, Role.MANAGER).id
    propose = partial(world.do, agreements.propose_all, accepted[0].cohort_id, by)
    came_of_it = at_once([propose] * 4)
    assert not [each for each in came_of_it if isinstance(each, Exception)]
    proposed = [event["application_id"] for event in world.told("agreement.proposed")]
    assert sorted(proposed) == sorted(str(each.id) for each in accepted)


def test_contacts_whom_several_register_at_once_have_one_place_each_and_no_more_than_there_are(
    world: World,
) -> None:
    meetings = MeetingWorld(world)
    buyers = [meetings.buyer(f"Ville de N{number}") for number in range(5)]
    workshop = meetings.workshop(capacity=3)
    register = partial(world.do, workshop_registrations.register_contacts, workshop.id, buyers)
    came_of_it = at_once([register] * 4)
    assert not [each for each in came_of_it if isinstance(each, Exception)]
    with world.runtime.read() as session:
        placed, waiting = (
            participants(session, workshop.id, state)
            for state in (RegistrationState.REGISTERED, RegistrationState.WAITING)
        )
    assert (len(placed), len(waiting)) == (3, 2)
    assert {each.organisation.id for each in (*placed, *waiting)} == set(buyers)


def test_signing_and_completing_the_cohort_do_not_stand_in_each_others_way(world: World) -> None:
    application = world.accept(world.apply(siret=SIRET))
    for step in (programmes.start_review, programmes.start_cohort):
        world.do(step, application.cohort_id)
    signing = partial(world.do, decisions.enrol, application.id)

    def complete() -> object:
        try:
            return world.do(programmes.complete_cohort, application.cohort_id)
        except DomainError as refusal:
            return refusal

    signed, completed = at_once([signing, complete])
    assert isinstance(signed, Application)
    # Completing comes second, or is refused because of the signature that is still missing.
    is_over = not isinstance(completed, DomainError)
    state = world.read(Application, application.id).state
    assert state == ("completed" if is_over else "enrolled")
    assert len(world.told("application.completed")) == is_over


def test_an_agreement_is_signed_or_its_application_withdrawn_and_never_both(world: World) -> None:
    cohort = world.cohort("2028", capacity=1)
    application = world.accept(world.apply(cohort_label="2028", siret=SIRET))
    waiting = world.apply("Ville de Lattes", cohort_label="2028")
    world.do(decisions.put_on_waiting_list, waiting.id, None)
    by = world.person(HELENE, Role.MANAGER).id
    sha256 = world.do(agreements.propose_agreement, application.id, by).sha256

    def sign(party: Party) -> object:
        command = agreements.Sign(
            application_id=application.id,
            party=party,
            person_id=by,
            name="Hélène C.",
            sha256=sha256,
            address="192.0.2.7",
        )
        return world.do(agreements.sign_agreement, command)

    sign(Party.BUYER)
    withdraw = partial(world.do, offers.withdraw_on_behalf, application.id, by, "Sans réponse.")
    came_of_it = at_once([withdraw, withdraw, partial(sign, Party.CHAMBER), partial(sign, Party.CHAMBER)])
    [done] = [number for number, each in enumerate(came_of_it) if not isinstance(each, Conflict)]
    is_signed = done >= 2
    told = [len(world.told(f"agreement.{what}")) for what in ("signed", "voided")]
    assert told == [is_signed, not is_signed]
    assert world.read(Application, application.id).state == ("enrolled" if is_signed else "withdrawn")
    assert (world.read(Application, waiting.id).offered_until is None) == is_signed
    with world.runtime.read() as session:
        assert places_taken(session, cohort.id) == 1


def test_corrections_and_decisions_at_once_do_not_wait_for_each_other_crosswise(world: World) -> None:
    applications = [world.apply(f"Ville de N{number}") for number in range(6)]
    returning = [
        partial(world.do, decisions.hand_back, each.id, "incomplete", "Le plan manque.")
        for each in applications
    ]
    came_of_it = at_once([*returning, *(partial(world.accept, each) for each in applications)])
    assert sum(isinstance(each, Conflict) for each in came_of_it) == len(applications)
    states = {world.read(Application, each.id).state for each in applications}
    assert states <= {"draft", "accepted"}
