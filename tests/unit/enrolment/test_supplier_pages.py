"""The list of suppliers and the invitation, for managers and buyers; for programs as JSON."""

import csv
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from io import BytesIO, StringIO
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook

from services.chassis.web.identity import SessionClaim
from services.chassis.web.session import issue_api_token
from services.enrolment.domain.person import Person, Role
from services.enrolment.handlers import suppliers
from services.enrolment.web.identities import identity_of
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, OTHER_SIRET, SIRET, World

BUYER = "claire@mauguio.example"


def filled_in(**changes: str) -> dict[str, str]:
    return {
        "organisation_name": "Jardins du Lez",
        "siret": SIRET,
        "commune": "Montpellier",
        "contact_name": "Marie Vidal",
        "contact_email": "marie@jardins.example",
        **changes,
    }


@pytest.fixture
def market(world: World) -> World:
    """Thirty suppliers: one of the chamber's, one that takes part, the rest invited by Mauguio."""
    mauguio = world.buyer("Ville de Mauguio")
    _, secret = world.invite(
        organisation_name="Zébulon Bio", contact_email="z@zebulon.example", siret=OTHER_SIRET, commune="30189"
    )
    world.do(suppliers.accept_invitation, secret, "Zoé")
    world.clock.move(days=1)
    for number in range(29):
        world.invite(
            mauguio,
            organisation_name=f"Ferme {number:02d}",
            contact_email=f"ferme{number}@example.example",
            commune="34172" if number % 2 else "34032",
        )
    return world


def test_a_manager_sees_all_suppliers_a_page_at_a_time(market: World, visit: Visit) -> None:
    browser = visit(HELENE)
    first, second = browser.get("/suppliers").text, browser.get("/suppliers?page=2").text
    assert "30\u00a0résultats" in first or "30 résultats" in first
    assert "Ferme 00" in first
    assert "Zébulon Bio" not in first
    assert "Zébulon Bio" in second


def test_a_buyer_sees_whom_they_invited_and_nobody_else(market: World, visit: Visit) -> None:
    browser = visit(BUYER)
    page = browser.get("/suppliers?per_page=50").text
    assert "Ferme 28" in page
    assert "Zébulon" not in page
    assert "Zébulon Bio" not in browser.get("/suppliers?q=bio").text
    assert "Zébulon" not in browser.get("/suppliers.csv").text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("q=ferme+07", "Ferme 07", "Ferme 08"),
        ("q=nîmes", "Zébulon", "Ferme"),
        (f"q={OTHER_SIRET[:9]}", "Zébulon", "Ferme"),
        ("state=enrolled", "Zébulon", "Ferme"),
        ("department=30", "Zébulon", "Ferme"),
        ("department=34&state=invited&q=03", "Ferme 03", "Zébulon"),
        ("sort=-name", "Zébulon", "Ferme 00"),
    ],
)
def test_the_list_is_searched_filtered_and_sorted(
    market: World, visit: Visit, query: str, shown: str, hidden: str
) -> None:
    page = visit(HELENE).get(f"/suppliers?{query}")
    assert page.status_code == 200
    results = page.text.split('id="results"')[1]
    assert shown in results
    assert hidden not in results


def test_the_list_starts_with_what_it_is_sorted_by(market: World, visit: Visit) -> None:
    browser = visit(HELENE)
    for query, first in (
        ("sort=invited", "Zébulon Bio"),
        ("sort=-invited", "Ferme"),
        ("sort=name", "Ferme 00"),
    ):
        rows = browser.get(f"/suppliers?{query}").text.split("<tbody>")[1].split('scope="row"')
        assert first in rows[1]


@pytest.mark.parametrize("query", ["q=%25", "q=_", "state=asleep", "department=99", "page=99", "q='%3B--"])
def test_what_fits_nothing_says_so_and_offers_a_way_back(market: World, visit: Visit, query: str) -> None:
    page = visit(HELENE).get(f"/suppliers?{query}")
    assert page.status_code == 200
    assert "Tout afficher" in page.text


