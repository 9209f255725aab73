"""People and the links by which they sign in: one address is one person, one link signs in once."""

import pytest

from services.chassis.model import Gone, NotFound
from services.enrolment.domain.person import MOST_OPEN_LINKS, Person, Role
from services.enrolment.handlers import people
from tests.support.services import PUBLIC_URL
from tests.unit.enrolment.world import HELENE, World


def ask_for_link(world: World, email: str = HELENE) -> str:
    assert world.do(people.request_sign_in, email, PUBLIC_URL)
    return str(world.told("sign_in.requested")[-1]["url"]).rsplit("/", 1)[-1]


def test_one_address_is_one_person_however_it_is_written(world: World) -> None:
    first = world.person("Ana.Ruiz@Mairie.example", Role.BUYER, name="Ana Ruiz")
    second = world.person("  ana.ruiz@mairie.EXAMPLE ", Role.JURY, name="A. Ruiz")
    assert first.id == second.id
    stored = world.read(Person, first.id)
    assert stored.email == "ana.ruiz@mairie.example"
    assert stored.name == "Ana Ruiz"
    assert [grant.role for grant in stored.grants] == [Role.BUYER, Role.JURY]


def test_a_role_is_granted_and_told_once(world: World) -> None:
    person = world.person("ana@mairie.example", Role.JURY)
    world.person("ana@mairie.example", Role.JURY)
    assert len(world.read(Person, person.id).grants) == 1
    assert not world.told("person.updated")


def test_a_link_signs_in_once(world: World) -> None:
    token = ask_for_link(world)
    assert world.do(people.sign_in, token).email == HELENE
    with pytest.raises(Gone, match="used already"):
        world.do(people.sign_in, token)


def test_a_link_is_good_for_twenty_minutes(world: World) -> None:
    token = ask_for_link(world)
    world.clock.move(minutes=20)
    with pytest.raises(Gone, match="expired"):
        world.do(people.sign_in, token)


def test_a_link_that_nobody_was_sent_signs_nobody_in(world: World) -> None:
    with pytest.raises(NotFound):
        world.do(people.sign_in, "made-up")


def test_an_unknown_address_gets_no_link(world: World) -> None:
    assert not world.do(people.request_sign_in, "nobody@example.example", PUBLIC_URL)
    assert not world.told("sign_in.requested")


def test_who_asks_again_and_again_does_not_fill_a_mailbox(world: World) -> None:
    for _ in range(MOST_OPEN_LINKS):
        ask_for_link(world)
    assert not world.do(people.request_sign_in, HELENE, PUBLIC_URL)
    assert len(world.told("sign_in.requested")) == MOST_OPEN_LINKS
    world.clock.move(minutes=20)
    ask_for_link(world)


def test_the_secret_of_a_link_is_not_stored(world: World) -> None:
    token = ask_for_link(world)
    with world.runtime.read() as session:
        stored = session.connection().exec_driver_sql("SELECT * FROM sign_in_link").all()
    assert token not in str(stored)
