"""On PostgreSQL, people who take and give roles at the same instant."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.chassis.model import Conflict, Gone
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.user_session import UserSession
from services.enrolment.handlers import role_invitations, roles
from services.enrolment.storage.roles import people_with
from tests.integration.enrolment.at_once import at_once, postgres_world
from tests.support.postgres import Postgres
from tests.support.services import PUBLIC_URL
from tests.unit.enrolment.world import HELENE, World

MANAGER = PersonGrant(Role.MANAGER, "cesar")


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with postgres_world(postgres, tmp_path) as world:
        yield world


def test_managers_who_remove_each_other_leave_one(world: World) -> None:
    others = [world.person(f"m{number}@cci.example", Role.MANAGER).id for number in range(5)]
    with world.runtime.read() as session:
        everybody = [person.id for person in people_with(session, MANAGER)]
    assert set(others) < set(everybody)
    answers = at_once(
        [lambda who=who: world.do(roles.take_role, who, MANAGER, who) and None for who in everybody]
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    with world.runtime.read() as session:
        assert len(people_with(session, MANAGER)) == 1


def test_an_address_that_many_invite_is_invited_once(world: World) -> None:
    helene = world.person(HELENE, Role.MANAGER)
    command = role_invitations.InviteIntoRole(
        grant=PersonGrant(Role.ADVISER, "cesar"),
        name="Anne Roux",
        email="anne@cci.example",
        locale="fr",
        inviter_id=helene.id,
        inviter_name=helene.name,
    )
    answers = at_once(
        [lambda: world.do(role_invitations.invite_into_role, command, PUBLIC_URL) for _ in range(6)]
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 5
    assert len(world.told("role_invitation.sent")) == 1


def test_a_link_that_is_clicked_twice_lets_in_once(world: World) -> None:
    test_an_address_that_many_invite_is_invited_once(world)
    token = world.told("role_invitation.sent")[-1]["url"].rpartition("/")[2]

    def accept() -> Person | None:
        try:
            return world.do(role_invitations.accept_role, token, "Anne Roux")
        except Gone:
            return None

    people = [person for person in at_once([accept] * 4) if person is not None]
    assert len(people) == 1
    assert isinstance(people[0], Person)
    assert people[0].grants == [PersonGrant(Role.ADVISER, "cesar")]
    with world.runtime.read() as session:
        assert session.query(UserSession).all() == [], "signing in is the page's"
