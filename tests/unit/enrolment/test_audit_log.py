"""The audit log: who did what, when, to what and from where; without any page having to think of it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from services.chassis.audit import Origin, audited, shortened
from services.chassis.messages import audit_entry
from services.enrolment.domain.person import Role
from services.enrolment.handlers import decisions
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.test_meetings_api import Program
from tests.unit.enrolment.world import HELENE, World

ACCEPT = {"decision": "accept"}


def entries(world: World, **known: Any) -> list[Any]:
    """The entries of the log in which these columns have these values, the oldest first."""
    query = select(audit_entry).order_by(audit_entry.c.position)
    for name, value in known.items():
        query = query.where(audit_entry.c[name] == value)
    with world.runtime.read() as session:
        return list(session.execute(query))


def decide(browser: FlaskClient, application_id: object) -> Any:
    return browser.post(
        f"/applications/{application_id}/decision",
        data=ACCEPT,
        environ_overrides={"REMOTE_ADDR": "81.2.69.142"},
    )


def test_a_change_leaves_who_what_when_where_and_by_which_way(world: World, visit: Visit) -> None:
    application = world.apply()
    answer = decide(visit(HELENE), application.id)
    [entry] = entries(world, action="enrolment.application.accepted")
    assert (entry.person_name, entry.role, entry.programme) == ("Hélène C.", "manager", "cesar")
    assert (entry.subject, entry.outcome, entry.channel) == (application.id, "done", "page")
    assert entry.route == "POST /applications/<uuid:application_id>/decision"
    assert (entry.at, entry.address) == (world.clock(), "81.2.69.0")
    assert str(entry.correlation_id) == answer.headers["X-Request-ID"]


def test_what_is_refused_is_noted_and_what_is_only_mistyped_is_not(world: World, visit: Visit) -> None:
    application = world.apply(contact_email="claire@mauguio.example")
    claire = visit("claire@mauguio.example")
    assert decide(claire, application.id).status_code == 403
    [refused] = entries(world, outcome="refused")
    assert (refused.role, refused.subject) == (None, application.id), "she has no role that may"
    before = len(entries(world))
    empty = visit(HELENE).post(f"/applications/{application.id}/decision", data={"decision": "decline"})
    assert empty.status_code == 422
    assert not [each for each in entries(world)[before:] if "decision" in each.route]


def test_a_change_that_is_undone_leaves_no_entry_that_it_was_done(world: World) -> None:
    application = world.apply()
    with audited(Origin("console", "cesar test")):
        try:
            with world.work() as work:
                decisions.accept(application.id, None, work)
                raise RuntimeError
        except RuntimeError:
            pass
        assert not entries(world, channel="console")
        world.do(decisions.accept, application.id, None)
    [entry] = entries(world, channel="console")
    assert (entry.action, entry.route) == ("enrolment.application.accepted", "cesar test")


def test_what_happens_by_itself_leaves_no_entry(world: World) -> None:
    world.accept(world.apply())
    assert not entries(world)


def test_sign_ins_and_their_failures_are_noted(world: World, visit: Visit) -> None:
    visit(HELENE)
    routes = [entry.route for entry in entries(world)]
    assert "POST /sign-in" in routes
    assert "POST /sign-in/<token>" in routes
    stranger = visit()
    assert stranger.post("/sign-in/wrong").status_code == 404
    [failed] = entries(world, outcome="refused")
    assert (failed.person_id, failed.route) == (None, "POST /sign-in/<token>")
    assert "wrong" not in failed.route


def test_files_with_personal_data_are_noted_when_they_are_taken_away(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    browser.get("/suppliers")
    assert not entries(world, action="file.downloaded")
    browser.get("/suppliers.csv")
    [entry] = entries(world, action="file.downloaded")
    assert entry.route == "GET /suppliers.<any(csv, xlsx):file_format>"


def test_the_first_use_of_a_token_on_a_day_is_noted_and_no_other(world: World) -> None:
    program = Program(world, HELENE)
    for _ in range(3):
        program.ask("GET", "/suppliers")
    assert len(entries(world, action="api_token.used")) == 1
    world.clock.move(days=1)
    Program(world, HELENE).ask("GET", "/suppliers")
    assert len(entries(world, action="api_token.used")) == 2


def test_a_manager_reads_the_log_of_their_programmes_and_an_operator_all(world: World, visit: Visit) -> None:
    world.programme("vignoble")
    world.cohort("2027", programme="vignoble")
    world.person("luc@cci.example", Role.MANAGER, "vignoble", name="Luc Vigneron")
    world.person("ops@cci.example", Role.OPERATOR, None, name="Opale")
    decide(visit(HELENE), world.apply().id)
    decide(visit("luc@cci.example"), world.apply("Ville de Lunel", programme="vignoble").id)
    luc, operator = visit("luc@cci.example"), visit("ops@cci.example")
    for address in ("/audit", "/audit.csv"):
        assert "Luc Vigneron" in luc.get(address).text
        assert "Hélène C." not in luc.get(address).text
        assert {"Luc Vigneron", "Hélène C."} <= {
            name for name in ("Luc Vigneron", "Hélène C.") if name in operator.get(address).text
        }
    assert visit("claire@lunel.example").get("/audit").status_code == 403


def test_the_log_is_filtered_by_person_object_and_period(world: World, visit: Visit) -> None:
    first, second = world.apply(), world.apply("Suez")
    decide(visit(HELENE), first.id)
    world.clock.move(days=2)
    browser = visit(HELENE)
    decide(browser, second.id)

    def told(query: str) -> str:
        return browser.get(f"/audit.csv?{query}").text

    assert str(second.id) not in told(f"q={first.id}")
    assert str(first.id) in told("q=hélène")
    day = world.today() - timedelta(days=1)
    assert str(first.id) not in told(f"from={day}")
    assert str(second.id) not in told(f"to={day}")
    assert "Acceptation" in browser.get("/audit").text or "acceptation" in browser.get("/audit").text
    assert browser.get("/audit?from=yesterday").status_code == 422
    assert "Aucune ligne" in browser.get("/audit?q=personne").text


def test_an_address_is_kept_without_what_tells_one_household_from_the_next() -> None:
    assert shortened("81.2.69.142") == "81.2.69.0"
    assert shortened("2001:db8:85a3:8d3:1319:8a2e:370:7348") == "2001:db8:85a3::"
    assert shortened("unknown") is None


def test_a_place_that_is_offered_by_rule_is_not_said_to_be_offered_by_who_withdrew(
    world: World, visit: Visit
) -> None:
    world.cohort("2029", capacity=1)
    held = world.accept(world.apply("Ville de Palavas", cohort_label="2029"))
    waiting = world.apply("Ville de Mende", cohort_label="2029")
    world.do(decisions.put_on_waiting_list, waiting.id, None)
    visit("claire@palavas.example").post(f"/applications/{held.id}/withdraw")
    [withdrawn] = entries(world, action="enrolment.application.withdrawn")
    [offered] = entries(world, action="enrolment.application.place_offered")
    assert withdrawn.role == "buyer"
    assert (offered.person_name, offered.person_id, offered.role) == ("Cesar", None, "system")
    assert offered.correlation_id == withdrawn.correlation_id
    page = visit(HELENE).get("/audit").text
    assert "place proposée" in page
    assert "automatiquement" in page


def test_the_log_names_what_something_was_done_to(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    decide(browser, world.apply("Ville de Lunel").id)
    page = browser.get("/audit").text
    assert ">Ville de Lunel</a>" in page
    assert "POST /" not in page


def test_a_spreadsheet_of_the_log_is_in_the_readers_words_and_csv_in_those_of_programs(
    world: World, visit: Visit
) -> None:
    browser = visit(HELENE)
    decide(browser, world.apply("Ville de Lunel").id)
    header, *rows = (
        CalamineWorkbook.from_filelike(BytesIO(browser.get("/audit.xlsx").data))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert header[:6] == ["Quand", "Qui", "Rôle", "Programme", "Quoi", "Objet"]
    [accepted] = [row for row in rows if str(row[4]).endswith("acceptation")]
    assert accepted[1:3] == ["Hélène C.", "Responsable du programme"]
    assert accepted[5:8] == ["Ville de Lunel", "Terminé", "Page"]
    assert browser.get("/audit.csv").text.startswith("at,person_id,person_name,role")
