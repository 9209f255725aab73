"""What visitors see: the programme, the call, the application form."""

import re
from typing import Any

import pytest

from services.enrolment.handlers import programmes
from services.enrolment.handlers.organisations import OrganisationDetails, register_organisation
from services.enrolment.handlers.suppliers import new_enrolment
from services.enrolment.storage.views import count_invited, count_suppliers
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, SIRET, World

APPLY = "/programmes/cesar/cohorts/2027/apply"


def filled_in(**changes: Any) -> dict[str, Any]:
    return {
        "organisation_name": "Ville de Mauguio",
        "legal_form": "public",
        "siret": "732 829 320 00074",
        "commune": "mauguio",
        "contact_name": "Claire Martin",
        "contact_email": "claire@mauguio.example",
        "motivation": "Nous achetons pour nos écoles.\r\nNous voulons du local.",
        **changes,
    }


def test_the_home_shows_the_programme_the_call_and_who_takes_part(world: World, visit: Visit) -> None:
    world.buyer("Ville de Mauguio")
    world.apply("Ville de Lattes")
    page = visit().get("/").text
    assert "C.E.S.A.R." in page
    assert APPLY in page
    assert "Ville de Mauguio" in page
    assert "Ville de Lattes" not in page, "an application is nobody's business before it is accepted"


def test_a_house_with_two_programmes_lists_both(world: World, visit: Visit) -> None:
    world.programme("vignoble")
    for address in ("/", "/programmes"):
        page = visit().get(address).text
        assert "/programmes/cesar" in page
        assert "/programmes/vignoble" in page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/programmes/atlantis", "pas de programme « atlantis »"),
        ("/programmes/cesar/cohorts/1999/apply", "pas de promotion « 1999 »"),
        ("/programmes/atlantis/cohorts/2027/apply", "pas de promotion « 2027 »"),
    ],
)
def test_what_does_not_exist_is_said_in_plain_words(visit: Visit, address: str, words: str) -> None:
    page = visit().get(address)
    assert page.status_code == 404
    assert words in page.text.replace("\u00a0", " ")
    assert 'href="/"' in page.text


def test_nobody_applies_for_a_cohort_that_does_not_exist(world: World, visit: Visit) -> None:
    assert visit().post("/programmes/cesar/cohorts/1999/apply", data=filled_in()).status_code == 404
    assert not world.told("application.submitted")


def test_an_application_is_received(world: World, visit: Visit) -> None:
    browser = visit()
    answer = browser.post(APPLY, data=filled_in())
    assert answer.status_code == 303
    assert "bien arrivée" in browser.get(answer.headers["Location"]).text
    told = world.told("application.submitted")[0]
    assert (told["organisation_name"], told["contact"]["locale"]) == ("Ville de Mauguio", "fr")
    assert world.told("organisation.registered")[0]["siret"] == SIRET
    assert world.told("organisation.registered")[0]["commune_code"] == "34154"


def test_a_double_click_applies_once(world: World, visit: Visit) -> None:
    browser = visit()
    answers = [browser.post(APPLY, data=filled_in()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(world.told("organisation.registered")) == 1
    assert len(world.told("application.submitted")) == 1


def test_every_field_that_is_wrong_is_named_and_nothing_typed_is_lost(world: World, visit: Visit) -> None:
    page = visit().post(
        APPLY,
        data=filled_in(
            siret="732 829 320 00075", commune="Nulle-Part", contact_email="claire@", legal_form=""
        ),
    )
    assert page.status_code == 422
    text = page.text.replace("\u00a0", " ")
    assert "4 points à corriger" in text
    assert "Un chiffre de ce SIRET est faux" in text
    assert "Aucune commune d’Occitanie ne s’appelle « Nulle-Part »" in text
    assert "Écrivez une adresse électronique" in text
    for typed in ("Ville de Mauguio", "732 829 320 00075", "Nulle-Part", "Claire Martin", "claire@"):
        assert f'value="{typed}"' in text
    assert "Nous achetons pour nos écoles.\nNous voulons du local." in text
    assert not world.told("organisation.registered")


def test_the_wrong_fields_are_listed_in_the_order_of_the_form(visit: Visit) -> None:
    page = visit().post(APPLY, data={}).text
    order = ["organisation_name", "legal_form", "contact_name", "contact_email", "motivation"]
    places = [page.index(f'href="#field-{name}"') for name in order]
    assert places == sorted(places)


def test_a_changed_second_application_is_refused_and_kept(world: World, visit: Visit) -> None:
    browser = visit()
    browser.post(APPLY, data=filled_in())
    page = browser.post(APPLY, data=filled_in(motivation="Une autre idée."))
    assert page.status_code == 422
    assert "a déjà candidaté" in page.text
    assert "Une autre idée." in page.text


def test_a_call_that_is_over_says_so_and_what_comes_next(world: World, visit: Visit) -> None:
    world.clock.move(weeks=7)
    page = visit().get(APPLY)
    assert page.status_code == 410
    assert "L’appel à candidatures est clos" in page.text
    assert "4 janvier 2027" in page.text
    assert "/programmes/cesar" in page.text


def test_who_sends_the_form_after_the_last_day_loses_nothing(world: World, visit: Visit) -> None:
    world.clock.move(weeks=7)
    page = visit().post(APPLY, data=filled_in())
    assert page.status_code == 422
    assert "est clos" in page.text
    assert "Nous achetons pour nos écoles." in page.text
    assert "ouvert jusqu’au" not in page.text
    assert "Envoyer la candidature" not in page.text
    assert not world.told("application.submitted")


def test_a_call_that_is_not_open_yet_says_so(world: World, visit: Visit) -> None:
    world.do(programmes.plan_cohort, programmes.PlanCohort(programme="cesar", label="2028"))
    page = visit().get("/programmes/cesar/cohorts/2028/apply")
    assert page.status_code == 404
    assert "pas encore ouvert" in page.text
    assert "/programmes/cesar/cohorts/2028/apply" not in visit().get("/").text


def test_who_is_signed_in_need_not_type_name_and_address(visit: Visit) -> None:
    page = visit(HELENE).get(APPLY).text
    assert f'value="{HELENE}"' in page
    assert 'value="Hélène C."' in page


def test_the_pages_speak_english_to_who_wants_it(visit: Visit) -> None:
    browser = visit()
    assert browser.get(f"{APPLY}?lang=en").status_code == 303
    assert "Apply for the cohort 2027" in browser.get(APPLY).text


def test_what_people_type_is_never_run_as_a_page(world: World, visit: Visit) -> None:
    world.buyer("<script>alert(1)</script> Mauguio")
    page = visit().get("/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_only_who_was_invited_counts_as_invited(world: World, visit: Visit) -> None:
    world.invite()
    details = OrganisationDetails(name="Atelier des Garrigues", kind="supplier", legal_form="private")
    with world.work() as work:
        known = register_organisation(details, work)
        work.session.add(new_enrolment("cesar", known.id, "Aude", "aude@atelier.example", "fr"))
    with world.runtime.read() as session:
        assert count_suppliers(session, "cesar") == {"invited": 1, "registered": 1}
        assert count_invited(session, "cesar") == 1
    for browser, address in ((visit(), "/programmes/cesar"), (visit(HELENE), "/")):
        words = " ".join(re.sub("<[^>]+>", " ", browser.get(address).text).split())
        assert re.search(r"Fournisseurs invités 1\b", words), words