@pytest.mark.parametrize("query", ["sort=password", "page=0", "page=x", "per_page=100000"])
def test_what_no_list_can_do_is_refused(visit: Visit, query: str) -> None:
    assert visit(HELENE).get(f"/suppliers?{query}").status_code == 422


def test_the_list_goes_into_a_spreadsheet_as_it_is_filtered(market: World, visit: Visit) -> None:
    answer = visit(HELENE).get("/suppliers.csv?state=enrolled")
    assert answer.mimetype == "text/csv"
    assert "fournisseurs.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert rows == [
        {
            "Nom": "Zébulon Bio",
            "SIRET": OTHER_SIRET,
            "Commune": "Nîmes",
            "Département": "30",
            "État": "Inscrit",
            "Contact": "Zoé",
            "Courriel": "z@zebulon.example",
            "Téléphone": "",
            "Invité par": "CCI Hérault",
            "Invité le": "2026-11-23",
            "Participe depuis le": "2026-11-23",
        }
    ]
    assert len(list(csv.DictReader(StringIO(visit(HELENE).get("/suppliers.csv").text)))) == 30
    book = CalamineWorkbook.from_filelike(BytesIO(visit(HELENE).get("/suppliers.xlsx?state=enrolled").data))
    sheet = book.get_sheet_by_name("fournisseurs").to_python()
    day = date(2026, 11, 23)
    assert sheet == [list(rows[0]), [*list(rows[0].values())[:-2], day, day]], "with days that are days"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_links_to_the_files_keep_the_filter(market: World, visit: Visit, ending: str) -> None:
    browser = visit(HELENE)
    page = browser.get("/suppliers?q=ferme+0&state=invited&_scheme=javascript").text
    link = re.search(rf'href="(/suppliers.{ending}[^"]*)"', page)
    assert link is not None
    file = browser.get(unescape(link[1]))
    if ending == "csv":
        rows = list(csv.reader(StringIO(file.text)))
    else:
        rows = CalamineWorkbook.from_filelike(BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + 10


def test_a_buyer_invites_and_the_mail_goes_out(world: World, visit: Visit) -> None:
    mauguio = world.buyer("Ville de Mauguio")
    browser = visit(BUYER)
    assert browser.get("/suppliers/invite").status_code == 200
    answer = browser.post("/suppliers/invite", data=filled_in())
    assert answer.headers["Location"] == "/suppliers"
    assert "Jardins du Lez est invité" in browser.get("/suppliers").text
    told = world.told("supplier.invited")[0]
    assert told["invited_by"][0]["organisation_id"] == str(mauguio)
    assert (told["commune_name"], told["contact"]["email"]) == ("Montpellier", "marie@jardins.example")


def test_an_address_that_no_mail_reaches_is_refused(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    bad = filled_in(contact_email="Ünïcode@exämple.example")
    answer = browser.post("/suppliers/invite", data=bad)
    assert answer.status_code == 422
    assert "avant le @" in unescape(answer.text)
    assert browser.post("/api/suppliers", json=bad).status_code == 422
    assert not world.told("supplier.invited")
    good = filled_in(contact_email="marie@jardins-du-lèz.example")
    assert browser.post("/suppliers/invite", data=good).status_code == 303


def test_the_page_after_an_invitation_says_the_name_that_was_typed(world: World, visit: Visit) -> None:
    world.buyer("Ville de Mauguio")
    world.invite(siret=SIRET, organisation_name="Secret de Marie")
    browser = visit(BUYER)
    browser.post("/suppliers/invite", data=filled_in(organisation_name="Jardins du Lez"))
    assert "Jardins du Lez est invité" in browser.get("/suppliers").text


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world: World, visit: Visit) -> None:
    world.buyer("Ville de Mauguio")
    typed = filled_in(siret="123", commune="Atlantis", contact_email="marie")
    page = visit(BUYER).post("/suppliers/invite", data=typed)
    assert page.status_code == 422
    assert "3 points à corriger" in page.text.replace("\u00a0", " ")
    for value in typed.values():
        assert f'value="{value}"' in page.text
    assert not world.told("supplier.invited")


def test_inviting_twice_or_a_buyer_is_refused_at_the_form(world: World, visit: Visit) -> None:
    world.buyer("Ville de Mauguio")
    world.apply("Ville de Lattes", siret=OTHER_SIRET)
    browser = visit(BUYER)
    browser.post("/suppliers/invite", data=filled_in())
    twice = browser.post("/suppliers/invite", data=filled_in())
    assert (twice.status_code, "déjà invité" in twice.text) == (422, True)
    buyer = browser.post("/suppliers/invite", data=filled_in(siret=OTHER_SIRET))
    assert (buyer.status_code, "n’est pas un fournisseur" in buyer.text) == (422, True)


def test_an_applicant_who_is_not_accepted_yet_invites_nobody(world: World, visit: Visit) -> None:
    world.apply("Ville de Mauguio")
    browser = visit(BUYER)
    assert "/suppliers/invite" not in browser.get("/suppliers").text
    for answer in (
        browser.get("/suppliers/invite"),
        browser.post("/suppliers/invite", data=filled_in()),
        browser.post("/api/suppliers", json=filled_in()),
    ):
        assert answer.status_code == 403
    assert not world.told("supplier.invited")


def test_a_supplier_invites_nobody_and_sees_no_other(market: World, visit: Visit) -> None:
    browser = visit("z@zebulon.example")
    for address in ("/suppliers", "/suppliers.csv", "/suppliers/invite", "/api/suppliers"):
        assert browser.get(address).status_code == 403
    assert browser.post("/suppliers/invite", data=filled_in()).status_code == 403


def test_a_visitor_is_asked_to_sign_in(visit: Visit) -> None:
    answer = visit().get("/suppliers?state=active")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=%2Fsuppliers%3Fstate%3Dactive"
    assert visit().get("/api/suppliers").status_code == 401


def test_a_form_that_another_site_sends_does_nothing(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    answer = browser.post("/suppliers/invite", data=filled_in(), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not world.told("supplier.invited")


def bearer(world: World, email: str, role: Role) -> dict[str, str]:
    claim = SessionClaim(uuid4(), world.clock() + timedelta(hours=1))
    person = replace(identity_of(world.read(Person, world.person(email, role).id)), session=claim)
    key = world.runtime.settings.session_private_key
    assert key is not None
    return {"Authorization": f"Bearer {issue_api_token(key, person, timedelta(hours=1), now=world.clock())}"}


def test_a_program_does_the_same_through_the_api(world: World, visit: Visit) -> None:
    browser, headers = visit(), bearer(world, HELENE, Role.MANAGER)
    created = browser.post("/api/suppliers", json=filled_in(), headers=headers)
    assert created.status_code == 201, created.text
    assert created.json is not None
    assert created.json["commune_code"] == "34172"
    assert created.json["invitation_url"] is None, "the secret goes to the supplier alone"
    wrong = browser.post("/api/suppliers", json=filled_in(siret="12"), headers=headers)
    assert wrong.status_code == 422
    assert wrong.json is not None
    assert wrong.json["errors"][0]["pointer"] == "#/siret"
    listed = browser.get("/api/suppliers?q=lez", headers=headers).json
    assert listed is not None
    assert (listed["total"], listed["items"][0]["name"]) == (1, "Jardins du Lez")
    assert [each["slug"] for each in browser.get("/api/programmes").get_json()["items"]] == ["cesar"]
    assert browser.get("/api/programmes/atlantis/cohorts").status_code == 404


def test_a_program_reads_the_applications_of_a_cohort(world: World, visit: Visit) -> None:
    world.apply("Ville de Mauguio")
    address = "/api/programmes/cesar/cohorts/2027/applications"
    answer = visit().get(address, headers=bearer(world, HELENE, Role.MANAGER))
    assert [each["organisation_name"] for each in answer.get_json()["items"]] == ["Ville de Mauguio"]
    assert visit(BUYER).get(address).status_code == 403
