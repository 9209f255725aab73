"""One's own profile: name, language and telephone number, and what follows them elsewhere."""

from flask.testing import FlaskClient

from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import people, suppliers
from services.enrolment.handlers.profile import profiles
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

MARIE = "marie@jardins.example"
CHANGED = {"name": "Hélène Martin", "locale": "en", "phone": "04 67 12 34 56"}


def bearer(browser: FlaskClient) -> dict[str, str]:
    """A token with the manager's role."""
    page = browser.post("/account/tokens", data={"name": "CRM", "roles": ["manager.cesar."], "days": "30"})
    secret = page.text.partition('<code class="secret">')[2].partition("<")[0]
    return {"Authorization": f"Bearer {secret}"}


def test_a_new_name_is_shown_at_once_and_told_to_others(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    assert browser.post("/account", data=CHANGED).status_code == 303
    page = browser.get("/account").text
    assert page.count("Hélène Martin") >= 2
    assert 'value="04 67 12 34 56"' in page
    told = world.told("person.updated")[-1]
    assert (told["name"], told["locale"], told["email"]) == ("Hélène Martin", "en", HELENE)


def test_what_changes_nothing_is_told_to_nobody(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    for _ in range(2):
        browser.post("/account", data=CHANGED)
    assert len(world.told("person.updated")) == 1


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(visit: Visit) -> None:
    browser = visit(HELENE)
    page = browser.post("/account", data={"name": "", "locale": "xx", "phone": "demain"})
    assert page.status_code == 422
    assert 'value="demain"' in page.text
    assert page.text.count("field--wrong") == 3


def test_suppliers_know_their_contact_by_the_new_name(world: World) -> None:
    supplier, token = world.invite()
    assert token is not None
    marie = world.do(suppliers.accept_invitation, token, "Marie Vidal")
    command = profiles.ChangeProfile(person_id=marie.id, name="Marie Blanc", locale="en", phone="")
    world.do(profiles.change_profile, command)
    assert world.read(SupplierEnrolment, supplier.id).contact_name == "Marie Blanc"
    contact = world.told("supplier.updated")[-1]["contact"]
    assert (contact["name"], contact["locale"], contact["email"]) == ("Marie Blanc", "en", MARIE)


def test_programs_change_only_what_they_have_read(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    token = bearer(browser)
    read = browser.get("/api/account/profile", headers=token)
    assert (read.json["name"], read.json["email"], read.json["new_address"]) == ("Hélène C.", HELENE, None)
    change = {"json": CHANGED}
    assert browser.put("/api/account/profile", headers=token, **change).status_code == 428
    right = {**token, "If-Match": read.headers["ETag"]}
    assert browser.put("/api/account/profile", headers=right, **change).json["phone"] == CHANGED["phone"]
    assert browser.put("/api/account/profile", headers=right, **change).status_code == 412


def test_a_token_is_not_enough_for_another_address(visit: Visit) -> None:
    browser = visit(HELENE)
    token = bearer(browser)
    elsewhere = {"json": {"email": "thief@elsewhere.example"}, "headers": token}
    stranger = visit()
    assert stranger.post("/api/account/profile/address", **elsewhere).status_code == 403
    assert stranger.post("/account/address", data=elsewhere["json"], headers=token).status_code == 403


def test_the_page_is_for_whoever_is_signed_in(world: World, visit: Visit) -> None:
    world.do(
        people.register_person,
        people.RegisterPerson(
            name="Léo Bru", email="leo@jury.example", grant=PersonGrant(Role.JURY, "cesar")
        ),
    )
    assert "Mon profil" in visit("leo@jury.example").get("/account").text
    assert visit().get("/account").status_code == 303
