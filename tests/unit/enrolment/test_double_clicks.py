"""What is pressed twice has one effect, and the second answer is a page that says what to do next."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from services.enrolment.domain.person import Role
from tests.support.services import PUBLIC_URL
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

ANA, ANNE = "ana@mairie.example", "anne@cci.example"
Link = Callable[[World, Visit], str]


def sign_in_link(world: World, visit: Visit) -> str:
    visit().post("/sign-in", data={"email": HELENE})
    return str(world.told("sign_in.requested")[-1]["url"])


def role_invitation(world: World, visit: Visit) -> str:
    form = {"name": "Anne Roux", "email": ANNE, "role": "adviser"}
    visit(HELENE).post("/programmes/cesar/people/invite", data=form)
    return str(world.told("role_invitation.sent")[-1]["url"])


def role_invitation_with_account(world: World, visit: Visit) -> str:
    world.person(ANA, Role.JURY, name="Ana Ruiz")
    form = {"name": "Ana Ruiz", "email": ANA, "role": "adviser"}
    visit(HELENE).post("/programmes/cesar/people/invite", data=form)
    return str(world.told("role_invitation.sent")[-1]["url"])


def supplier_invitation(world: World, _visit: Visit) -> str:
    _enrolment, secret = world.invite(world.buyer())
    return f"{PUBLIC_URL}/invitations/{secret}"


def erasure(world: World, visit: Visit) -> str:
    world.person(ANA, Role.JURY, name="Ana Ruiz")
    visit(ANA).post("/account/data/erasure")
    return str(world.told("person.erasure_requested")[-1]["url"])


def browser_for(link: Link, visit: Visit) -> FlaskClient:
    return visit(ANA) if link is role_invitation_with_account else visit()


@pytest.mark.parametrize(
    ("link", "told"),
    [
        (sign_in_link, "sign_in.requested"),
        (role_invitation, "role_invitation.accepted"),
        (role_invitation_with_account, "role_invitation.accepted"),
        (supplier_invitation, "supplier.enrolled"),
        (erasure, "person.erasure_to_decide"),
    ],
)
def test_a_link_that_is_pressed_twice_works_once_and_says_so_kindly(
    world: World, visit: Visit, link: Link, told: str
) -> None:
    address = link(world, visit)
    browser = browser_for(link, visit)
    form = {"name": "Anne Roux", "agrees": "1"}
    first = browser.post(address, data=form)
    assert first.status_code in (200, 303), first.text
    before = len(world.told(told))
    assert before > 0

    again = [browser.post(address, data=form), browser.get(address), visit().post(address, data=form)]

    assert len(world.told(told)) == before
    for answer in again:
        assert answer.status_code in (200, 303, 410), answer.text
        if answer.status_code != 303:
            page = answer.text.partition("<main")[2].partition("</main>")[0]
            assert "<h1" in page
            assert 'href="/' in page or "<form" in page, "there is a way on"


@pytest.mark.parametrize("what", ["/account/data/erasure", "/account/data/copy"])
def test_a_form_that_is_sent_twice_asks_once(world: World, visit: Visit, what: str) -> None:
    world.person(ANA, Role.JURY, name="Ana Ruiz")
    browser = visit(ANA)

    answers = [browser.post(what).status_code for _click in range(2)]

    assert answers == [303, 303]
    assert browser.get("/account/data").status_code == 200
    asked = "person.erasure_requested" if what.endswith("erasure") else "person.export_requested"
    assert len(world.told(asked)) == 1
