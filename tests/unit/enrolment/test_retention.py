"""How long enrolment keeps what: dated periods, a warning before an account ends, figures that stay."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from services.chassis.messages import outbox
from services.chassis.privacy import retention
from services.chassis.privacy.retention import Period, Rule
from services.enrolment.domain.application import Application
from services.enrolment.domain.person import Person, Role
from services.enrolment.handlers import drafts
from services.enrolment.handlers.personal_data.accounts import note_account_use
from services.enrolment.storage.tables import account_uses, application_drafts, applications
from tests.unit.enrolment.world import HELENE, MONDAY, World

ANA = "ana@mairie.example"


def run(world: World) -> dict[str, int]:
    world.clock.move(seconds=1)
    return retention.run(world.runtime)


def due(world: World) -> dict[str, int]:
    return {state.rule.key: state.due for state in retention.state_of(world.runtime)}


def test_the_latest_period_that_is_valid_applies() -> None:
    periods = tuple(
        Period(date.fromisoformat(day), months, 0, "a rule")
        for day, months in (("2026-01-01", 12), ("2027-01-01", 6))
    )
    rule = Rule("a", "A", periods)
    assert rule.period(date(2026, 12, 31)).months == 12
    assert rule.period(date(2027, 1, 1)).months == 6


@pytest.mark.parametrize(
    ("months", "days", "oldest"), [(36, 0, "2023-11-23"), (36, -30, "2023-12-23"), (9, 0, "2026-02-23")]
)
def test_months_are_those_of_the_calendar(months: int, days: int, oldest: str) -> None:
    assert Period(MONDAY.date(), months, days, "a rule").before(MONDAY).date().isoformat() == oldest


def test_an_unused_account_is_warned_and_ends_thirty_days_later(world: World) -> None:
    ana = world.person(ANA, Role.JURY, name="Ana Ruiz")
    world.do(note_account_use, ana.id, world.clock.now)
    run(world)
    world.clock.move(days=36 * 30.5 - 29)
    assert due(world)["accounts-to-warn"] == 2
    run(world)
    assert {told["contact"]["email"] for told in world.told("person.account_ending")} == {ANA, HELENE}
    run(world)
    assert len(world.told("person.account_ending")) == 2

    world.clock.move(days=29)
    run(world)
    assert world.told("person.erasure_confirmed") == []
    world.clock.move(days=5)
    run(world)

    # Hélène is the programme's only manager.
    assert [order["person_id"] for order in world.told("person.erasure_confirmed")] == [str(ana.id)]


def test_signing_in_keeps_the_account(world: World) -> None:
    ana = world.person(ANA, Role.JURY, name="Ana Ruiz")
    world.do(note_account_use, ana.id, world.clock.now)
    world.clock.move(days=1095)
    run(world)
    world.do(note_account_use, ana.id, world.clock.now)
    world.clock.move(days=60)
    run(world)
    assert world.told("person.erasure_confirmed") == []


def test_a_declined_application_loses_what_it_said_and_still_counts(world: World) -> None:
    application = world.apply("Ville de Mauguio")
    with world.work() as work:
        work.session.execute(
            update(applications).values(state="declined", decided_at=work.now, answers={"why": "Because"})
        )
    world.clock.move(days=364)
    assert due(world)["declined-applications"] == 0
    world.clock.move(days=2)
    assert run(world)["declined-applications"] == 1
    emptied = world.read(Application, application.id)
    assert (emptied.motivation, dict(emptied.answers), emptied.state) == ("", {}, "declined")
    assert run(world)["declined-applications"] == 0


def test_an_abandoned_draft_goes_and_nothing_in_the_log_names_its_author(world: World) -> None:
    command = drafts.BeginDraft(
        programme="cesar",
        cohort_label="2027",
        email=ANA,
        typed={"contact_name": "Ana Ruiz", "organisation_name": "Ville de Sète"},
    )
    with world.work() as work:
        drafts.begin_draft(command, lambda _: "http://localhost:8000/drafts/secret", work)
    world.clock.move(days=366)
    assert run(world)["abandoned-drafts"] == 1
    with world.runtime.read() as session:
        assert session.scalars(select(application_drafts.c.id)).all() == []
        log = b"".join(session.scalars(select(outbox.c.body)))
    assert ANA.encode() not in log
    assert b"Ana Ruiz" not in log
    assert b"drafts/secret" not in log


def test_a_dry_look_changes_nothing_and_a_run_is_remembered(world: World) -> None:
    world.person(ANA, Role.JURY)
    before = due(world)
    assert due(world) == before
    [first, *_] = retention.state_of(world.runtime)
    assert first.last_run is None
    retention.run_daily(world.runtime)
    world.clock.now += timedelta(hours=1)
    retention.run_daily(world.runtime)
    [first, *_] = retention.state_of(world.runtime)
    assert first.last_run == MONDAY
    with world.runtime.read() as session:
        assert session.scalar(select(account_uses.c.used_at).limit(1)) == MONDAY


def test_whoever_is_erased_is_not_counted_again(world: World) -> None:
    ana = world.person(ANA, Role.JURY)
    with world.work() as work:
        work.get(Person, ana.id).email = f"erased-{ana.id}"
    world.do(note_account_use, ana.id, world.clock.now)
    run(world)
    with world.runtime.read() as session:
        used = session.scalars(select(account_uses.c.person_id)).all()
    assert ana.id not in used
