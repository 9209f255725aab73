"""The page of one supplier: who sees it, what it says, and what may be done there."""

import re
from typing import Any
from uuid import UUID

import pytest

from services.chassis.privacy import retention
from services.enrolment.domain.person import Role
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import contacts, suppliers
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, OTHER_SIRET, SIRET, World

BUYER, OTHER_BUYER = "claire@mauguio.example", "claire@lattes.example"
CONTACT = {"contact_name": "Marie Vidal", "contact_email": "marie@jardins.example"}
DETAILS = {"organisation_name": "Jardins du Lez", "commune": "Montpellier (34)"}


@pytest.fixture
def mauguio(world: World) -> UUID:
    return world.buyer("Ville de Mauguio")


@pytest.fixture
def supplier(world: World, mauguio: UUID) -> SupplierEnrolment:
    return world.invite(mauguio)[0]


def page_of(supplier: SupplierEnrolment) -> str:
    return f"/suppliers/{supplier.id}"


def api_of(supplier: SupplierEnrolment) -> str:
    return f"/api/suppliers/{supplier.id}"


def hidden_version(page: str) -> str:
    found = re.search(r'name="seen_version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_the_list_leads_to_the_page_of_each(world: World, visit: Visit, supplier: SupplierEnrolment) -> None:
    for who in (HELENE, BUYER):
        browser = visit(who)
        assert f'href="{page_of(supplier)}"' in browser.get("/suppliers").text
        page = browser.get(page_of(supplier))
        assert page.status_code == 200
        for told in ("Jardins du Lez", "marie@jardins.example", "Montpellier", "Ville de Mauguio"):
            assert told in page.text


def test_whoever_does_not_see_it_in_the_list_does_not_find_it(
    world: World, visit: Visit, supplier: SupplierEnrolment
) -> None:
    world.buyer("Ville de Lattes")
    world.programme("autre")
    world.person("paul@cci.example", Role.MANAGER, "autre")
    world.person("anne@conseil.example", Role.ADVISER)
    for who in (OTHER_BUYER, "paul@cci.example", "anne@conseil.example"):
        browser = visit(who)
        assert browser.get(page_of(supplier)).status_code == 404
        assert browser.get(api_of(supplier)).status_code == 404
        assert browser.post(f"{page_of(supplier)}/invitation").status_code in (403, 404)
    assert len(world.told("supplier.invited")) == 1


def test_an_adviser_looks_and_changes_nothing(world: World, visit: Visit) -> None:
    world.person("anne@conseil.example", Role.ADVISER)
    chambers, _ = world.invite()
    browser = visit("anne@conseil.example")
    page = browser.get(page_of(chambers))
    assert page.status_code == 200
    assert "<form" not in page.text.split("<main")[1]
    assert browser.get(f"{page_of(chambers)}/contact").status_code == 403


def test_the_buyer_who_invited_sends_again_after_a_day(
    world: World, visit: Visit, supplier: SupplierEnrolment
) -> None:
    browser = visit(BUYER)
    assert "Renvoyer" not in browser.get(page_of(supplier)).text
    world.clock.move(days=2)
    browser = visit(BUYER)
    assert "Renvoyer" in browser.get(page_of(supplier)).text
    assert browser.post(f"{page_of(supplier)}/invitation").headers["Location"] == page_of(supplier)
    page = browser.get(page_of(supplier)).text
    assert "Une nouvelle invitation est partie" in page
    assert "Invitation envoyée à nouveau" in page
    browser.post(f"{page_of(supplier)}/invitation")
    assert "moins d’un jour" in browser.get(page_of(supplier)).text
    assert len(world.told("supplier.invited")) == 2


def test_a_wrong_address_is_mended_by_who_typed_it(
    world: World, visit: Visit, supplier: SupplierEnrolment
) -> None:
    browser = visit(BUYER)
    form = browser.get(f"{page_of(supplier)}/contact").text
    typed = {**CONTACT, "contact_email": "marie@lez.example", "seen_version": hidden_version(form)}
    wrong = browser.post(f"{page_of(supplier)}/contact", data={**typed, "contact_email": "marie"})
    assert (wrong.status_code, 'value="marie"' in wrong.text) == (422, True)
    assert browser.post(f"{page_of(supplier)}/contact", data=typed).status_code == 303
    assert world.told("supplier.invited")[-1]["contact"]["email"] == "marie@lez.example"
    late = browser.post(f"{page_of(supplier)}/contact", data={**typed, "contact_email": "x@lez.example"})
    assert (late.status_code, "entre-temps" in late.text) == (422, True)


def test_what_two_have_invited_the_manager_puts_right(
    world: World, visit: Visit, supplier: SupplierEnrolment
) -> None:
    world.invite(world.buyer("Ville de Lattes"))
    for who in (BUYER, OTHER_BUYER):
        assert visit(who).post(f"{page_of(supplier)}/contact", data=CONTACT).status_code == 403
    assert visit(HELENE).get(f"{page_of(supplier)}/contact").status_code == 200


def test_after_somebody_accepted_a_buyer_changes_nothing(world: World, visit: Visit, mauguio: UUID) -> None:
    supplier, secret = world.invite(mauguio)
    world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    browser = visit(BUYER)
    for what, data in (("contact", CONTACT), ("details", DETAILS), ("invitation", {})):
        assert browser.post(f"{page_of(supplier)}/{what}", data=data).status_code == 403
    assert visit(HELENE).post(f"{page_of(supplier)}/contact", data=CONTACT).status_code == 403
    assert visit(HELENE).post(f"{page_of(supplier)}/details", data=DETAILS).status_code == 303


def test_a_siret_that_is_anothers_leads_to_the_duplicates(
    world: World, visit: Visit, supplier: SupplierEnrolment
) -> None:
    world.invite(organisation_name="Les Jardins", siret=SIRET, contact_email="j@lez.example")
    browser = visit(HELENE)
    refused = browser.post(f"{page_of(supplier)}/details", data={**DETAILS, "siret": SIRET})
    assert refused.status_code == 422
    assert 'href="/suppliers/duplicates"' in refused.text
    mistyped = browser.post(f"{page_of(supplier)}/details", data={**DETAILS, "siret": "12"})
    assert mistyped.status_code == 422
    assert 'href="/suppliers/duplicates"' not in mistyped.text
    taken = browser.post(f"{page_of(supplier)}/details", data={**DETAILS, "siret": OTHER_SIRET})
    assert taken.status_code == 303
    assert OTHER_SIRET in browser.get(page_of(supplier)).text


def test_leaving_needs_a_reason_that_only_the_team_reads(
    world: World, visit: Visit, supplier: SupplierEnrolment
) -> None:
    manager, buyer = visit(HELENE), visit(BUYER)
    assert buyer.post(f"{page_of(supplier)}/leave", data={"reason": "x"}).status_code == 403
    assert manager.post(f"{page_of(supplier)}/leave", data={}).status_code == 422
    assert manager.post(f"{page_of(supplier)}/leave", data={"reason": "Retraite"}).status_code == 303
    assert "Retraite" in manager.get(page_of(supplier)).text
    assert "Retraite" not in buyer.get(page_of(supplier)).text
    assert "Retraite" not in buyer.get(api_of(supplier)).text
    assert manager.post(f"{page_of(supplier)}/return").status_code == 303
    assert "Participe à nouveau" in manager.get(page_of(supplier)).text


def test_an_expired_link_is_told(world: World, visit: Visit, supplier: SupplierEnrolment) -> None:
    world.clock.move(days=61)
    page = visit(HELENE).get(page_of(supplier)).text
    assert "Le lien a expiré" in page
    assert "Appelez" in page
    world.clock.move(days=500)
    retention.run(world.runtime)
    assert "Le lien a expiré" in visit(HELENE).get(page_of(supplier)).text, "although the link itself is gone"


def test_the_list_of_one_buyers_suppliers(world: World, visit: Visit, supplier: SupplierEnrolment) -> None:
    world.invite(organisation_name="Autre ferme", contact_email="a@ferme.example")
    page = visit(HELENE).get(f"/suppliers?inviter={supplier.invited_by[0].organisation_id}").text
    assert "Jardins du Lez" in page
    assert "Autre ferme" not in page
    assert visit(HELENE).get("/suppliers?inviter=nobody").status_code == 200


def test_an_adviser_does_not_learn_by_the_filter_whom_others_invited(
    world: World, visit: Visit, mauguio: UUID
) -> None:
    chambers, _ = world.invite(organisation_name="Ferme", contact_email="f@ferme.example")
    world.person("anne@conseil.example", Role.ADVISER)
    page = visit("anne@conseil.example").get(f"/suppliers?inviter={mauguio}").text
    assert "Ferme" not in page.split('id="results"')[1]
    assert chambers.invited_by


def test_programs_change_what_they_have_seen_and_nothing_else(
    world: World, visit: Visit, supplier: SupplierEnrolment
) -> None:
    browser = visit(HELENE)
    seen = browser.get(api_of(supplier))
    tag: dict[str, Any] = {"If-Match": seen.headers["ETag"]}
    assert browser.put(f"{api_of(supplier)}/contact", json=CONTACT).status_code == 428
    changed = browser.put(
        f"{api_of(supplier)}/contact", json={**CONTACT, "contact_email": "m@lez.example"}, headers=tag
    )
    assert changed.status_code == 200, changed.text
    assert changed.get_json()["contact_email"] == "m@lez.example"
    assert browser.put(f"{api_of(supplier)}/details", json=DETAILS, headers=tag).status_code == 412
    tag = {"If-Match": changed.headers["ETag"]}
    details = browser.put(f"{api_of(supplier)}/details", json={**DETAILS, "size": "10-49"}, headers=tag)
    assert (details.status_code, details.get_json()["size"]) == (200, "10-49")
    left = browser.post(f"{api_of(supplier)}/leave", json={"reason": "Retraite"})
    assert (left.status_code, left.get_json()["state"]) == (200, "left")
    assert browser.post(f"{api_of(supplier)}/leave", json={"reason": "Retraite"}).status_code == 409
    assert browser.post(f"{api_of(supplier)}/return").get_json()["state"] == "invited"
    assert browser.post(f"{api_of(supplier)}/invitation").status_code == 409


def test_its_people_and_the_manager_correct_an_organisation(
    world: World, visit: Visit, mauguio: UUID
) -> None:
    buyer, manager = visit(BUYER), visit(HELENE)
    form = buyer.get("/account/organisation/details")
    assert 'value="Ville de Mauguio"' in form.text
    typed = {**DETAILS, "organisation_name": "Mauguio Carnon", "siret": SIRET, "legal_form": "public"}
    here = "/account/organisation/details"
    sent = {**typed, "seen_version": hidden_version(form.text)}
    assert buyer.post(here, data=sent).status_code == 303
    assert "Mauguio Carnon" in buyer.get("/account/organisation").text
    assert "entre-temps" in buyer.post(here, data=sent).text
    other = buyer.post(here, data={**typed, "siret": OTHER_SIRET})
    assert (other.status_code, "équipe du programme" in other.text) == (422, True)
    cockpit = f"/programmes/cesar/cohorts/2027/cockpit/{mauguio}"
    assert f"{cockpit}/details" in manager.get(cockpit).text
    moved = manager.post(f"{cockpit}/details", data={**typed, "siret": OTHER_SIRET})
    assert moved.headers["Location"] == cockpit
    assert world.told("organisation.updated")[-1]["siret"] == OTHER_SIRET
    assert buyer.post(f"{cockpit}/details", data=typed).status_code == 403


def test_programs_correct_an_organisation_that_is_theirs(world: World, visit: Visit, mauguio: UUID) -> None:
    lattes = world.buyer("Ville de Lattes")
    buyer = visit(BUYER)
    assert buyer.get(f"/api/organisations/{lattes}").status_code == 404
    seen = buyer.get(f"/api/organisations/{mauguio}")
    body = {"organisation_name": "Mauguio Carnon", "commune": "Mauguio (34)", "size": "50-249"}
    tag = {"If-Match": seen.headers["ETag"]}
    changed = buyer.put(f"/api/organisations/{mauguio}", json=body, headers=tag)
    assert (changed.status_code, changed.get_json()["name"]) == (200, "Mauguio Carnon")
    assert buyer.put(f"/api/organisations/{mauguio}", json=body, headers=tag).status_code == 412
    assert buyer.put(f"/api/organisations/{lattes}", json=body, headers=tag).status_code == 404


def test_what_was_done_is_in_the_audit_log(world: World, visit: Visit, supplier: SupplierEnrolment) -> None:
    browser = visit(HELENE)
    browser.post(f"{page_of(supplier)}/leave", data={"reason": "Retraite"})
    assert "Fournisseur" in browser.get("/audit?q=supplier").text


def test_the_number_of_the_contact_is_there_to_be_called(
    world: World, visit: Visit, supplier: SupplierEnrolment
) -> None:
    """The team is told the number that people gave it; others, the one that was noted."""
    buyer, team = visit(BUYER), visit(HELENE)
    form = buyer.get(f"{page_of(supplier)}/contact").text
    typed = {**CONTACT, "contact_phone": "04 67 12 34 56", "seen_version": hidden_version(form)}
    wrong = buyer.post(f"{page_of(supplier)}/contact", data={**typed, "contact_phone": "jamais"})
    assert wrong.status_code == 422
    buyer.post(f"{page_of(supplier)}/contact", data=typed)
    for browser in (buyer, team):
        assert 'href="tel:0467123456"' in browser.get(page_of(supplier)).text
    secret = world.told("supplier.invited")[0]["invitation_url"].rpartition("/")[2]
    marie = world.do(suppliers.accept_invitation, secret, "Marie")
    world.do(contacts.set_phone, marie.id, "06 00 00 00 01")
    assert buyer.get(api_of(supplier)).get_json()["contact_phone"] == "04 67 12 34 56"
    assert team.get(api_of(supplier)).get_json()["contact_phone"] == "06 00 00 00 01"
    assert "06 00 00 00 01" in team.get("/suppliers.csv").text
