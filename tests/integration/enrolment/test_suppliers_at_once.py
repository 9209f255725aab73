"""On PostgreSQL, many at the same instant: one SIRET is one organisation, a row is taken in once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select

from services.chassis.model import Conflict, Gone
from services.console.demo.synthetic_siret import synthetic_siret
from services.enrolment.company_register import turns
from services.enrolment.domain.importing import ImportState, SupplierImport
from services.enrolment.domain.merging import Merge
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.self_registration import JoinRequest
from services.enrolment.handlers import importing, merging, self_registration, suppliers
from services.enrolment.handlers.importing import uploading
from services.enrolment.handlers.self_registration import TakingPart
from services.enrolment.storage.tables import organisations, register_answers
from tests.integration.enrolment.at_once import at_once, postgres_world
from tests.support.postgres import Postgres
from tests.unit.enrolment.world import SIRET, World

HEADER = ["Entreprise", "SIRET", "Ville", "Mail"]


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with postgres_world(postgres, tmp_path) as world:
        yield world


def rows(number: int) -> list[list[str]]:
    return [
        [f"Ferme {place}", synthetic_siret(place + 1), "Sète", f"f{place}@ferme.example"]
        for place in range(number)
    ]


def started(world: World, table: list[list[str]], *, invites: bool = True) -> SupplierImport:
    command = importing.Upload(
        programme="cesar",
        inviter_id=None,
        created_by=uuid4(),
        file_name="fermes.csv",
        table=[HEADER, *table],
        locale="fr",
    )
    found = world.do(importing.upload, command)
    return world.do(importing.start, found.id, found.mapped, invites)


def advancing(world: World) -> Callable[[], object]:
    def advance() -> None:
        while importing.advance(world.runtime):
            pass

    return advance


def count(world: World) -> int:
    with world.runtime.read() as session:
        query = select(func.count()).where(organisations.c.kind == "supplier")
        return session.scalar(query) or 0


def test_a_part_is_taken_in_once_whoever_is_at_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "ROWS_IN_A_PART", 10)
    found = started(world, [*rows(95), ["Sans nom de commune", "", "Atlantide", "x@x.example"]])
    assert not [each for each in at_once([advancing(world)] * 4) if isinstance(each, Exception)]
    done = world.read(SupplierImport, found.id)
    assert (done.state, done.added, done.wrong) == (ImportState.DONE, 95, 1)
    assert count(world) == len(world.told("supplier.invited")) == 95
    again = started(world, rows(95))
    advancing(world)()
    assert world.read(SupplierImport, again.id).known == 95


def test_what_the_register_proved_is_written_with_the_many(world: World) -> None:
    answer = {
        "siret": synthetic_siret(1),
        "name": "FERME",
        "legal_form": "private",
        "is_closed": False,
        "naf_code": None,
        "size": None,
        "commune_code": None,
        "commune_name": None,
        "proven": ["organic"],
    }
    with world.runtime.database.write() as session:
        known = {"siret": answer["siret"], "asked_at": world.clock(), "answer": answer}
        session.execute(insert(register_answers).values(known))
    started(world, rows(3), invites=False)
    advancing(world)()
    with world.runtime.read() as session:
        found = session.execute(
            select(organisations.c.name, organisations.c.proven).where(organisations.c.kind == "supplier")
        )
        assert dict(found.all()) == {"Ferme 0": ["organic"], "Ferme 1": None, "Ferme 2": None}


def test_an_import_and_invitations_of_the_same_siret_make_one_organisation(world: World) -> None:
    started(world, rows(20))
    mauguio = world.buyer("Ville de Mauguio")

    def invite(place: int) -> Callable[[], object]:
        name, siret, _, email = rows(20)[place]
        return lambda: world.invite(mauguio, organisation_name=name, siret=siret, contact_email=email)

    outcomes = at_once([advancing(world), *(invite(place) for place in range(8))])
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert count(world) == 20


def test_two_who_register_the_same_siret_at_once_are_one_supplier_and_one_request(world: World) -> None:
    secrets = []
    for name in ("anne", "boris"):
        command = self_registration.RegisterSupplier(
            programme="cesar",
            organisation_name="Jardins du Lez",
            siret=SIRET,
            commune=None,
            contact_name=name,
            contact_email=f"{name}@jardins.example",
            locale="fr",
        )
        world.do(self_registration.request_registration, command, "http://localhost")
        secrets.append(str(world.told("self_registration.requested")[-1]["url"]).rpartition("/")[2])

    def confirm(secret: str) -> Callable[[], str]:
        def click() -> str:
            try:
                return type(world.do(self_registration.confirm_registration, secret)).__name__
            except Gone:
                return "too late"

        return click

    outcomes = at_once([confirm(secret) for secret in (*secrets, *secrets)])
    assert sorted(map(str, outcomes)) == [JoinRequest.__name__, TakingPart.__name__, "too late", "too late"]
    assert count(world) == 1


def test_a_merge_happens_once_and_is_undone_once(world: World) -> None:
    kept, secret = world.invite(organisation_name="Midi Bois", contact_email="a@midi.example")
    world.do(suppliers.accept_invitation, secret, "Anne")
    other, second = world.invite(
        world.buyer("Ville de Mauguio"),
        organisation_name="Midi-Bois",
        siret=SIRET,
        contact_email="b@x.example",
    )
    benoit = world.do(suppliers.accept_invitation, second, "Benoît")
    command = merging.MergeOrganisations(
        programme="cesar",
        kept_id=kept.organisation_id,
        merged_id=other.organisation_id,
        by=uuid4(),
        manages=("cesar",),
    )
    outcomes = at_once([lambda: world.do(merging.merge, command)] * 4)
    merges = [each for each in outcomes if isinstance(each, Merge)]
    assert (len(merges), sum(isinstance(each, Conflict) for each in outcomes)) == (1, 3)
    assert world.read(Organisation, kept.organisation_id).siret == SIRET
    assert [grant.organisation_id for grant in world.read(Person, benoit.id).grants] == [kept.organisation_id]
    outcomes = at_once([lambda: world.do(merging.undo, merges[0].id, uuid4())] * 4)
    assert sum(isinstance(each, Conflict) for each in outcomes) == 3
    assert world.read(Organisation, other.organisation_id).siret == SIRET
    assert [grant.organisation_id for grant in world.read(Person, benoit.id).grants] == [
        other.organisation_id
    ]


def test_all_processes_share_the_registers_turns(world: World) -> None:
    def take() -> timedelta | None:
        with world.runtime.database.write() as session:
            return turns.take_turn(session, world.clock())

    waits = sorted(each for each in at_once([take] * 10) if isinstance(each, timedelta))
    assert len(waits) == 10
    assert all(later - earlier > timedelta(milliseconds=142) for earlier, later in pairwise(waits))
