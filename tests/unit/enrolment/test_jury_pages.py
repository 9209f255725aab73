"""The pages of the jury and of the sitting, and who sees what on them and over the API."""

import pytest

from services.enrolment.domain.application import Application
from services.enrolment.domain.person import Role
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.test_jury import ALL, jury, score
from tests.unit.enrolment.world import HELENE, World

COHORT = "/programmes/cesar/cohorts/2027"
ANNE, BOB = "anne@jury.example", "bob@jury.example"
SCORED = {"scores.c1": "4", "scores.c2": "1"}


def test_a_manager_invites_members_and_sees_how_far_they_are(world: World, visit: Visit) -> None:
    jury(world)
    browser = visit(HELENE)
    assert "Le jury n’a encore personne" in browser.get(f"{COHORT}/jury").text
    assert browser.post(f"{COHORT}/jury", data={"name": "Anne", "email": "nonsense"}).status_code == 422
    assert browser.post(f"{COHORT}/jury", data={"name": "Anne", "email": ANNE}).status_code == 303
    assert "Anne" in browser.get(f"{COHORT}/jury").text
    assert "Rien à noter" in visit(ANNE).get("/jury").text


def test_a_member_scores_on_their_own_page(world: World, visit: Visit) -> None:
    jury(world, ANNE)
    application = world.apply()
    browser = visit(ANNE)
    assert "Ville de Mauguio" in browser.get("/jury").text
    address = f"/jury/{application.id}"
    assert "Mieux acheter." in browser.get(address).text
    half = browser.post(address, data={"scores.c1": "4", "comments.c1": "Convaincant."})
    assert half.status_code == 303
    page = browser.get(address).text
    assert "Les notes qui manquent peuvent suivre" in page
    assert "Convaincant." in page
    assert browser.post(address, data={"scores.c1": "6", "scores.c2": "1"}).status_code == 422
    browser.post(address, data={"scores.c1": "4", "scores.c2": "1"})
    assert "Complètes" in browser.get("/jury").text


def test_the_scores_of_others_are_hidden_on_every_page_until_ones_own_are_given(
    world: World, visit: Visit
) -> None:
    anne, bob = jury(world, ANNE, BOB)
    application = world.apply()
    score(world, application, anne, **ALL)
    browser = visit(BOB)
    for page in (f"/jury/{application.id}", f"/applications/{application.id}", COHORT, "/jury", "/"):
        assert "Convaincant." not in browser.get(page).text, page
    for page in (f"{COHORT}/decisions", f"{COHORT}/ranking.csv", f"{COHORT}/jury"):
        assert browser.get(page).status_code == 403, page
    score(world, application, bob, **ALL)
    assert "Convaincant." in browser.get(f"/jury/{application.id}").text


def test_a_manager_who_is_on_the_jury_scores_before_reading_the_others(world: World, visit: Visit) -> None:
    anne, hélène = jury(world, ANNE, HELENE)
    application = world.apply()
    score(world, application, anne, **ALL)
    browser = visit(HELENE)
    assert "Convaincant." not in browser.get(f"/applications/{application.id}").text
    score(world, application, hélène, **ALL)
    assert "Convaincant." in browser.get(f"/applications/{application.id}").text


def test_an_applicant_never_sees_scores_or_the_log(world: World, visit: Visit) -> None:
    (anne,) = jury(world, ANNE)
    application = world.apply(contact_email="claire@mauguio.example")
    score(world, application, anne, **ALL)
    world.accept(application)
    page = visit("claire@mauguio.example").get(f"/applications/{application.id}").text
    assert "Convaincant." not in page
    assert "Décisions" not in page


def test_who_has_scored_one_application_is_led_to_the_next_of_its_cohort(world: World, visit: Visit) -> None:
    jury(world, ANNE)
    first, second = world.apply("Ville de Lattes"), world.apply("Ville de Mauguio")
    browser = visit(ANNE)
    assert "Noter la suivante" not in browser.get(f"/jury/{first.id}").text
    browser.post(f"/jury/{first.id}", data=SCORED)
    page = browser.get(f"/jury/{first.id}").text
    assert "1 candidature reste à noter" in page
    assert f'href="/jury/{second.id}"' in page
    browser.post(f"/jury/{second.id}", data=SCORED)
    assert "Toutes les candidatures sont notées" in browser.get(f"/jury/{second.id}").text


def test_a_conflict_of_interest_closes_the_application(world: World, visit: Visit) -> None:
    jury(world, ANNE)
    application = world.apply()
    browser = visit(ANNE)
    browser.post(f"/jury/{application.id}", data={"scores.c1": "5", "scores.c2": "5"})
    assert browser.post(f"/jury/{application.id}/conflict").status_code == 303
    assert "Conflit d’intérêts" in browser.get("/jury").text
    assert browser.get(f"/jury/{application.id}").status_code == 404
    assert browser.get(f"/applications/{application.id}").status_code == 404
    assert browser.post(f"/jury/{application.id}", data={"scores.c1": "5"}).status_code == 404


