"""What is put right about a supplier: its link, its contact, its details, whether it takes part."""

from typing import Any
from uuid import UUID

import pytest

from services.chassis.model import Conflict, Forbidden, Gone
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Role
from services.enrolment.domain.supplier import SupplierEnrolment, SupplierState
from services.enrolment.handlers import organisation_changes, supplier_changes, suppliers
from services.enrolment.handlers.organisation_changes import CorrectOrganisation
from services.enrolment.handlers.supplier_changes import CorrectContact
from services.enrolment.storage import queries
from tests.support.services import PUBLIC_URL
from tests.unit.enrolment.world import HELENE, OTHER_SIRET, SIRET, World


@pytest.fixture
def manager(world: World) -> UUID:
    return world.person(HELENE, Role.MANAGER).id


def send_again(world: World, supplier: SupplierEnrolment, by: UUID) -> str:
    """The new link's secret."""
    world.do(supplier_changes.invite_again, supplier.id, by, PUBLIC_URL)
    return newest_secret(world)


def newest_secret(world: World) -> str:
    return str(world.told("supplier.invited")[-1]["invitation_url"].rpartition("/")[2])


def correct_contact(world: World, supplier: SupplierEnrolment, by: UUID, email: str, **known: Any) -> None:
    command = CorrectContact(
        supplier_id=supplier.id, name=known.pop("name", "Marie Vidal"), email=email, by=by, **known
    )
    world.do(supplier_changes.correct_contact, command, PUBLIC_URL)


def correction(supplier: SupplierEnrolment, by: UUID, **known: Any) -> CorrectOrganisation:
    details = {"name": "Jardins du Lez", "commune": "34172", "size": None, "siret": None, **known}
    return CorrectOrganisation(organisation_id=supplier.organisation_id, by=by, **details)


def test_an_invitation_is_sent_again_and_the_old_link_dies(world: World, manager: UUID) -> None:
    supplier, old = world.invite()
    world.clock.move(days=2)
    new = send_again(world, supplier, manager)
    with pytest.raises(Gone):
        world.do(suppliers.accept_invitation, old, "Marie Vidal")
    world.do(suppliers.accept_invitation, new, "Marie Vidal")
    assert world.read(SupplierEnrolment, supplier.id).state == SupplierState.ENROLLED


def test_it_is_not_sent_again_within_a_day(world: World, manager: UUID) -> None:
    supplier, secret = world.invite()
    world.clock.move(hours=23)
    with pytest.raises(Conflict):
        send_again(world, supplier, manager)
    world.clock.move(hours=2)
    send_again(world, supplier, manager)
    with pytest.raises(Conflict):
        send_again(world, supplier, manager)
    assert len(world.told("supplier.invited")) == 2
    assert secret is not None


def test_nobody_is_invited_again_who_has_answered(world: World, manager: UUID) -> None:
    supplier, secret = world.invite()
    world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    world.clock.move(days=2)
    with pytest.raises(Conflict):
        send_again(world, supplier, manager)


def test_a_corrected_address_gets_a_new_link_and_the_old_one_dies(world: World, manager: UUID) -> None:
    supplier, old = world.invite(contact_email="mraie@jardins.example")
    correct_contact(world, supplier, manager, " Marie@Jardins.example")
    told = world.told("supplier.invited")[-1]
    assert told["contact"]["email"] == "marie@jardins.example"
    with pytest.raises(Gone):
        world.do(suppliers.accept_invitation, old, "Somebody else")
    person = world.do(suppliers.accept_invitation, newest_secret(world), "Marie Vidal")
    assert person.email == "marie@jardins.example"


def test_a_corrected_name_alone_sends_no_mail(world: World, manager: UUID) -> None:
    supplier, _ = world.invite()
    correct_contact(world, supplier, manager, "marie@jardins.example", name="Marie Vidale")
    assert len(world.told("supplier.invited")) == 1
    assert world.told("supplier.updated")[-1]["contact"]["name"] == "Marie Vidale"


def test_the_contact_of_who_has_accepted_is_theirs(world: World, manager: UUID) -> None:
    supplier, secret = world.invite()
    world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    with pytest.raises(Conflict):
        correct_contact(world, supplier, manager, "other@jardins.example")


