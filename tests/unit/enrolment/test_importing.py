"""Suppliers from a spreadsheet: what becomes of each row, and that the same file twice changes nothing."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.chassis.model import Conflict, DomainError
from services.enrolment.domain.importing import Column, ImportState, SupplierImport
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import importing, suppliers
from services.enrolment.handlers.importing import uploading
from services.enrolment.storage import imports
from tests.support.services import recorded
from tests.unit.enrolment.world import OTHER_SIRET, SIRET, World

HEADER = ["Raison sociale", "SIRET", "Ville", "Contact", "Courriel"]
JARDINS = ["Jardins du Lez", SIRET, "Montpellier", "Marie Vidal", "marie@jardins.example"]
ZEBULON = ["Zébulon Bio", OTHER_SIRET, "Nîmes", "Zoé Roux", "zoe@zebulon.example"]
COLUMNS = {
    Column.ORGANISATION_NAME: 0,
    Column.SIRET: 1,
    Column.COMMUNE: 2,
    Column.CONTACT_NAME: 3,
    Column.CONTACT_EMAIL: 4,
}


def uploaded(
    world: World, *rows: list[str], inviter_id: UUID | None = None, header: list[str] = HEADER
) -> SupplierImport:
    command = importing.Upload(
        programme="cesar",
        inviter_id=inviter_id,
        created_by=uuid4(),
        file_name="fournisseurs.xlsx",
        table=[header, *rows],
        locale="fr",
    )
    return world.do(importing.upload, command)


def started(
    world: World, *rows: list[str], invites: bool = True, inviter_id: UUID | None = None
) -> SupplierImport:
    found = uploaded(world, *rows, inviter_id=inviter_id)
    return world.do(importing.start, found.id, COLUMNS, invites)


def taken_in(world: World, *rows: list[str], **options: Any) -> SupplierImport:
    """The import after the worker has done all there is to do."""
    found = started(world, *rows, **options)
    while importing.advance(world.runtime):
        pass
    return world.read(SupplierImport, found.id)


def counts(found: SupplierImport) -> tuple[int, int, int, int]:
    return found.added, found.renewed, found.known, found.wrong


def wrong(world: World, found: SupplierImport) -> list[tuple[int, list[str]]]:
    """The number of each wrong row, and which columns are to be mended."""
    with world.runtime.read() as session:
        return [
            (row, [column for column, _, _ in messages])
            for row, _, messages in imports.wrong_rows(session, found.id, most=100)
        ]


def known(world: World, found: SupplierImport) -> list[tuple[int, list[str]]]:
    """The number of each row that meant a supplier who was known, and what it brought."""
    with world.runtime.read() as session:
        return [(row.number, [*row.deeds]) for row, _ in imports.known_rows(session, found.id, most=100)]


def test_each_row_becomes_an_invited_supplier_whom_the_others_hear_of(world: World) -> None:
    found = taken_in(world, JARDINS, ZEBULON)
    assert (found.state, counts(found)) == (ImportState.DONE, (2, 0, 0, 0))
    invited = world.told("supplier.invited")
    assert [each["organisation_name"] for each in invited] == ["Jardins du Lez", "Zébulon Bio"]
    assert invited[0]["commune_name"] == "Montpellier"
    assert invited[0]["invited_by"] == [
        {
            "organisation_id": None,
            "organisation_name": "CCI Hérault",
            "invited_at": "2026-11-23T09:00:00+00:00",
        }
    ]
    assert "/invitations/" in invited[0]["invitation_url"]
    assert len(world.told("organisation.registered")) == 2


def test_who_was_imported_can_accept_the_invitation_of_the_mail(world: World) -> None:
    taken_in(world, JARDINS)

    secret = world.told("supplier.invited")[0]["invitation_url"].rpartition("/")[2]
    assert world.do(suppliers.accept_invitation, secret, "Marie").email == "marie@jardins.example"
    assert world.told("supplier.enrolled")[0]["siret"] == SIRET


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    rows = (JARDINS, ZEBULON, ["Sans Siret", "", "", "", "s@sans.example"])
    taken_in(world, *rows)
    before = len(recorded(world.runtime))
    assert counts(taken_in(world, *rows)) == (0, 0, 3, 0)
    assert len(recorded(world.runtime)) == before


def test_a_row_that_is_there_twice_counts_once(world: World) -> None:
    assert counts(taken_in(world, JARDINS, JARDINS, [*JARDINS[:1], "", *JARDINS[2:]])) == (1, 0, 2, 0)


def test_without_inviting_suppliers_are_registered_and_nobody_is_written_to(world: World) -> None:
    found = taken_in(world, JARDINS, ["Sans rien", "", "", "", ""], invites=False)
    assert counts(found) == (2, 0, 0, 0)
    assert not world.told("supplier.invited")
    registered = world.told("supplier.registered")
    assert [(each["state"], each["invited_at"]) for each in registered] == [("registered", None)] * 2
    assert counts(taken_in(world, JARDINS, ["Sans rien", "", "", "", ""], invites=False)) == (0, 0, 2, 0)


def test_who_was_only_registered_is_invited_by_the_next_import_that_invites(world: World) -> None:
    taken_in(world, JARDINS, invites=False)
    assert counts(taken_in(world, JARDINS)) == (0, 1, 0, 0)
    assert [each["state"] for each in world.told("supplier.invited")] == ["invited"]


def test_who_was_registered_without_an_address_gets_the_first_that_is_given(world: World) -> None:
    taken_in(world, [*JARDINS[:4], ""], invites=False)
    assert counts(taken_in(world, JARDINS, invites=False)) == (0, 1, 0, 0)
    assert world.told("supplier.updated")[-1]["contact"]["email"] == "marie@jardins.example"
    world.invite(siret=SIRET, contact_email="other@jardins.example")
    assert world.told("supplier.invited")[-1]["contact"]["email"] == "marie@jardins.example"


def test_a_supplier_whom_a_buyer_invited_has_one_more_inviter(world: World) -> None:
    supplier, _ = world.invite(world.buyer("Ville de Mauguio"), siret=SIRET)
    assert counts(taken_in(world, JARDINS)) == (0, 1, 0, 0)
    names = [each.organisation_name for each in world.read(SupplierEnrolment, supplier.id).invited_by]
    assert names == ["Ville de Mauguio", "CCI Hérault"]


def test_a_siret_that_was_missing_is_added(world: World) -> None:
    supplier, _ = world.invite(contact_email="marie@jardins.example")
    assert counts(taken_in(world, JARDINS)) == (0, 1, 0, 0)
    assert world.read(Organisation, supplier.organisation_id).siret == SIRET


def test_firms_that_share_an_address_are_as_many_suppliers(world: World) -> None:
    shared = [
        ["Ferme du Pech", "", "", "Compta", "compta@cabinet.example"],
        ["Totalement Autre", SIRET, "", "Compta", "compta@cabinet.example"],
        ["Mas de l’Olivier", "", "", "Compta", "compta@cabinet.example"],
    ]
    assert counts(taken_in(world, *shared)) == (3, 0, 0, 0)
    again = taken_in(world, *shared)
    assert counts(again) == (0, 0, 3, 0)
    assert known(world, again) == [(2, []), (3, []), (4, [])], "each can be looked at"
    sirets = {each["name"]: each["siret"] for each in world.told("organisation.registered")}
    assert sirets == {"Ferme du Pech": None, "Totalement Autre": SIRET, "Mas de l’Olivier": None}


def test_a_siret_that_one_row_adds_is_known_to_the_next(world: World) -> None:
    found = taken_in(world, [*JARDINS[:1], "", *JARDINS[2:]], JARDINS, JARDINS)
    assert counts(found) == (1, 1, 1, 0)
    assert known(world, found) == [(3, ["siret"]), (4, [])]


def test_a_number_that_was_missing_is_added_to_the_same_contact(world: World) -> None:
    supplier, _ = world.invite(siret=SIRET, contact_email="marie@jardins.example")
    other, _ = world.invite(siret=OTHER_SIRET, contact_email="paul@zebulon.example", organisation_name="Z")
    rows = [[*JARDINS, "0467123456"], [*ZEBULON, "0467000000"]]
    found = uploaded(world, *rows, header=[*HEADER, "Tél. portable"])
    assert found.mapped == {**COLUMNS, Column.CONTACT_PHONE: 5}
    world.do(importing.start, found.id, found.mapped, False)
    importing.advance(world.runtime)
    assert world.read(SupplierEnrolment, supplier.id).contact_phone == "0467123456"
    assert world.read(SupplierEnrolment, other.id).contact_phone is None, "it is somebody else's"
    assert known(world, found) == [(2, ["contact"]), (3, [])]
    assert [each["id"] for each in world.told("supplier.updated")] == [str(supplier.id)]


def test_an_organisation_of_another_programme_is_one_organisation_here_too(world: World) -> None:
    world.programme("autre")
    elsewhere, _ = world.invite(siret=SIRET, programme="autre")
    assert counts(taken_in(world, JARDINS)) == (1, 0, 0, 0)
    assert world.told("supplier.invited")[-1]["organisation_id"] == str(elsewhere.organisation_id)
    assert len(world.told("organisation.registered")) == 1


def test_a_buyer_imports_in_its_own_name_and_always_invites(world: World) -> None:
    mauguio = world.buyer("Ville de Mauguio")
    taken_in(world, JARDINS, inviter_id=mauguio)
    assert world.told("supplier.invited")[0]["invited_by"][0]["organisation_id"] == str(mauguio)
    with pytest.raises(DomainError, match="Only the chamber"):
        started(world, ZEBULON, inviter_id=mauguio, invites=False)


def test_wrong_rows_are_told_with_their_numbers_and_the_others_taken_in(world: World) -> None:
    world.apply("Ville de Lattes", siret=OTHER_SIRET)
    found = taken_in(
        world,
        JARDINS,
        ["", "", "", "", "x@x.example"],
        [],
        ["Faux siret", "73282932000075", "Atlantide", "", "pas une adresse"],
        ["Acheteur", OTHER_SIRET, "", "", "a@a.example"],
        ["Sans adresse", "", "", "", ""],
    )
    assert counts(found) == (1, 0, 0, 4)
    assert wrong(world, found) == [
        (3, ["organisation_name"]),
        (5, ["siret", "commune", "contact_email"]),
        (6, ["siret"]),
        (7, ["contact_email"]),
    ]


def test_what_is_done_is_not_done_again_after_a_sudden_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "ROWS_IN_A_PART", 2)
    rows = [[f"Ferme {number}", "", "", "", f"f{number}@f.example"] for number in range(5)]
    found = started(world, *rows)
    assert importing.advance(world.runtime)
    with monkeypatch.context() as broken:
        broken.setattr(imports, "forget_part", _die)
        with pytest.raises(KeyboardInterrupt):
            importing.advance(world.runtime)
    assert world.read(SupplierImport, found.id).parts_done == 1
    while importing.advance(world.runtime):
        pass
    assert counts(world.read(SupplierImport, found.id)) == (5, 0, 0, 0)
    assert len(world.told("supplier.invited")) == 5


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_an_import_that_breaks_off_does_not_keep_others_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = started(world, JARDINS)
    whole = started(world, ZEBULON)
    with world.work() as work:
        imports.forget_part(work.session, broken.id, 0)
    while importing.advance(world.runtime):
        pass
    assert world.read(SupplierImport, broken.id).state is ImportState.FAILED
    assert world.read(SupplierImport, whole.id).state is ImportState.DONE


def test_the_rows_are_not_kept_when_they_are_taken_in(world: World) -> None:
    found = taken_in(world, JARDINS)
    with world.runtime.read() as session, pytest.raises(DomainError):
        imports.part(session, found.id, 0)


def test_an_import_is_started_once_and_with_the_columns_that_it_needs(world: World) -> None:
    found = uploaded(world, JARDINS)
    assert found.mapped == COLUMNS, "guessed from the headers"
    for columns, field in (
        ({}, "organisation_name"),
        ({Column.ORGANISATION_NAME: 0}, "contact_email"),
        ({Column.ORGANISATION_NAME: 0, Column.CONTACT_EMAIL: 0}, "contact_email"),
        ({Column.ORGANISATION_NAME: 9, Column.CONTACT_EMAIL: 4}, "organisation_name"),
    ):
        with pytest.raises(DomainError) as refused:
            world.do(importing.start, found.id, columns, True)
        assert refused.value.field == field
    world.do(importing.start, found.id, COLUMNS, True)
    with pytest.raises(Conflict, match="already"):
        world.do(importing.start, found.id, COLUMNS, True)


def test_a_header_alone_is_no_list(world: World) -> None:
    with pytest.raises(DomainError, match="no row"):
        uploaded(world)