def test_a_member_takes_a_conflict_back_with_a_reason(world: World, visit: Visit) -> None:
    (anne,) = jury(world, ANNE)
    application = world.apply()
    score(world, application, anne, **ALL)
    browser = visit(ANNE)
    address = f"/jury/{application.id}/conflict"
    assert browser.get(address).status_code == 404
    browser.post(address)
    page = browser.get(address).text
    assert "Mieux acheter." not in page
    assert f'href="{address}"' in browser.get("/jury").text
    assert browser.post(f"{address}/lift", data={"reason": ""}).status_code == 422
    assert browser.get(f"/jury/{application.id}").status_code == 404
    assert browser.post(f"{address}/lift", data={"reason": "Un homonyme."}).status_code == 303
    assert "Complètes" in browser.get("/jury").text
    log = visit(HELENE).get(f"{COHORT}/decisions").text
    assert "Conflit d’intérêts déclaré" in log
    assert "Un homonyme." in log


def test_a_manager_lifts_a_conflict_while_the_application_is_not_decided(world: World, visit: Visit) -> None:
    (anne,) = jury(world, ANNE)
    first, second = world.apply(), world.apply("Ville de Lattes")
    browser = visit(ANNE)
    for each in (first, second):
        browser.post(f"/jury/{each.id}/conflict")
    manager = visit(HELENE)

    def lift(application: Application, reason: str = "Un homonyme.") -> int:
        address = f"{COHORT}/jury/{anne}/conflicts/{application.id}/lift"
        return manager.post(address, data={"reason": reason}).status_code

    assert "Ville de Mauguio" in manager.get(f"{COHORT}/jury").text
    assert lift(first, "") == 422
    assert lift(first) == 303
    assert "Ville de Mauguio" not in manager.get(f"{COHORT}/jury").text
    assert browser.get(f"/jury/{first.id}").status_code == 200
    world.accept(second)
    assert lift(second) == 303
    assert "ne se note plus" in manager.get(f"{COHORT}/jury").text
    world.cohort("2028")
    elsewhere = world.apply("Ville de Lunel", cohort_label="2028")
    assert lift(elsewhere) == 404


def test_programs_of_members_and_managers_lift_conflicts_too(world: World, visit: Visit) -> None:
    anne, bob = jury(world, ANNE, BOB)
    application = world.apply()
    score(world, application, anne, **ALL)
    conflict = f"/api/applications/{application.id}/conflict-of-interest"
    reason = {"reason": "Un homonyme."}
    for _ in range(2):
        assert visit(ANNE).post(conflict).status_code == 204
        assert visit(BOB).post(conflict).status_code == 204
        answer = visit(ANNE).post(f"{conflict}/withdrawal", json=reason)
        assert (answer.status_code, answer.json) == (201, {"is_complete": True})
        named = reason | {"person_id": str(bob)}
        assert visit(ANNE).post(f"{conflict}/withdrawal", json=named).status_code == 403
        answer = visit(HELENE).post(f"{conflict}/withdrawal", json=named)
        assert (answer.status_code, answer.json) == (201, {"is_complete": False})
        assert visit(HELENE).post(f"{conflict}/withdrawal", json=named).status_code == 409


def test_a_jury_member_sees_the_cohorts_of_their_jury_only(world: World, visit: Visit) -> None:
    jury(world, ANNE)
    world.cohort("2028")
    elsewhere = world.apply("Ville de Lunel", cohort_label="2028")
    browser = visit(ANNE)
    assert browser.get(COHORT).status_code == 200
    assert browser.get("/programmes/cesar/cohorts/2028").status_code == 403
    for address in (f"/applications/{elsewhere.id}", f"/jury/{elsewhere.id}"):
        assert browser.get(address).status_code == 404
    assert browser.get("/api/programmes/cesar/cohorts/2028/applications").status_code == 403
    assert browser.get("/api/programmes/cesar/cohorts/2027/applications").status_code == 200


@pytest.fixture
def scored(world: World) -> list[Application]:
    """Three applications: two tied before a third, and a member who has not scored yet."""
    anne, _bob = jury(world, ANNE, BOB)
    applied = [world.apply(f"Ville de {name}") for name in ("Mauguio", "Lattes", "Palavas")]
    for application, scores in zip(applied, (ALL, ALL, {"c1": 1, "c2": 1}), strict=True):
        score(world, application, anne, **scores)
    return applied


def test_the_ranking_shows_ties_and_what_is_missing(scored: list[Application], visit: Visit) -> None:
    page = visit(HELENE).get(f"{COHORT}/decisions").text
    assert page.count(">ex æquo<") == 2
    assert page.count("1 sur 2") == 3
    assert "3,5 sur 5" in page
    assert page.index("Ville de Lattes") < page.index("Ville de Palavas")


