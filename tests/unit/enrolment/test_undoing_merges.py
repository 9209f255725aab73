"""A merge is undone after somebody has accepted by a link of the supplier that was merged."""

from uuid import uuid4

import pytest
from sqlalchemy import insert

from services.chassis.model import Conflict
from services.enrolment.domain.merging import Merge
from services.enrolment.domain.person import Person
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import suppliers
from services.enrolment.storage.tables import supplier_assessments
from tests.unit.enrolment.test_merging import merged, undone
from tests.unit.enrolment.world import World


@pytest.fixture
def accepted_since(world: World) -> tuple[SupplierEnrolment, SupplierEnrolment, Merge, Person]:
    """Two who were only invited, merged; then somebody accepts by the link of the merged one."""
    kept, _ = world.invite(organisation_name="Beta Bois", contact_email="beta1@bois.example")
    other, secret = world.invite(organisation_name="BETA BOIS SUD", contact_email="beta2@bois.example")
    found = merged(world, kept, other)
    world.clock.move(days=1)
    return kept, other, found, world.do(suppliers.accept_invitation, secret, "Benoît")


AcceptedSince = tuple[SupplierEnrolment, SupplierEnrolment, Merge, Person]


def test_an_invitation_that_was_sent_before_still_lets_in(
    world: World, accepted_since: AcceptedSince
) -> None:
    kept, _other, _found, person = accepted_since
    assert [grant.organisation_id for grant in person.grants] == [kept.organisation_id]
    assert world.told("supplier.enrolled")[0]["contact"]["email"] == "beta2@bois.example"


def test_who_accepted_since_goes_with_their_link_when_it_is_undone(
    world: World, accepted_since: AcceptedSince
) -> None:
    kept, other, found, person = accepted_since
    undone(world, found)
    assert [grant.organisation_id for grant in world.read(Person, person.id).grants] == [
        other.organisation_id
    ]
    waiting, taking_part = (world.read(SupplierEnrolment, each.id) for each in (kept, other))
    assert (waiting.state, waiting.contact_id, waiting.contact_email) == (
        "invited",
        None,
        "beta1@bois.example",
    )
    assert (taking_part.state, taking_part.contact_id) == ("enrolled", person.id)
    told = {each["id"]: each for each in world.told("supplier.unmerged") + world.told("supplier.updated")}
    assert told[str(other.id)]["enrolled_at"] is not None
    assert told[str(kept.id)]["enrolled_at"] is None


def test_what_somebody_has_worked_on_since_is_not_parted(world: World, accepted_since: AcceptedSince) -> None:
    kept, _other, found, _person = accepted_since
    with world.work() as work:
        begun = {name: None for name in supplier_assessments.c.keys()}  # noqa: SIM118
        begun.update(
            id=uuid4(),
            version=1,
            programme="cesar",
            organisation_id=kept.organisation_id,
            state="in_progress",
        )
        work.session.execute(insert(supplier_assessments).values(**begun))
    with pytest.raises(Conflict, match="begun to answer"):
        undone(world, found)
