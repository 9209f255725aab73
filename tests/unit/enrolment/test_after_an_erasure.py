"""What becomes of a company whose contact is erased, and what people are told of it before."""

from datetime import datetime, timedelta

from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.supplier import SupplierEnrolment, SupplierState
from services.enrolment.handlers import supplier_changes, suppliers
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.handlers.personal_data import erasures
from tests.support.services import PUBLIC_URL
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.test_own_data import hear_own_events, link_of
from tests.unit.enrolment.world import HELENE, SIRET, World


def erase(world: World, person: Person) -> None:
    request = world.do(erasures.request_erasure, person.id, person.id, PUBLIC_URL)
    world.do(erasures.confirm_erasure, link_of(world).rpartition("/")[2])
    world.do(erasures.grant_erasure, request.id, person.id)
    hear_own_events(world)


def test_what_becomes_of_the_company_and_by_when_the_team_answers_is_said_before(
    world: World, visit: Visit
) -> None:
    _, token = world.invite()
    marie = world.do(suppliers.accept_invitation, token, "Marie Vidal")
    browser = visit(marie.email)
    alone = "Personne d’autre n’agit pour Jardins du Lez"
    assert alone in browser.get("/account/data").text
    browser.post("/account/data/erasure")
    link = link_of(world)
    assert alone in browser.get(link).text
    due = (world.clock.now + timedelta(days=30)).strftime("%d").lstrip("0")
    assert f"au plus tard le {due} " in browser.post(link).text
    assert f"au plus tard le {due} " in browser.get("/account/data").text
    [told] = world.told("person.erasure_to_decide")
    assert datetime.fromisoformat(told["answer_due"]) == world.clock.now + timedelta(days=30)
    [request] = visit(HELENE).get("/api/privacy/requests").get_json()["items"]
    page = visit(HELENE).get(f"/privacy/requests/{request['id']}").text
    assert alone in page


def test_a_supplier_whose_contact_is_erased_says_that_it_has_none(world: World, visit: Visit) -> None:
    supplier, token = world.invite(siret=SIRET)
    erase(world, world.do(suppliers.accept_invitation, token, "Marie Vidal"))
    page = visit(HELENE).get(f"/suppliers/{supplier.id}").text
    assert "a fait effacer ses données" in page
    for word in ("erased-", "Personne effacée"):
        assert word not in page
        assert word not in visit(HELENE).get("/suppliers.csv").text
    # The way out that the page names.
    world.do(supplier_changes.leave, supplier.id)
    again, _ = world.invite(contact_name="Léa Vidal", contact_email="lea@jardins.example", siret=SIRET)
    assert again.id == supplier.id
    assert (again.contact_email, again.state) == ("lea@jardins.example", SupplierState.INVITED)


def test_a_colleague_is_written_to_when_the_contact_is_erased(world: World) -> None:
    supplier, token = world.invite()
    marie = world.do(suppliers.accept_invitation, token, "Marie Vidal")
    grant = PersonGrant(Role.SUPPLIER, "cesar", supplier.organisation_id)
    world.do(register_person, RegisterPerson(name="Léa Vidal", email="lea@jardins.example", grant=grant))
    erase(world, marie)
    kept = world.read(SupplierEnrolment, supplier.id)
    assert (kept.contact_name, kept.contact_email) == ("Léa Vidal", "lea@jardins.example")
