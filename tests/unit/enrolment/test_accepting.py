"""An invited supplier comes in by the link of its mail; who has an account signs in by themselves first."""

import pytest

from services.enrolment.domain.supplier import SupplierEnrolment, SupplierState
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

CLAIRE = "claire@mauguio.example"
TAKES_PART = {"name": "Claire Nom", "agrees": "1"}


@pytest.fixture
def invited(world: World) -> SupplierEnrolment:
    """The farm of somebody who has an account already, as a buyer."""
    world.buyer()
    supplier, _ = world.invite(contact_email=CLAIRE)
    return supplier


def link(world: World) -> str:
    address: str = world.told("supplier.invited")[-1]["invitation_url"]
    return "/invitations/" + address.rpartition("/")[2]


def test_the_link_signs_in_who_is_new(world: World, visit: Visit) -> None:
    supplier, _ = world.invite(contact_email="marie@jardins.example")
    browser = visit()
    assert browser.post(link(world), data=TAKES_PART).location == "/assessment/"
    assert world.read(SupplierEnrolment, supplier.id).state is SupplierState.ENROLLED
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("who", [None, HELENE])
def test_the_link_signs_nobody_in_as_somebody_who_has_an_account(
    world: World, visit: Visit, invited: SupplierEnrolment, who: str | None
) -> None:
    browser = visit(who)
    answer = browser.post(link(world), data=TAKES_PART)
    assert answer.status_code == 303
    assert answer.location == f"/sign-in?next={link(world).replace('/', '%2F')}"
    assert world.read(SupplierEnrolment, invited.id).state is SupplierState.INVITED
    assert "Claire" not in browser.get("/").text


def test_who_is_signed_in_accepts_with_one_click_more(
    world: World, visit: Visit, invited: SupplierEnrolment
) -> None:
    browser = visit(CLAIRE)
    assert browser.get(link(world)).status_code == 200
    assert browser.post(link(world), data=TAKES_PART).location == "/assessment/"
    assert world.read(SupplierEnrolment, invited.id).state is SupplierState.ENROLLED
