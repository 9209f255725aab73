"""Looking a SIRET up in the public register: what it says, and that nobody waits when it is not well."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.enrolment.company_register import turns
from services.enrolment.company_register.look_up import LookUp, Outcome, look_up
from services.enrolment.domain.organisation import Organisation
from tests.support.company_register import Register, company, company_register
from tests.unit.enrolment.world import OTHER_SIRET, SIRET, World

ALL_BUT_ORGANIC = {
    "est_ess": "social_economy",
    "est_siae": "work_integration",
    "est_rge": "rge",
    "est_achats_responsables": "responsible_purchasing",
    "est_societe_mission": "mission_driven",
}
NONSENSE = [
    b"",
    b"<html>busy</html>",
    b"[]",
    b'{"results": [{}]}',
    b'{"results": 3}',
    b"\xff" * 40,
    b" " * 1_100_000,
]


@pytest.fixture
def register(world: World) -> Iterator[Register]:
    """The register that the service is told to ask; it knows Jardins du Lez."""
    with company_register() as register:
        register.companies[SIRET] = company(SIRET)
        world.runtime.settings = replace(world.runtime.settings, company_register_url=register.url + "/")
        yield register


def test_a_company_is_found_with_what_the_register_proves(world: World, register: Register) -> None:
    found = look_up(SIRET, world.runtime).company
    assert found is not None
    assert (found.name, found.legal_form, found.naf_code, found.size) == (
        "JARDINS DU LEZ",
        "private",
        "01.13Z",
        "10-49",
    )
    assert (found.commune_code, found.is_closed, found.proven) == ("34172", False, ("organic",))


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"nature_juridique": "7210"}, {"legal_form": "public"}),
        ({"nature_juridique": None}, {"legal_form": "private"}),
        ({"tranche_effectif_salarie": "NN"}, {"size": None}),
        ({"tranche_effectif_salarie": "53"}, {"size": "250+"}),
        ({"activite_principale": None}, {"naf_code": None}),
        ({"complements": None}, {"proven": ()}),
        ({"complements": {"est_bio": "true", "est_siae": 1}}, {"proven": ()}),
        (
            {
                "complements": dict.fromkeys(
                    ["est_ess", "est_siae", "est_rge", "est_achats_responsables", "est_societe_mission"], True
                )
            },
            {
                "proven": (
                    "social_economy",
                    "work_integration",
                    "rge",
                    "responsible_purchasing",
                    "mission_driven",
                )
            },
        ),
        ({"place": {"etat_administratif": "F"}}, {"is_closed": True}),
        ({"siege": None}, {"name": "JARDINS DU LEZ"}),
    ],
)
def test_the_registers_codes_are_put_in_the_programmes_words(
    world: World, register: Register, known: dict[str, Any], expected: dict[str, Any]
) -> None:
    register.companies[SIRET] = company(SIRET, **known)
    found = look_up(SIRET, world.runtime).company
    assert {name: getattr(found, name) for name in expected} == expected


def test_only_the_establishment_that_was_asked_for_counts(world: World, register: Register) -> None:
    register.companies[SIRET] = company(OTHER_SIRET)
    assert look_up(SIRET, world.runtime) == LookUp(Outcome.UNKNOWN)


def test_an_answer_is_remembered_for_a_month_and_none_for_a_day(world: World, register: Register) -> None:
    for _ in range(2):
        look_up(SIRET, world.runtime)
        assert look_up(OTHER_SIRET, world.runtime).outcome is Outcome.UNKNOWN
    assert len(register.asked) == 2
    world.clock.move(days=2)
    register.companies[OTHER_SIRET] = company(OTHER_SIRET)
    assert look_up(OTHER_SIRET, world.runtime).outcome is Outcome.FOUND
    assert look_up(SIRET, world.runtime).outcome is Outcome.FOUND
    assert len(register.asked) == 3
    world.clock.move(days=29)
    look_up(SIRET, world.runtime)
    assert len(register.asked) == 4


def test_an_old_answer_is_better_than_none(world: World, register: Register) -> None:
    look_up(SIRET, world.runtime)
    world.clock.move(days=40)
    register.status = 503
    assert look_up(SIRET, world.runtime).outcome is Outcome.FOUND


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>busy</html>", b"[]", b'{"results": [{}]}', b'{"results": 3}', b"\xff" * 40, b" " * 1100000],
)
def test_nonsense_is_no_answer(world: World, register: Register, body: bytes) -> None:
    register.body = body
    assert look_up(SIRET, world.runtime) == LookUp(Outcome.UNAVAILABLE)


def test_a_register_that_is_off_is_not_asked(world: World, register: Register) -> None:
    world.runtime.settings = replace(world.runtime.settings, company_register_url="")
    assert look_up(SIRET, world.runtime) == LookUp(Outcome.UNAVAILABLE)
    assert not register.asked


def test_nobody_waits_long_for_a_slow_register(world: World, register: Register) -> None:
    register.delay = 4.0
    begun = time.monotonic()
    assert look_up(SIRET, world.runtime) == LookUp(Outcome.UNAVAILABLE)
    assert time.monotonic() - begun < 3.9


def test_after_three_failures_it_is_left_alone_for_half_a_minute(world: World, register: Register) -> None:
    register.status = 500
    for _ in range(5):
        assert look_up(SIRET, world.runtime).outcome is Outcome.UNAVAILABLE
        world.clock.move(seconds=1)
    assert len(register.asked) == 3
    register.status = 200
    world.clock.move(seconds=30)
    assert look_up(SIRET, world.runtime).outcome is Outcome.FOUND
    assert look_up(OTHER_SIRET, world.runtime).outcome is Outcome.UNKNOWN


def test_while_one_tries_whether_it_is_well_again_the_others_wait(world: World, register: Register) -> None:
    register.status = 500
    for _ in range(4):
        look_up(SIRET, world.runtime)
        world.clock.move(seconds=31)
    assert len(register.asked) == 4
    world.clock.move(seconds=-10)
    look_up(SIRET, world.runtime)
    assert len(register.asked) == 4


def test_it_is_left_alone_for_as_long_as_it_asks(world: World, register: Register) -> None:
    register.status, register.headers = 429, {"Retry-After": "120"}
    look_up(SIRET, world.runtime)
    register.status = 200
    world.clock.move(seconds=119)
    assert look_up(SIRET, world.runtime).outcome is Outcome.UNAVAILABLE
    assert len(register.asked) == 1
    world.clock.move(seconds=2)
    assert look_up(SIRET, world.runtime).outcome is Outcome.FOUND


def test_turns_are_a_seventh_of_a_second_apart_and_given_in_order(world: World, register: Register) -> None:
    with world.runtime.database.write() as session:
        waits = [turns.take_turn(session, world.clock()) for _ in range(20)]
    given = [wait for wait in waits if wait is not None]
    apart = [later - earlier for earlier, later in itertools.pairwise(given)]
    assert all(abs(each - timedelta(seconds=1) / 7) < timedelta(milliseconds=1) for each in apart)
    assert given[0] == timedelta(0)
    assert len(given) == 15, "whoever would wait for more than two seconds types instead"


def test_an_organisation_takes_over_what_the_register_proved(world: World, register: Register) -> None:
    look_up(SIRET, world.runtime)
    supplier, _ = world.invite(siret=SIRET)
    organisation = world.read(Organisation, supplier.organisation_id)
    assert (organisation.proven, organisation.naf_code, organisation.size) == (["organic"], "01.13Z", "10-49")
    assert world.told("organisation.registered")[-1]["proven"] == ["organic"]
    assert world.told("supplier.invited")[-1]["proven"] == ["organic"]


def test_what_nobody_looked_up_is_not_proven(world: World, register: Register) -> None:
    supplier, _ = world.invite(siret=SIRET)
    assert world.read(Organisation, supplier.organisation_id).proven is None
