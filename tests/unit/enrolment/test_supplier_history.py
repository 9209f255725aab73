"""What a supplier's page tells of its links: that one has expired is told whatever happened since."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from services.chassis.privacy import retention
from services.enrolment.domain.supplier import INVITATION_LIFETIME, SupplierEnrolment
from services.enrolment.handlers import supplier_changes, suppliers
from services.enrolment.handlers.supplier_changes import CorrectContact
from tests.support.services import PUBLIC_URL
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, MONDAY, World

EXPIRED = MONDAY + INVITATION_LIFETIME
INVITED = ("invited", MONDAY.isoformat())
LINK_EXPIRED = ("link_expired", EXPIRED.isoformat())

Deed = Callable[[World, SupplierEnrolment, UUID], object]


def send_again(world: World, supplier: SupplierEnrolment, by: UUID) -> object:
    return world.do(supplier_changes.invite_again, supplier.id, by, PUBLIC_URL)


def correct_address(world: World, supplier: SupplierEnrolment, by: UUID) -> object:
    command = CorrectContact(supplier_id=supplier.id, name="Marie Vidal", email="m@lez.example", by=by)
    return world.do(supplier_changes.correct_contact, command, PUBLIC_URL)


def leave(world: World, supplier: SupplierEnrolment, by: UUID) -> object:
    with world.work() as work:
        return supplier_changes.leave(supplier.id, work, by=by)


def invite_anew(world: World, _supplier: SupplierEnrolment, _by: UUID) -> object:
    return world.invite()[0]


@pytest.fixture
def supplier(world: World) -> SupplierEnrolment:
    return world.invite()[0]


@pytest.fixture
def manager(world: World) -> UUID:
    return UUID(world.told("person.registered")[0]["id"])


def history(visit: Visit, supplier: SupplierEnrolment) -> list[tuple[str, str]]:
    """The first thing first."""
    told = visit(HELENE).get(f"/api/suppliers/{supplier.id}").get_json()["history"]
    return [(each["what"], each["at"]) for each in reversed(told)]


@pytest.mark.parametrize(
    ("deed", "what"),
    [
        (send_again, "invited_again"),
        (correct_address, "contact_corrected"),
        (leave, "left"),
        (invite_anew, "invited"),
    ],
)
def test_a_link_that_had_expired_is_told_before_what_came_after_it(
    world: World, visit: Visit, supplier: SupplierEnrolment, manager: UUID, deed: Deed, what: str
) -> None:
    world.clock.move(days=70)
    deed(world, supplier, manager)
    later = world.clock()
    world.clock.move(days=500)
    retention.run(world.runtime)
    told = [INVITED, LINK_EXPIRED, (what, later.isoformat())]
    if what != "left":
        told.append(("link_expired", (later + INVITATION_LIFETIME).isoformat()))
    assert history(visit, supplier) == told


@pytest.mark.parametrize("deed", [send_again, correct_address, leave])
def test_a_link_that_gave_way_in_time_has_not_expired(
    world: World, visit: Visit, supplier: SupplierEnrolment, manager: UUID, deed: Deed
) -> None:
    world.clock.move(days=30)
    deed(world, supplier, manager)
    world.clock.move(days=40)
    assert "link_expired" not in [what for what, _at in history(visit, supplier)]


def test_who_was_brought_back_has_no_expired_link_for_having_left(
    world: World, visit: Visit, supplier: SupplierEnrolment, manager: UUID
) -> None:
    world.clock.move(days=10)
    leave(world, supplier, manager)
    world.clock.move(days=10)
    world.do(supplier_changes.come_back, supplier.id, manager, PUBLIC_URL)
    assert [what for what, _at in history(visit, supplier)] == ["invited", "left", "returned"]


def test_each_of_several_links_that_expired_is_told(
    world: World, visit: Visit, supplier: SupplierEnrolment, manager: UUID
) -> None:
    for _time in range(2):
        world.clock.move(days=70)
        send_again(world, supplier, manager)
    told = ["invited", "link_expired", "invited_again", "link_expired", "invited_again"]
    assert [what for what, _at in history(visit, supplier)] == told


def test_what_was_accepted_did_not_expire_although_an_earlier_link_did(
    world: World, visit: Visit, supplier: SupplierEnrolment, manager: UUID
) -> None:
    world.clock.move(days=70)
    send_again(world, supplier, manager)
    secret = str(world.told("supplier.invited")[-1]["invitation_url"].rpartition("/")[2])
    world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    world.clock.move(days=100)
    told = history(visit, supplier)
    assert [what for what, _at in told] == ["invited", "link_expired", "invited_again", "enrolled"]
    assert told[1] == LINK_EXPIRED


def test_an_invitation_by_another_buyer_is_no_end_of_the_first(
    world: World, visit: Visit, supplier: SupplierEnrolment
) -> None:
    buyer = world.buyer()
    world.clock.move(days=50)
    world.invite(buyer)
    world.clock.move(days=20)
    assert [what for what, _at in history(visit, supplier)] == ["invited", "invited"]
    world.clock.move(days=45)
    ends = (MONDAY + timedelta(days=50) + INVITATION_LIFETIME).isoformat()
    assert history(visit, supplier)[-1] == ("link_expired", ends)