def test_the_later_of_two_who_correct_is_told(world: World, manager: UUID) -> None:
    supplier, _ = world.invite()
    seen = world.read(SupplierEnrolment, supplier.id).version
    correct_contact(world, supplier, manager, "one@jardins.example", seen_version=seen)
    with pytest.raises(Conflict, match="meanwhile"):
        correct_contact(world, supplier, manager, "two@jardins.example", seen_version=seen)
    seen = world.read(Organisation, supplier.organisation_id).version
    command = correction(supplier, manager, name="Les Jardins du Lez", seen_version=seen)
    world.do(organisation_changes.correct_by_team, command, ("cesar",))
    with pytest.raises(Conflict, match="meanwhile"):
        world.do(organisation_changes.correct_by_team, command, ("cesar",))


def test_who_has_left_is_invited_no_more_and_can_come_back(world: World, manager: UUID) -> None:
    supplier, secret = world.invite()
    with world.work() as work:
        supplier_changes.leave(supplier.id, work, reason="Cessation", by=manager)
    with pytest.raises(Gone):
        world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    with pytest.raises(Conflict):
        world.do(supplier_changes.leave, supplier.id)
    world.do(supplier_changes.come_back, supplier.id, manager, PUBLIC_URL)
    assert world.read(SupplierEnrolment, supplier.id).state == SupplierState.INVITED
    world.do(suppliers.accept_invitation, newest_secret(world), "Marie Vidal")
    world.do(supplier_changes.leave, supplier.id)
    world.do(supplier_changes.come_back, supplier.id, manager, PUBLIC_URL)
    assert world.told("supplier.returned")[-1]["state"] == "enrolled"
    with pytest.raises(Conflict):
        world.do(supplier_changes.come_back, supplier.id, manager, PUBLIC_URL)


def test_an_establishment_that_moves_gets_its_new_siret(world: World, manager: UUID) -> None:
    supplier, _ = world.invite(siret=SIRET)
    command = correction(supplier, manager, siret=OTHER_SIRET, commune="34154", size="10-49")
    world.do(organisation_changes.correct_by_team, command, ("cesar",))
    told = world.told("organisation.updated")[-1]
    assert (told["siret"], told["commune_name"], told["size"]) == (OTHER_SIRET, "Mauguio", "10-49")
    assert world.told("supplier.updated")[-1]["commune_name"] == "Mauguio"


def test_a_siret_that_is_anothers_is_refused(world: World, manager: UUID) -> None:
    world.invite(siret=SIRET)
    supplier, _ = world.invite(organisation_name="Jardins", contact_email="j@jardins.example")
    with pytest.raises(Conflict) as refused:
        world.do(organisation_changes.correct_by_team, correction(supplier, manager, siret=SIRET), ("cesar",))
    assert refused.value.field == "siret"


def test_nothing_is_told_when_nothing_changes(world: World, manager: UUID) -> None:
    supplier, _ = world.invite()
    world.do(organisation_changes.correct_by_team, correction(supplier, manager), ("cesar",))
    assert world.told("organisation.updated") == []


def test_what_takes_part_elsewhere_too_is_not_for_one_team_to_change(world: World, manager: UUID) -> None:
    supplier, _ = world.invite(siret=SIRET)
    world.programme("autre")
    world.invite(programme="autre", siret=SIRET)
    command = correction(supplier, manager, name="Autre nom")
    with pytest.raises(Forbidden):
        world.do(organisation_changes.correct_by_team, command, ("cesar",))
    world.do(organisation_changes.correct_by_team, command, ("cesar", "autre"))
    assert world.read(Organisation, supplier.organisation_id).name == "Autre nom"


def test_a_buyers_new_name_stands_with_those_whom_it_invited(world: World, manager: UUID) -> None:
    mauguio = world.buyer("Ville de Mauguio")
    world.invite(mauguio)
    command = CorrectOrganisation(
        organisation_id=mauguio,
        name="Mauguio Carnon",
        commune="34154",
        size="50-249",
        siret=None,
        legal_form="public",
        by=manager,
    )
    world.do(organisation_changes.correct_by_own_people, command)
    assert world.told("supplier.updated")[-1]["invited_by"][0]["organisation_name"] == "Mauguio Carnon"


def test_its_own_people_say_the_siret_once(world: World, manager: UUID) -> None:
    supplier, _ = world.invite()
    world.do(organisation_changes.correct_by_own_people, correction(supplier, manager, siret=SIRET))
    with world.runtime.read() as session:
        assert queries.organisation_by_siret(session, SIRET) is not None
    with pytest.raises(Forbidden) as refused:
        world.do(organisation_changes.correct_by_own_people, correction(supplier, manager, siret=OTHER_SIRET))
    assert refused.value.field == "siret"
