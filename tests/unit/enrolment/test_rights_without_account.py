"""Whose data are kept without an account: a copy, an erasure and an end, as for everybody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.chassis import inbox
from services.chassis.inbox import Delivery
from services.chassis.privacy import retention
from services.enrolment.domain.person import Person, Role
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import suppliers
from services.enrolment.storage.tables import people
from tests.support.services import PUBLIC_URL, recorded
from tests.support.traces import traces
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

MARIE = "marie@jardins.example"


def accounts(world: World) -> set[str]:
    with world.runtime.read() as session:
        return set(session.scalars(select(people.c.email)))


def hear_own_events(world: World) -> None:
    wanted = world.runtime.service.reactions.event_types
    inbox.handle(
        world.runtime, [Delivery(each.to_bytes()) for each in recorded(world.runtime) if each.type in wanted]
    )


def path_of(url: object) -> str:
    return str(url).removeprefix(PUBLIC_URL)


def test_who_was_invited_gets_a_link_to_their_data_and_is_erased_everywhere(
    world: World, visit: Visit
) -> None:
    supplier, _ = world.invite()
    browser = visit()
    assert browser.post("/your-data", data={"email": MARIE.upper()}).status_code == 303
    [link] = world.told("sign_in.requested")
    assert link["email"] == MARIE
    signed_in = browser.post(path_of(link["url"]))
    assert signed_in.location == "/account/data"
    assert browser.get("/").location == "/account/data"
    assert browser.get("/suppliers").status_code == 403
    assert browser.post("/account/data/copy").status_code == 303
    assert browser.post("/account/data/erasure").status_code == 303
    [asked] = world.told("person.erasure_requested")
    assert asked["programme"] == "cesar"
    assert browser.post(path_of(asked["url"])).status_code == 200
    team = visit(HELENE)
    [told] = team.get("/api/privacy/requests").get_json()["items"]
    decision = f"/api/privacy/requests/{told['id']}/decision"
    assert team.post(decision, json={"decision": "erase"}).status_code == 200

    hear_own_events(world)

    assert "@" not in world.read(SupplierEnrolment, supplier.id).contact_email
    marie = Person(id=supplier.id, name="Marie Vidal", email=MARIE)
    # What she did herself stays in the audit log for a year, and says so.
    assert traces(world.runtime, marie) == {"audit_entry"}


def test_nobody_learns_whether_anything_is_held_under_an_address(world: World, visit: Visit) -> None:
    world.invite()
    known, unknown = (
        visit().post("/your-data", data={"email": email}) for email in (MARIE, "nobody@jardins.example")
    )
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert known.get_data() == unknown.get_data()
    assert "nobody@jardins.example" not in accounts(world)
    assert [told["email"] for told in world.told("sign_in.requested")] == [MARIE]
    assert visit().post("/your-data", data={"email": "marie"}).status_code == 422


@pytest.mark.parametrize("what", ["copy", "erasure"])
def test_the_team_asks_for_somebody_whom_its_programme_invited(world: World, visit: Visit, what: str) -> None:
    world.invite()
    world.programme("autre")
    world.person("paul@cci.example", Role.MANAGER, "autre", name="Paul Autre")
    wish = {"email": MARIE, "what": what}
    assert visit("paul@cci.example").post("/api/privacy/requests", json=wish).status_code == 404
    assert MARIE not in accounts(world)
    assert visit(HELENE).post("/api/privacy/requests", json=wish).status_code == 202
    assert MARIE in accounts(world)


def test_an_invitation_still_lets_in_who_has_asked_for_their_data(world: World, visit: Visit) -> None:
    _, token = world.invite()
    visit().post("/your-data", data={"email": MARIE})
    accepted = visit().post(f"/invitations/{token}", data={"name": "Marie V. Vidal", "agrees": "yes"})
    assert accepted.location == "/assessment/"
    with world.runtime.read() as session:
        assert session.scalar(select(people.c.name).where(people.c.email == MARIE)) == "Marie V. Vidal"


def test_who_never_answered_is_warned_after_35_months_and_erased_30_days_later(world: World) -> None:
    supplier, _ = world.invite()
    begun = world.clock.now
    world.clock.move(days=34 * 30)
    retention.run(world.runtime)
    assert MARIE not in accounts(world)
    world.clock.now = begun + timedelta(days=36 * 30.5 - 28)
    retention.run(world.runtime)
    warned = [told for told in world.told("person.account_ending") if told["contact"]["email"] == MARIE]
    assert [told["has_role"] for told in warned] == [False]
    world.clock.move(days=31)
    retention.run(world.runtime)
    hear_own_events(world)
    marie = Person(id=supplier.id, name="Marie Vidal", email=MARIE)
    assert traces(world.runtime, marie) == set()
    world.clock.move(days=1)
    assert retention.run(world.runtime)["silent-contacts"] == 0


def test_who_was_invited_again_or_takes_part_is_not_silent(world: World) -> None:
    buyer = world.buyer()
    world.invite()
    _, token = world.invite(organisation_name="Serres", contact_email="serres@lez.example", siret=None)
    assert token is not None
    world.clock.move(days=30)
    world.do(suppliers.accept_invitation, token, "Serge")
    world.clock.move(days=34 * 30)
    world.invite(buyer)
    world.clock.move(days=60)
    assert retention.run(world.runtime)["silent-contacts"] == 0
