"""Suppliers are invited, by one or several, and accept: through the use cases, on a database."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from services.chassis.model import Conflict, Forbidden, Gone
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.supplier import INVITATION_LIFETIME, SupplierEnrolment, SupplierState
from services.enrolment.handlers import merging, supplier_changes, suppliers
from tests.unit.enrolment.world import HELENE, OTHER_SIRET, SIRET, World


def how_many_suppliers(world: World) -> int:
    with world.runtime.read() as session:
        return session.scalar(select(func.count()).select_from(SupplierEnrolment)) or 0


def test_the_chamber_invites_under_its_own_name(world: World) -> None:
    supplier, _ = world.invite()
    assert [inviter.organisation_name for inviter in supplier.invited_by] == ["CCI Hérault"]
    assert supplier.state is SupplierState.INVITED


def test_one_siret_invited_by_two_buyers_is_one_supplier(world: World) -> None:
    mauguio, lattes = world.buyer("Ville de Mauguio"), world.buyer("Ville de Lattes")
    first, _ = world.invite(mauguio, siret=SIRET)
    second, _ = world.invite(
        lattes, siret=SIRET, organisation_name="Les Jardins", contact_email="contact@jardins.example"
    )
    assert second.id == first.id
    assert [inviter.organisation_id for inviter in second.invited_by] == [mauguio, lattes]
    assert how_many_suppliers(world) == 1


@pytest.mark.parametrize("name", ["Jardins du Lez", "LES JARDINS DU LÈZ", "EARL Jardins-du-Lez"])
def test_one_name_and_address_invited_by_two_buyers_is_one_supplier(world: World, name: str) -> None:
    first, _ = world.invite(world.buyer("Ville de Mauguio"))
    second, _ = world.invite(
        world.buyer("Ville de Lattes"), organisation_name=name, contact_email="MARIE@jardins.example"
    )
    assert second.id == first.id


@pytest.mark.parametrize("siret", [None, SIRET])
def test_one_address_with_another_name_is_another_supplier(world: World, siret: str | None) -> None:
    """One accountant answers for many firms."""
    first, _ = world.invite(world.buyer("Ville de Mauguio"), organisation_name="Ferme du Pech")
    second, _ = world.invite(
        world.buyer("Ville de Lattes"), organisation_name="Totalement Autre", siret=siret
    )
    assert second.id != first.id
    assert world.read(Organisation, first.organisation_id).siret is None
    assert world.read(Organisation, second.organisation_id).name == "Totalement Autre"
    assert {each["organisation_name"] for each in world.told("supplier.invited")} == {
        "Ferme du Pech",
        "Totalement Autre",
    }


def test_the_name_of_what_was_merged_into_a_supplier_still_means_it(world: World) -> None:
    kept, _ = world.invite(organisation_name="Midi Bois")
    other, _ = world.invite(organisation_name="Charpentes du Midi")
    command = merging.MergeOrganisations(
        programme="cesar",
        kept_id=kept.organisation_id,
        merged_id=other.organisation_id,
        by=uuid4(),
        manages=("cesar",),
    )
    world.do(merging.merge, command)
    again, _ = world.invite(world.buyer(), organisation_name="Charpentes du Midi")
    assert again.id == kept.id


def test_a_siret_that_the_second_buyer_knows_completes_the_supplier(world: World) -> None:
    first, _ = world.invite(world.buyer("Ville de Mauguio"))
    second, _ = world.invite(world.buyer("Ville de Lattes"), siret=SIRET)
    assert second.id == first.id
    assert world.told("supplier.invited")[-1]["siret"] == SIRET
    assert world.told("organisation.updated")[-1]["siret"] == SIRET


def test_two_sirets_behind_one_address_are_two_suppliers(world: World) -> None:
    first, _ = world.invite(siret=SIRET)
    second, _ = world.invite(siret=OTHER_SIRET, organisation_name="Serres du Lez")
    assert first.id != second.id


def test_the_same_buyer_invites_a_supplier_once(world: World) -> None:
    mauguio = world.buyer()
    world.invite(mauguio)
    with pytest.raises(Conflict, match="already"):
        world.invite(mauguio)
    assert len(world.told("supplier.invited")) == 1


def test_an_expired_invitation_can_be_sent_again(world: World) -> None:
    mauguio = world.buyer()
    _, old = world.invite(mauguio)
    world.clock.now += INVITATION_LIFETIME
    with pytest.raises(Gone, match="expired"):
        world.do(suppliers.accept_invitation, old, "Marie Vidal")
    _, new = world.invite(mauguio)
    assert world.do(suppliers.accept_invitation, new, "Marie Vidal").email == "marie@jardins.example"


def test_a_buyer_is_not_a_supplier(world: World) -> None:
    world.apply("Ville de Mauguio", siret=SIRET)
    with pytest.raises(Conflict, match="not a supplier") as refusal:
        world.invite(siret=SIRET)
    assert refusal.value.field == "siret"
    assert how_many_suppliers(world) == 0


def test_only_a_buyer_with_a_place_invites(world: World) -> None:
    applicant = world.apply().organisation_id
    with pytest.raises(Forbidden, match="accepted"):
        world.invite(applicant)
    assert how_many_suppliers(world) == 0


def test_who_accepts_may_sign_in_for_the_supplier(world: World) -> None:
    supplier, secret = world.invite()
    person = world.do(suppliers.accept_invitation, secret, "Marie Vidal-Roux")
    assert person.grants == [PersonGrant(Role.SUPPLIER, "cesar", supplier.organisation_id)]
    stored = world.read(SupplierEnrolment, supplier.id)
    assert (stored.state, stored.contact_id) == (SupplierState.ENROLLED, person.id)
    assert stored.contact_name == "Marie Vidal-Roux"
    assert stored.enrolled_at == world.clock()


def test_somebody_who_is_known_by_the_address_gets_one_more_role(world: World) -> None:
    _, secret = world.invite(contact_email=HELENE)
    person = world.do(suppliers.accept_invitation, secret, "Hélène")
    assert {grant.role for grant in person.grants} == {Role.MANAGER, Role.SUPPLIER}


def test_an_invitation_is_accepted_once(world: World) -> None:
    _, secret = world.invite()
    world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    with pytest.raises(Gone, match="accepted already"):
        world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    assert len(world.told("supplier.enrolled")) == 1


def test_whoever_knows_the_siret_gets_no_access_by_inviting_their_own_address(world: World) -> None:
    """The link goes to the contact that is known, so it must not register another address."""
    world.invite(world.buyer("Ville de Mauguio"), siret=SIRET)
    _, secret = world.invite(
        world.buyer("Ville de Lattes"), siret=SIRET, contact_email="curious@lattes.example"
    )
    assert world.told("supplier.invited")[-1]["contact"]["email"] == "marie@jardins.example"
    assert world.do(suppliers.accept_invitation, secret, "Marie").email == "marie@jardins.example"


def test_a_supplier_that_takes_part_is_not_asked_again(world: World) -> None:
    _, secret = world.invite(world.buyer("Ville de Mauguio"))
    world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    lattes = world.buyer("Ville de Lattes")
    supplier, secret = world.invite(lattes)
    assert secret is None
    told = world.told("supplier.invited")[-1]
    assert (told["state"], told["invitation_url"]) == ("enrolled", None)
    assert lattes in [inviter.organisation_id for inviter in supplier.invited_by]


def test_the_secret_of_an_invitation_leaves_by_mail_only(world: World) -> None:
    _, secret = world.invite()
    assert secret is not None
    assert world.told("supplier.invited")[-1]["invitation_url"].endswith(f"/invitations/{secret}")
    with world.runtime.read() as session:
        assert secret not in str(session.connection().exec_driver_sql("SELECT * FROM invitation").all())


def test_a_supplier_may_leave_and_come_back(world: World) -> None:
    supplier, secret = world.invite()
    world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    world.do(supplier_changes.leave, supplier.id)
    assert world.told("supplier.left")[-1]["state"] == "left"
    world.clock.now += timedelta(days=90)
    _, secret = world.invite()
    person = world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    assert world.read(SupplierEnrolment, supplier.id).state is SupplierState.ENROLLED
    assert len(world.read(Person, person.id).grants) == 1
    assert world.read(Organisation, supplier.organisation_id).kind == "supplier"
