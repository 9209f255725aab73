"""Two suppliers that are one: what moves, who hears of it, and that all of it can be undone."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.chassis.listing import ListQuery
from services.chassis.model import Conflict, DomainError, Forbidden, Gone, NotFound
from services.enrolment.domain.merging import Merge
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, Role
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import merging, supplier_changes, supplier_dormancy, suppliers
from services.enrolment.storage import supplier_list, views
from services.enrolment.storage.accompanied import Accompanied
from services.enrolment.storage.supplier_list import SupplierFilter
from tests.unit.enrolment.world import OTHER_SIRET, SIRET, World

HELENE_ID = uuid4()


def merged(
    world: World, kept: SupplierEnrolment, other: SupplierEnrolment, manages: tuple[str, ...] = ("cesar",)
) -> Merge:
    command = merging.MergeOrganisations(
        programme="cesar",
        kept_id=kept.organisation_id,
        merged_id=other.organisation_id,
        by=HELENE_ID,
        manages=manages,
    )
    return world.do(merging.merge, command)


def undone(world: World, merge: Merge) -> Merge:
    return world.do(merging.undo, merge.id, HELENE_ID)


def organisation(world: World, supplier: SupplierEnrolment) -> Organisation:
    return world.read(Organisation, supplier.organisation_id)


def listed(world: World) -> list[str]:
    with world.runtime.read() as session:
        rows, _ = supplier_list.page(session, SupplierFilter(Accompanied(("cesar",))), ListQuery())
        return [row.name for row in rows]


def inviters(world: World, supplier: SupplierEnrolment) -> list[str]:
    return [each.organisation_name for each in world.read(SupplierEnrolment, supplier.id).invited_by]


@pytest.fixture
def twins(world: World) -> tuple[SupplierEnrolment, SupplierEnrolment]:
    """Midi Bois, invited by the chamber and taking part; Midi-Bois with a SIRET, invited by Mauguio."""
    kept, secret = world.invite(organisation_name="Midi Bois", contact_email="a@midi.example", commune=None)
    world.do(suppliers.accept_invitation, secret, "Anne")
    mauguio = world.buyer("Ville de Mauguio")
    other, _ = world.invite(
        mauguio, organisation_name="Midi-Bois", contact_email="b@midi.example", siret=SIRET
    )
    return kept, other


Twins = tuple[SupplierEnrolment, SupplierEnrolment]


def state_of(world: World, twins: Twins) -> dict[str, Any]:
    """Everything that a merge touches."""
    kept, other = twins
    found: dict[str, Any] = {"listed": listed(world)}
    for name, supplier in (("kept", kept), ("other", other)):
        enrolment = world.read(SupplierEnrolment, supplier.id)
        found[name] = {
            "organisation": {
                key: value
                for key, value in vars(world.read(Organisation, supplier.organisation_id)).items()
                if key not in ("_sa_instance_state", "version")
            },
            "inviters": inviters(world, supplier),
            "state": enrolment.state,
            "contact": enrolment.contact_email,
            "invited_at": enrolment.invited_at,
            "merged_into": enrolment.merged_into,
        }
    return found


def test_the_kept_one_takes_over_what_it_lacks_and_who_invited_the_other(world: World, twins: Twins) -> None:
    kept, other = twins
    merged(world, kept, other)
    assert organisation(world, kept).siret == SIRET
    assert organisation(world, kept).commune_name == "Montpellier"
    assert organisation(world, kept).name == "Midi Bois"
    assert organisation(world, other).siret is None
    assert organisation(world, other).merged_into == kept.organisation_id
    assert inviters(world, kept) == ["CCI Hérault", "Ville de Mauguio"]
    assert listed(world) == ["Midi Bois"]


def test_the_figures_count_one(world: World, twins: Twins) -> None:
    merged(world, *twins)
    with world.runtime.read() as session:
        assert views.count_suppliers(session, "cesar") == {"enrolled": 1}


def test_the_others_hear_of_it_with_all_ids(world: World, twins: Twins) -> None:
    kept, other = twins
    merged(world, kept, other)
    told = world.told("organisation.merged")[-1]
    assert (told["id"], told["kept_id"], told["merged_into"]) == (
        str(other.organisation_id),
        str(kept.organisation_id),
        str(kept.organisation_id),
    )
    assert told["enrolments"] == [{"id": str(other.id), "programme": "cesar", "merged_into": str(kept.id)}]
    part = world.told("supplier.merged")[-1]
    assert (part["id"], part["organisation_id"], part["merged_into"]) == (
        str(other.id),
        str(kept.organisation_id),
        str(kept.id),
    )
    assert [each["organisation_name"] for each in world.told("supplier.updated")[-1]["invited_by"]] == [
        "CCI Hérault",
        "Ville de Mauguio",
    ]


def test_everything_is_as_before_when_it_is_undone(world: World, twins: Twins) -> None:
    before = state_of(world, twins)
    undone(world, merged(world, *twins))
    assert state_of(world, twins) == before
    assert world.told("organisation.unmerged")[-1]["merged_into"] is None
    assert world.told("supplier.unmerged")[-1]["organisation_id"] == str(twins[1].organisation_id)


def test_what_changed_meanwhile_on_the_kept_side_stays(world: World, twins: Twins) -> None:
    kept, other = twins
    found = merged(world, kept, other)
    world.do(supplier_changes.leave, kept.id)
    undone(world, found)
    assert world.read(SupplierEnrolment, kept.id).state == "left"
    assert organisation(world, other).siret == SIRET


def test_the_people_of_both_act_for_the_one_and_are_given_back(world: World, twins: Twins) -> None:
    kept, other = twins
    secret = world.told("supplier.invited")[-1]["invitation_url"].rpartition("/")[2]
    benoit = world.do(suppliers.accept_invitation, secret, "Benoît")
    found = merged(world, kept, other)

    def acts_for() -> list[UUID | None]:
        return [grant.organisation_id for grant in world.read(Person, benoit.id).grants]

    assert acts_for() == [kept.organisation_id]
    undone(world, found)
    assert acts_for() == [other.organisation_id]


def test_where_somebody_takes_part_already_the_others_link_lets_nobody_in(world: World, twins: Twins) -> None:
    secret = world.told("supplier.invited")[-1]["invitation_url"].rpartition("/")[2]
    merged(world, *twins)
    with pytest.raises(Gone, match="ask a colleague"):
        world.do(suppliers.accept_invitation, secret, "Benoît")


def test_whoever_works_for_the_merged_one_makes_the_kept_one_active(world: World, twins: Twins) -> None:
    kept, other = twins
    merged(world, kept, other)
    world.do(supplier_dormancy.activate_supplier, "cesar", other.organisation_id, world.clock())
    assert world.read(SupplierEnrolment, kept.id).state == "active"


def test_who_is_invited_by_the_others_siret_is_the_kept_one(world: World, twins: Twins) -> None:
    kept, other = twins
    merged(world, kept, other)
    lattes = world.buyer("Ville de Lattes")
    found, _ = world.invite(lattes, siret=SIRET, contact_email="new@midi.example")
    assert found.id == kept.id


def test_an_enrolment_in_a_programme_where_the_kept_one_is_not_goes_along(world: World, twins: Twins) -> None:
    kept, other = twins
    world.programme("autre")
    elsewhere, _ = world.invite(siret=SIRET, programme="autre", contact_email="b@midi.example")
    with pytest.raises(Forbidden, match="another programme"):
        merged(world, kept, other)
    found = merged(world, kept, other, manages=("cesar", "autre"))
    assert world.read(SupplierEnrolment, elsewhere.id).organisation_id == kept.organisation_id
    undone(world, found)
    assert world.read(SupplierEnrolment, elsewhere.id).organisation_id == other.organisation_id


def test_the_one_whose_people_take_part_is_kept(world: World, twins: Twins) -> None:
    kept, other = twins
    with pytest.raises(DomainError, match="take part already") as refused:
        merged(world, other, kept)
    assert refused.value.field == "kept_id"


def test_two_establishments_are_not_merged(world: World, twins: Twins) -> None:
    _, other = twins
    third, _ = world.invite(organisation_name="Bois de Sète", siret=OTHER_SIRET, contact_email="c@x.example")
    with pytest.raises(DomainError, match="different SIRETs"):
        merged(world, third, other)


def test_only_two_different_suppliers_of_the_programme_are_merged(world: World, twins: Twins) -> None:
    kept, other = twins
    with pytest.raises(DomainError, match="two different"):
        merged(world, kept, kept)
    buyer = world.apply("Ville de Lattes")
    other.organisation_id = buyer.organisation_id
    with pytest.raises(DomainError, match="Only suppliers"):
        merged(world, kept, other)
    other.organisation_id = uuid4()
    with pytest.raises(NotFound):
        merged(world, kept, other)


def test_what_is_merged_is_not_merged_again(world: World, twins: Twins) -> None:
    merged(world, *twins)
    with pytest.raises(Conflict, match="already"):
        merged(world, *twins)


def test_merges_that_build_on_each_other_are_undone_the_last_one_first(world: World, twins: Twins) -> None:
    kept, other = twins
    first = merged(world, kept, other)
    third, secret = world.invite(organisation_name="Midi Bois 34", contact_email="c@midi.example")
    world.do(suppliers.accept_invitation, secret, "Chloé")
    world.clock.move(hours=1)
    second = merged(world, third, kept)
    with pytest.raises(Conflict, match="undo that one first"):
        undone(world, first)
    undone(world, second)
    undone(world, first)
    with pytest.raises(Conflict, match="undone already"):
        undone(world, first)
    assert len(listed(world)) == 3


def test_two_who_are_told_apart_have_to_be_of_the_programme(world: World, twins: Twins) -> None:
    world.programme("autre")
    stranger, _ = world.invite(programme="autre", contact_email="s@s.example")
    ids = (twins[0].organisation_id, stranger.organisation_id)
    with pytest.raises(Forbidden):
        world.do(merging.say_distinct, "cesar", *ids, HELENE_ID)
    assert world.person("h@x.example", Role.MANAGER).grants
