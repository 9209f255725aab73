"""On PostgreSQL, an account at the provider that comes for the first time in two browsers at one instant."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from services.enrolment.domain.openid_account import OpenIdAccount, OpenIdClaims
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.user_session import SignInWay
from services.enrolment.handlers import user_sessions
from services.enrolment.handlers.openid import sign_in_by_openid
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.storage import queries
from tests.integration.enrolment.at_once import at_once, postgres_world
from tests.support.postgres import Postgres
from tests.unit.enrolment.world import World

NINA = "nina@example.org"
CLAIMS = OpenIdClaims(issuer="https://id.example", subject="n-1", email=NINA, name="Nina Neuf")


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with postgres_world(postgres, tmp_path) as world:
        yield world


def sign_in(world: World) -> UUID:
    with world.work() as work:
        person = sign_in_by_openid(CLAIMS, work)
        command = user_sessions.StartSession(person=person, way=SignInWay.OPENID, device="", replaces=None)
        user_sessions.start_session(command, work)
        return person.id


def test_a_new_account_signs_in_everywhere_at_once_and_is_one_person(world: World) -> None:
    answers = at_once([lambda: sign_in(world)] * 8)

    assert len(set(answers)) == 1
    assert len([told for told in world.told("person.registered") if told["email"] == NINA]) == 1
    with world.runtime.read() as session:
        assert len(session.scalars(select(OpenIdAccount)).all()) == 1


def test_a_known_person_s_new_account_signs_in_everywhere_at_once(world: World) -> None:
    known = world.person(NINA, Role.FUNDER)

    assert set(at_once([lambda: sign_in(world)] * 8)) == {known.id}


def test_whoever_is_let_in_by_several_at_once_is_one_person_with_all_their_roles(world: World) -> None:
    def let_in(role: Role) -> Person:
        command = RegisterPerson(name="Nina Neuf", email=NINA, grant=PersonGrant(role, "cesar"))
        return world.do(register_person, command)

    at_once([lambda role=role: let_in(role) for role in (Role.ADVISER, Role.JURY)])

    with world.runtime.read() as session:
        nina = queries.person_by_email(session, NINA)
    assert nina is not None
    assert {grant.role for grant in nina.grants} == {Role.ADVISER, Role.JURY}
    assert len([told for told in world.told("person.registered") if told["email"] == NINA]) == 1
