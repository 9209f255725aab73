"""The pages: each reader sees the figures of their programmes, and outsiders no named supplier."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from services.chassis.events import Event
from services.chassis.service import Runtime
from services.chassis.settings import Settings
from services.chassis.web.identity import Grant
from services.reporting.domain import events
from services.reporting.reactions import reactions
from services.reporting.service import SERVICE
from services.reporting.web import create_app
from tests.unit.chassis.web.world import keys, person, sign_in
from tests.unit.reporting.examples import NOW, history, identifier, life

BAKERY = "Le Fournil du Loriot Bleu"
SUBMITTED = "/reporting/indicators/suppliers_submitted"
API = "/reporting/api/programmes/cesar/indicators"


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """Reporting that has heard of one programme with a bakery in Mèze and six workshops in Montpellier."""
    private_key, public_key = keys()
    settings = Settings(
        database_url=f"sqlite:///{tmp_path_factory.mktemp('reporting') / 'reporting.db'}",
        amqp_uri="memory://",
        public_url="http://localhost",
        mail_url="maildir:///nowhere",
        mail_from="cesar@example.org",
        session_public_key=public_key,
        session_private_key=private_key,
        secret_key="a secret of the tests",
        data_folder=Path("nowhere"),
    )
    made = Runtime.start(SERVICE, settings, clock=lambda: NOW)
    made.migrate()
    hear(made, [*history(), *(event for number in range(6) for event in workshop(number))])
    return made


def workshop(number: int) -> list[Event]:
    """A supplier of Montpellier that has submitted."""
    organisation = f"workshop {number}"
    return [
        *life(
            organisation,
            [("enrolment.organisation.registered", {})],
            name=f"Atelier du Cade {number}",
            siret=None,
            commune_code="34172",
            department="34" if number else "30",
            naf_code="31.01Z",
            size="10-49",
            latitude=43.6,
            longitude=3.9,
        ),
        *life(
            f"enrolment of {organisation}",
            [(events.SUPPLIER_INVITED, {})],
            programme="cesar",
            organisation_id=str(identifier(organisation)),
            organisation_name=f"Atelier du Cade {number}",
            state="invited",
            invited_by=[{"organisation_id": None}],
            invited_at="2024-01-10T09:00:00Z",
            enrolled_at=None,
        ),
        *life(
            f"assessment of {organisation}",
            [(events.ASSESSMENT_SUBMITTED, {})],
            programme="cesar",
            organisation_id=str(identifier(organisation)),
            state="submitted",
            started_at="2024-01-20T09:00:00Z",
            submitted_at="2024-01-30T09:00:00Z",
            validated_at=None,
            score=30.0,
            level=2,
            themes=[],
            trust={"declared": 1.0, "evidenced": 0.0, "verified": 0.0},
        ),
    ]


def hear(runtime: Runtime, told: list[Event]) -> None:
    with runtime.unit_of_work() as unit_of_work:
        for event in told:
            reactions.apply(event, unit_of_work)


@pytest.fixture
def client(runtime: Runtime) -> Iterator[FlaskClient]:
    app = create_app(runtime)
    app.testing = True
    with app.test_client() as visitor:
        yield visitor


def test_a_manager_sees_the_programme_and_who_moves(client: FlaskClient) -> None:
    sign_in(client, person("manager"), now=NOW)
    page = client.get("/reporting/")
    assert page.status_code == 200
    assert "Où en est le programme" in page.text and "C.E.S.A.R." in page.text
    assert f"L’état des lieux de {BAKERY} est validé" in page.text
    assert "1 avec un SIRET" in page.text, "six of the seven assessed have none"


def test_a_funder_reads_figures_but_no_supplier(client: FlaskClient) -> None:
    sign_in(client, person("funder"), now=NOW)
    addresses = [
        "/reporting/",
        "/reporting/indicators",
        SUBMITTED,
        f"{SUBMITTED}?by=commune",
        f"{SUBMITTED}/facts.csv",
        "/reporting/indicators/days_to_submission",
        f"{API}/suppliers_submitted/facts",
    ]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert BAKERY not in answer.text and "Atelier du Cade" not in answer.text
        assert str(identifier("bakery")) not in answer.text, "no id to look it up by"


def test_a_funder_sees_no_group_under_five_nor_can_work_it_out(client: FlaskClient) -> None:
    sign_in(client, person("funder"), now=NOW)
    assert client.get(f"{API}/suppliers_submitted").json["value"] == 7
    small = client.get(f"{API}/suppliers_submitted?by=commune&group=34157").json
    assert small["hidden"] and small["value"] is None
    assert client.get(f"{API}/suppliers_submitted/facts?by=commune&group=34157").json == {
        "total": 0,
        "items": [],
    }
    # Six in Montpellier would leave one elsewhere: the difference with the total gives it away.
    assert client.get(f"{API}/suppliers_submitted?by=commune&group=34172").json["hidden"]
    page = client.get(f"{SUBMITTED}?by=commune").text
    assert "Montpellier" not in page and "7 autres fournisseurs" in page


def test_the_team_opens_a_figure_down_to_its_facts(client: FlaskClient) -> None:
    sign_in(client, person("manager"), now=NOW)
    page = client.get(f"{SUBMITTED}?by=commune&group=34157").text
    assert BAKERY in page and "Mèze" in page and "Atelier du Cade" not in page
    fact = client.get(f"{API}/suppliers_submitted/facts?by=commune&group=34157").json["items"][0]
    assert fact["event_id"] == str(identifier("assessment", 5)), "the submission that stands"
    table = client.get(f"{SUBMITTED}/facts.csv").text.splitlines()
    assert len(table) == 8 and any(BAKERY in line for line in table)


def test_a_period_without_facts_has_no_figure(client: FlaskClient) -> None:
    sign_in(client, person("manager"), now=NOW)
    assert client.get(f"{API}/suppliers_submitted?from=2020-01-01&to=2020-12-31").json["value"] is None
    assert "Pas encore de donnée" in client.get(f"{SUBMITTED}?from=2020-01-01&to=2020-12-31").text


def test_what_cannot_be_read_in_the_address_is_said(client: FlaskClient) -> None:
    sign_in(client, person("manager"), now=NOW)
    for wrong in ("from=yesterday", "from=2026-02-01&to=2026-01-01", "by=colour", "page=0"):
        answer = client.get(f"{SUBMITTED}?{wrong}")
        assert answer.status_code == 422 and "<h1" in answer.text
    assert client.get("/reporting/indicators/nonsense").status_code == 404


def test_indicators_of_the_team_are_not_there_for_funders(client: FlaskClient) -> None:
    sign_in(client, person("funder"), now=NOW)
    assert client.get("/reporting/indicators/suppliers_enrolled").status_code == 404
    sign_in(client, person("manager"), now=NOW)
    assert client.get("/reporting/indicators/suppliers_enrolled").status_code == 200


@pytest.mark.parametrize("role", ["buyer", "supplier", "jury", "operator"])
def test_nobody_else_reads_the_figures(client: FlaskClient, role: str) -> None:
    sign_in(client, person(role), now=NOW)
    assert client.get("/reporting/").status_code == 403
    assert client.get(API).status_code == 403


def test_another_programme_is_not_for_this_reader(client: FlaskClient) -> None:
    sign_in(client, person(grants=[Grant("manager", "another")]), now=NOW)
    assert client.get("/reporting/?programme=cesar").status_code == 403
    assert client.get(API).status_code == 403
    assert client.get("/reporting/").status_code == 404


def test_a_visitor_is_sent_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/reporting/").headers["Location"].startswith("/sign-in")


def test_an_unchanged_dashboard_is_not_drawn_again_and_a_changed_one_is(
    client: FlaskClient, runtime: Runtime
) -> None:
    sign_in(client, person("manager"), now=NOW)
    tag = client.get("/reporting/").headers["ETag"]
    assert client.get("/reporting/", headers={"If-None-Match": tag}).status_code == 304
    newcomer = life(
        "newcomer",
        [("enrolment.organisation.registered", {})],
        name="Les Ruchers de la Calade Dorée",
        siret=None,
        commune_code=None,
        department=None,
        naf_code=None,
        size=None,
        latitude=None,
        longitude=None,
    )
    invitation = life(
        "enrolment of newcomer",
        [(events.SUPPLIER_INVITED, {})],
        began=0,
        programme="cesar",
        organisation_id=str(identifier("newcomer")),
        organisation_name="Les Ruchers de la Calade Dorée",
        state="invited",
        invited_by=[{"organisation_id": str(identifier("buyer-organisation"))}],
        invited_at="2026-11-23T10:00:00Z",
        enrolled_at=None,
    )
    hear(runtime, [*newcomer, *invitation])
    page = client.get("/reporting/", headers={"If-None-Match": tag})
    assert page.status_code == 200 and page.headers["ETag"] != tag
    assert "Les Ruchers de la Calade Dorée" in page.text and "invitation de la part de Biotope" in page.text


def test_the_script_gets_only_what_moves(client: FlaskClient) -> None:
    sign_in(client, person("manager"), now=NOW)
    part = client.get("/reporting/", headers={"X-Requested-With": "fetch"})
    assert 'id="live"' in part.text and "<html" not in part.text
    assert part.text.split('id="live"')[1][:2000] in client.get("/reporting/").text
    assert "X-Requested-With" in part.headers["Vary"]


def test_the_pages_speak_english_too(client: FlaskClient) -> None:
    sign_in(client, person("manager", locale="en"), now=NOW)
    assert "Where the programme stands" in client.get("/reporting/").text


def test_every_word_of_the_catalogue_is_translated() -> None:
    place = files("services.reporting") / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
    with place.open("rb") as source:
        catalogue = read_po(source)
    for message in catalogue:
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        assert not message.id or all(words), f"{message.id} has no French"
        assert not message.fuzzy


def test_an_advisers_figures_are_made_of_their_buyers_and_of_suppliers_that_no_other_buyer_invited(
    client: FlaskClient, runtime: Runtime
) -> None:
    adviser = person("adviser")
    sign_in(client, adviser, now=NOW)
    known = client.get(API).json
    assert {each["key"]: each["value"] for each in known}["suppliers_submitted"] == 6
    assert client.get(f"{API}/suppliers_submitted").json["value"] == 6, "those whom no buyer has invited"
    assert client.get(f"{API}/buyers_enrolled").json["value"] == 0
    for page in (SUBMITTED, f"{SUBMITTED}/facts.csv", "/reporting/", f"{API}/suppliers_submitted/facts"):
        assert BAKERY not in client.get(page).text, page
        assert "Biotope" not in client.get(page).text, page
    follow = life(
        "assignment",
        [("enrolment.adviser_assignment.changed", {"adviser_id": str(adviser.person_id)})],
        programme="cesar",
        organisation_id=str(identifier("buyer-organisation")),
    )
    hear(runtime, follow)
    assert client.get(f"{API}/suppliers_submitted").json["value"] == 7
    assert client.get(f"{API}/buyers_enrolled").json["value"] == 1
    assert client.get(f"{API}/buyers_enrolled").json["target"] is None, "a programme's target is not theirs"
    assert BAKERY in client.get("/reporting/").text
