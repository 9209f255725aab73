"""Programmes and cohorts are set up, changed and taken over from the year before."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.chassis.model import Conflict, DomainError
from services.enrolment.domain.person import Role
from services.enrolment.domain.programme import Calendar, Cohort, Programme
from services.enrolment.handlers import programmes
from services.enrolment.storage.queries import cohort_by_label, programme_by_slug
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

COHORT = "/programmes/cesar/cohorts/2027"
PROGRAMME = {
    "name": "C.E.S.A.R.",
    "description": "Acheter responsable.",
    "chamber": "CCI Hérault",
    "contact_email": "cesar@cci.example",
    "buyer_target": "40",
    "supplier_target": "400",
    "budget_total": "409 000,00",
}
NEW = PROGRAMME | {"slug": "vignoble", "manager_name": "Luc", "manager_email": "luc@cci.example"}
DATES = {
    "capacity": "12",
    "offer_days": "5",
    "call_opens_on": "2026-11-23",
    "call_closes_on": "2027-01-04",
    "jury_on": "2027-01-20",
    "starts_on": "2027-02-01",
    "ends_on": "2027-12-17",
}


def cohort(world: World, label: str = "2027") -> Cohort:
    with world.runtime.read() as session:
        return cohort_by_label(session, "cesar", label)


def programme_id(world: World) -> UUID:
    with world.runtime.read() as session:
        return programme_by_slug(session, "cesar").id


def test_a_manager_changes_targets_and_funders(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    rows = {
        "funders-0-name": "Ademe",
        "funders-0-amount": "150 000",
        "funders-0-starts_on": "2022-01-01",
        "funders-3-name": "Région Occitanie",
        "funders-3-amount": "120000",
    }
    assert browser.post("/programmes/cesar/edit", data=PROGRAMME | rows).status_code == 303
    told = world.told("programme.updated")[-1]
    assert (told["buyer_target"], told["budget_funded"]) == (40, "270000.00")
    assert [funder["name"] for funder in told["funders"]] == ["Ademe", "Région Occitanie"]
    page = browser.get("/programmes/cesar/edit").text
    assert 'value="150000"' in page
    assert 'value="409000"' in page
    assert "Région Occitanie" in browser.get("/programmes/cesar").text


def test_funders_do_not_pay_more_than_the_whole_and_nothing_typed_is_lost(world: World, visit: Visit) -> None:
    rows = {"funders-0-name": "Ademe", "funders-0-amount": "500000"}
    page = visit(HELENE).post("/programmes/cesar/edit", data=PROGRAMME | rows)
    assert page.status_code == 422
    assert 'value="500000"' in page.text
    assert not world.told("programme.updated")


def test_an_amount_that_is_none_is_told_at_its_row(visit: Visit) -> None:
    rows = {"funders-0-name": "Ademe", "funders-0-amount": "beaucoup"}
    page = visit(HELENE).post("/programmes/cesar/edit", data=PROGRAMME | rows)
    assert 'id="field-funders-0-amount-error"' in page.text


def test_a_manager_creates_another_programme_of_the_same_chamber(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    assert browser.post("/programmes/new", data=NEW).headers["Location"] == "/programmes/vignoble"
    assert world.told("programme.created")[-1]["slug"] == "vignoble"
    assert browser.get("/programmes/vignoble/edit").status_code == 403, "it has its own manager"
    assert visit("luc@cci.example").get("/programmes/vignoble/edit").status_code == 200


def test_whoever_has_set_up_a_programme_of_their_own_is_led_to_its_first_cohort(visit: Visit) -> None:
    browser = visit(HELENE)
    own = NEW | {"manager_name": "Hélène C.", "manager_email": HELENE}
    page = browser.post("/programmes/new", data=own, follow_redirects=True).text
    assert f"{HELENE} se connecte pour le piloter" in page
    assert 'href="/programmes/vignoble/cohorts/new"' in page
    assert browser.get("/programmes/vignoble/cohorts/new").status_code == 200
    assert "/cohorts/new" not in visit().get("/programmes/vignoble").text


def test_a_manager_creates_none_of_another_chamber_and_an_operator_does(world: World, visit: Visit) -> None:
    elsewhere = NEW | {"chamber": "CCI du Gard"}
    assert visit(HELENE).post("/programmes/new", data=elsewhere).status_code == 403
    world.person("op@cesar.example", Role.OPERATOR, programme=None)
    assert visit("op@cesar.example").post("/programmes/new", data=elsewhere).status_code == 303


def test_a_manager_gives_a_programme_to_no_other_chamber(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    assert '<select id="field-chamber"' in browser.get("/programmes/cesar/edit").text
    elsewhere = PROGRAMME | {"chamber": "CCI du Gard"}
    assert browser.post("/programmes/cesar/edit", data=elsewhere).status_code == 422
    tag = {"If-Match": browser.get("/api/programmes/cesar").headers["ETag"]}
    body = elsewhere | {"budget_total": "409000"}
    assert browser.put("/api/programmes/cesar", json=body, headers=tag).status_code == 403
    assert not world.told("programme.updated")


@pytest.mark.parametrize("slug", ["cesar", "new", "Deux Mots"])
def test_a_short_name_fits_into_an_address_and_is_free(visit: Visit, slug: str) -> None:
    page = visit(HELENE).post("/programmes/new", data=NEW | {"slug": slug})
    assert page.status_code == 422
    assert 'id="field-slug-error"' in page.text


def test_calendar_and_places_of_a_cohort_change(world: World, visit: Visit) -> None:
    assert visit(HELENE).post(f"{COHORT}/edit", data=DATES).status_code == 303
    told = world.told("cohort.updated")[-1]
    assert (told["capacity"], told["jury_on"], told["ends_on"]) == (12, "2027-01-20", "2027-12-17")


@pytest.mark.parametrize(
    ("field", "day"),
    [
        ("call_closes_on", "2026-11-01"),
        ("jury_on", "2026-12-01"),
        ("starts_on", "2027-01-10"),
        ("ends_on", "2027-01-31"),
    ],
)
def test_a_day_before_its_time_is_told_at_its_field(visit: Visit, field: str, day: str) -> None:
    page = visit(HELENE).post(f"{COHORT}/edit", data=DATES | {field: day})
    assert page.status_code == 422
    assert f'id="field-{field}-error"' in page.text
    assert f'value="{day}"' in page.text


def seen_version(page: str) -> dict[str, str]:
    found = re.search(r'name="seen_version"[^>]*value="(\d+)"', page)
    assert found
    return {"seen_version": found[1]}


@pytest.mark.parametrize(
    ("address", "first", "second"),
    [
        ("/programmes/cesar/edit", PROGRAMME, PROGRAMME | {"supplier_target": "310"}),
        (f"{COHORT}/edit", DATES, DATES | {"offer_days": "9"}),
        (f"{COHORT}/call", {"call_text": "Pour qui ?"}, {"call_text": "Pour les communes."}),
    ],
)
def test_the_later_of_two_managers_is_told_and_undoes_nothing(
    world: World, visit: Visit, address: str, first: dict[str, str], second: dict[str, str]
) -> None:
    browser = visit(HELENE)
    seen = seen_version(browser.get(address).text)
    assert browser.post(address, data=first | seen).status_code == 303
    as_saved = world.read(Programme, programme_id(world)), cohort(world)
    refused = browser.post(address, data=second | seen)
    assert refused.status_code == 422
    assert "Quelqu’un a modifié ces informations entre-temps." in refused.text
    assert list(second.values())[-1] in refused.text, "what was typed is kept"
    now = world.read(Programme, programme_id(world)), cohort(world)
    assert [each.version for each in now] == [each.version for each in as_saved]
    assert browser.post(address, data=second | seen_version(browser.get(address).text)).status_code == 303


def test_there_are_never_fewer_places_than_are_taken(world: World, visit: Visit) -> None:
    world.buyer("Ville de Mauguio")
    world.buyer("Ville de Lattes")
    page = visit(HELENE).post(f"{COHORT}/edit", data=DATES | {"capacity": "1"})
    assert 'id="field-capacity-error"' in page.text
    assert cohort(world).capacity == 10


def test_the_dates_of_a_call_that_is_over_stay(world: World) -> None:
    over = world.do(programmes.start_review, cohort(world).id)
    with pytest.raises(Conflict):
        over.set_calendar(replace(over.calendar, call_closes_on=date(2027, 1, 31)))


def test_a_cohort_takes_over_the_calendar_and_the_form_of_the_year_before(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    browser.post(f"{COHORT}/edit", data=DATES)
    form = {"call_text": "Pour qui ?", "criteria-0-label": "Ambition", "criteria-0-weight": "3"}
    browser.post(f"{COHORT}/call", data=form)
    plan = {"label": "2028", "capacity": "8", "copy_from": "2027"}
    assert browser.post("/programmes/cesar/cohorts/new", data=plan).status_code == 303
    copied = cohort(world, "2028")
    assert (copied.capacity, copied.offer_days, copied.call_text) == (8, 5, "Pour qui ?")
    assert [criterion.label for criterion in copied.criteria] == ["Ambition"]
    assert (copied.jury_on, copied.state) == (date(2028, 1, 20), "planned")
    assert 'value="2027-11-23"' in browser.get("/programmes/cesar/cohorts/2028").text


def test_the_calendar_of_an_older_cohort_is_as_many_years_later_as_the_names_say(
    world: World, visit: Visit
) -> None:
    browser = visit(HELENE)
    browser.post(f"{COHORT}/edit", data=DATES)
    for label, jury_on in (
        ("2031", date(2031, 1, 20)),
        ("Promotion 2029", date(2029, 1, 20)),
        ("Les suivants", date(2028, 1, 20)),
    ):
        plan = {"label": label, "capacity": "8", "copy_from": "2027"}
        assert browser.post("/programmes/cesar/cohorts/new", data=plan).status_code == 303
        assert cohort(world, label).jury_on == jury_on


def test_years_after_a_leap_day_is_the_day_before_unless_there_is_one() -> None:
    leap_day = Calendar(starts_on=date(2028, 2, 29))
    assert leap_day.later_by(1).starts_on == date(2029, 2, 28)
    assert leap_day.later_by(4).starts_on == date(2032, 2, 29)


def test_a_calendar_may_be_incomplete_but_not_backwards() -> None:
    day = date(2027, 1, 1)
    Calendar(call_closes_on=day, ends_on=day).check_order()
    with pytest.raises(DomainError):
        Calendar(call_closes_on=day, starts_on=day - timedelta(days=1)).check_order()


def test_the_budget_is_what_was_given_when_no_funder_is_named(world: World, visit: Visit) -> None:
    visit(HELENE).post("/programmes/cesar/edit", data=PROGRAMME)
    assert Decimal(world.told("programme.updated")[-1]["budget_funded"]) == 270000
