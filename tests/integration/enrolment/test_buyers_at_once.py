"""On PostgreSQL, what is done for many buyers by several clicks at the same instant is done once for each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from services.enrolment.domain.application import Application
from services.enrolment.domain.person import Role
from services.enrolment.domain.workshop_registration import RegistrationState
from services.enrolment.handlers import agreements, decisions, programmes, workshop_registrations
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
    completing = partial(world.do, programmes.complete_cohort, application.cohort_id)
    came_of_it = at_once([signing, completing])
    assert not [each for each in came_of_it if isinstance(each, Exception)]
    state = world.read(Application, application.id).state
    assert [event["state"] for event in world.told("application.completed")] == ["completed"] * (
        state == "completed"
    )
    assert state in ("enrolled", "completed")