def test_what_can_still_change_the_ranking_is_said_before_anybody_decides_by_it(
    world: World, scored: list[Application], visit: Visit
) -> None:
    page = visit(HELENE).get(f"{COHORT}/decisions").text
    assert "Il manque des notes à 3 candidatures" in page
    assert "L’appel n’est pas encore clos" in page
    assert "Acceptées : {accept}" in page.replace("\u00a0", " ").replace("\u202f", " ")
    for application in scored:
        world.accept(application)
    assert "Le classement peut encore changer" not in visit(HELENE).get(f"{COHORT}/decisions").text


def test_the_ranking_is_exported(scored: list[Application], visit: Visit) -> None:
    answer = visit(HELENE).get(f"{COHORT}/ranking.csv")
    assert answer.mimetype == "text/csv"
    assert answer.text.splitlines()[3].startswith("3,,Ville de Palavas,,1.0,1,2,")


def test_a_sitting_is_confirmed_at_once(world: World, scored: list[Application], visit: Visit) -> None:
    first, second, third = scored
    form = {
        f"verdict.{first.id}": "accept",
        f"verdict.{second.id}": "waitlist",
        f"verdict.{third.id}": "decline",
        f"reason.{third.id}": "Le projet n’est pas mûr.",
    }
    browser = visit(HELENE)
    assert browser.post(f"{COHORT}/decisions", data=form).status_code == 303
    page = browser.get(f"{COHORT}/decisions").text
    assert "3 candidatures sont décidées" in page
    assert "Le projet n’est pas mûr." in page
    assert [world.read(Application, each.id).state for each in scored] == [
        "accepted",
        "waitlisted",
        "declined",
    ]
    again = browser.post(f"{COHORT}/decisions", data=form)
    assert again.status_code == 422, "decided meanwhile by somebody else"


def test_a_sitting_with_a_mistake_comes_back_as_it_was_typed(
    world: World, scored: list[Application], visit: Visit
) -> None:
    first, second, _third = scored
    form = {f"verdict.{first.id}": "accept", f"verdict.{second.id}": "decline"}
    page = visit(HELENE).post(f"{COHORT}/decisions", data=form)
    assert page.status_code == 422
    assert f'id="field-reason.{second.id}-error"' in page.text
    assert '<option value="accept" selected>' in page.text
    assert world.read(Application, first.id).state == "submitted"


def test_one_reason_counts_for_all_who_are_declined_without_one_of_their_own(
    world: World, scored: list[Application], visit: Visit
) -> None:
    first, second, _third = scored
    form = {f"verdict.{each.id}": "decline" for each in (first, second)}
    form |= {f"reason.{second.id}": "Trop tôt.", "reason": "Le territoire est déjà couvert."}
    assert visit(HELENE).post(f"{COHORT}/decisions", data=form).status_code == 303
    reasons = [world.read(Application, each.id).reason for each in (first, second)]
    assert reasons == ["Le territoire est déjà couvert.", "Trop tôt."]


def test_the_page_can_be_filled_in_by_the_ranking_and_decides_nothing_by_itself(
    world: World, scored: list[Application], visit: Visit
) -> None:
    browser = visit(HELENE)
    page = browser.get(f"{COHORT}/decisions?by=ranking").text
    assert page.count('value="accept" selected') == 3
    assert [world.read(Application, each.id).state for each in scored] == ["submitted"] * 3
    assert "selected" not in browser.get(f"{COHORT}/decisions").text


def test_who_does_not_manage_decides_nothing(world: World, scored: list[Application], visit: Visit) -> None:
    world.person("julien@conseil.example", Role.ADVISER, name="Julien")
    form = {f"verdict.{scored[0].id}": "accept"}
    for email in ("julien@conseil.example", ANNE):
        assert visit(email).post(f"{COHORT}/decisions", data=form).status_code == 403


def test_a_manager_removes_a_member_on_the_page_and_a_program_by_the_api(world: World, visit: Visit) -> None:
    anne, bob = jury(world, ANNE, BOB)
    application = world.apply()
    score(world, application, anne, **ALL)
    browser = visit(HELENE)
    assert browser.post(f"{COHORT}/jury/{anne}/remove").status_code == 303
    assert ANNE not in browser.get(f"{COHORT}/jury").text.partition("<main")[2].partition("alert")[2]
    assert "Membre du jury retiré" in browser.get(f"{COHORT}/decisions").text
    assert browser.delete(f"/api/programmes/cesar/cohorts/2027/jury/{bob}").status_code == 204
    assert browser.delete(f"/api/programmes/cesar/cohorts/2027/jury/{application.id}").status_code == 404
    log = browser.get("/api/programmes/cesar/cohorts/2027/decisions").get_json()["items"]
    assert [(line["verdict"], line["application_id"]) for line in log] == [("remove_juror", None)] * 2
    assert "n’a encore personne" in browser.get(f"{COHORT}/jury").text
    assert visit(ANNE).get(f"/jury/{application.id}").status_code == 403
