"""A form that the public register fills in: by its button, by its script, and not at all when it is down."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest

from tests.support.company_register import Register, company, company_register
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, OTHER_SIRET, SIRET, World

REGISTER = "/programmes/cesar/register"


@pytest.fixture
def register(world: World) -> Iterator[Register]:
    with company_register() as register:
        register.companies[SIRET] = company(SIRET)
        world.runtime.settings = replace(world.runtime.settings, company_register_url=register.url)
        yield register


def pressed(**typed: str) -> dict[str, str]:
    """The invitation's form, sent with the button that looks up."""
    return {"siret": SIRET, "organisation_name": "", "commune": "", "look_up": "1", **typed}


def test_the_button_fills_in_what_nobody_typed(world: World, visit: Visit, register: Register) -> None:
    answer = visit(HELENE).post("/suppliers/invite", data=pressed(contact_name="Marie"))
    assert answer.status_code == 200
    for value in ("JARDINS DU LEZ", "Montpellier (34)", "Marie"):
        assert f'value="{value}"' in answer.text
    assert "Déjà prouvé par un registre public : agriculture biologique" in unescape(answer.text).replace(
        "\u00a0", " "
    )
    assert "point à corriger" not in answer.text
    assert not world.told("supplier.invited"), "looking up sends nothing"


def test_what_was_typed_stays(visit: Visit, register: Register) -> None:
    answer = visit(HELENE).post("/suppliers/invite", data=pressed(organisation_name="Les Jardins"))
    assert 'value="Les Jardins"' in answer.text
    assert 'value="JARDINS DU LEZ"' not in answer.text


def test_the_next_company_replaces_what_the_register_said_of_the_one_before(
    visit: Visit, register: Register
) -> None:
    register.companies[OTHER_SIRET] = company(OTHER_SIRET, nom_complet="TONNELLERIE DEUX")
    browser = visit()
    first = browser.post(REGISTER, data=pressed()).text
    filled = {
        **pressed(siret=OTHER_SIRET),
        "from_register": _kept(first),
        "organisation_name": "JARDINS DU LEZ",
    }
    assert 'value="TONNELLERIE DEUX"' in browser.post(REGISTER, data=filled).text
    typed = browser.post(REGISTER, data={**filled, "organisation_name": "Ma ferme"}).text
    assert 'value="Ma ferme"' in typed
    register.companies.clear()
    unknown = browser.post(REGISTER, data={**filled, "siret": "44306184100047"}).text
    assert 'value="JARDINS DU LEZ"' not in unknown


@pytest.mark.parametrize("nonsense", ["[1]", "{", '"x"'])
def test_nonsense_in_the_hidden_field_is_nothing(visit: Visit, register: Register, nonsense: str) -> None:
    answer = visit().post(REGISTER, data=pressed(from_register=nonsense))
    assert 'value="JARDINS DU LEZ"' in answer.text


def _kept(page: str) -> str:
    found = re.search(r'name="from_register" value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def test_a_wrong_siret_is_said_at_its_field(visit: Visit, register: Register) -> None:
    answer = visit(HELENE).post("/suppliers/invite", data=pressed(siret="123"))
    assert "14 chiffres" in answer.text
    assert not register.asked


@pytest.mark.parametrize(
    ("siret", "status", "said"),
    [(OTHER_SIRET, 200, "ne connaît pas ce SIRET"), (SIRET, 500, "ne répond pas")],
)
def test_when_nothing_is_found_people_type(
    visit: Visit, register: Register, siret: str, status: int, said: str
) -> None:
    register.status = status
    assert said in visit(HELENE).post("/suppliers/invite", data=pressed(siret=siret)).text


def test_a_closed_establishment_is_told(visit: Visit, register: Register) -> None:
    register.companies[SIRET] = company(SIRET, place={"etat_administratif": "F"})
    assert "fermé" in visit(HELENE).post("/suppliers/invite", data=pressed()).text


def test_without_a_register_there_is_no_button(world: World, visit: Visit) -> None:
    assert "look_up" not in visit(HELENE).get("/suppliers/invite").text
    assert visit(HELENE).post("/suppliers/invite", data=pressed()).status_code == 422


def test_the_script_and_programs_ask_without_signing_in(visit: Visit, register: Register) -> None:
    answer = visit().get(f"/api/companies/{SIRET}").json
    assert answer is not None
    assert (answer["outcome"], answer["is_closed"], answer["proven"]) == ("found", False, ["organic"])
    assert answer["fields"] == {
        "organisation_name": "JARDINS DU LEZ",
        "legal_form": "private",
        "commune": "Montpellier (34)",
    }
    assert visit().get("/api/companies/12").status_code == 422


def test_what_is_proven_stands_in_the_list_of_suppliers(
    world: World, visit: Visit, register: Register
) -> None:
    browser = visit(HELENE)
    browser.post("/suppliers/invite", data=pressed())
    world.invite(siret=SIRET)
    assert "agriculture biologique" in browser.get("/suppliers").text
    listed = browser.get("/api/suppliers").json
    assert listed is not None
    assert listed["items"][0]["proven"] == ["organic"]


def test_the_forms_that_anybody_may_fill_in_are_filled_in_too(visit: Visit, register: Register) -> None:
    for address in ("/programmes/cesar/register", "/programmes/cesar/cohorts/2027/apply"):
        browser = visit()
        assert 'data-look-up="/api/companies/"' in browser.get(address).text
        answer = browser.post(address, data=pressed(contact_name="Marie"))
        assert answer.status_code == 200
        for value in ("JARDINS DU LEZ", "Montpellier (34)", "Marie"):
            assert f'value="{value}"' in answer.text


def test_a_draft_is_filled_in_and_kept(world: World, visit: Visit, register: Register) -> None:
    begun = {"contact_email": "claire@mauguio.example", "then": "later"}
    visit().post("/programmes/cesar/cohorts/2027/apply", data=begun)
    (draft,) = world.told("application_draft.begun")
    browser = visit()
    assert "data-look-up" in browser.get(draft["url"]).text
    answer = browser.post(draft["url"], data=pressed(motivation="Mieux acheter."))
    assert answer.status_code == 200
    assert "Trouvé dans le registre public" in unescape(answer.text).replace("\u00a0", " ")
    assert 'value="JARDINS DU LEZ"' in browser.get(draft["url"]).text, "what was filled in is saved"
    assert not world.told("application.submitted")
