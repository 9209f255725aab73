"""On PostgreSQL, many managers and applicants at the same instant: no cohort gets more than its places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from services.chassis.model import Conflict, DomainError
from services.enrolment.domain.application import Application
from services.enrolment.domain.decision import Decision, Verdict
from services.enrolment.domain.person import Role
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import decisions, drafts, offers, programmes
from services.enrolment.handlers.applications import Apply
from services.enrolment.storage.queries import places_taken
from tests.integration.enrolment.at_once import at_once, postgres_world
from tests.support.postgres import Postgres
from tests.unit.enrolment.world import World


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with postgres_world(postgres, tmp_path) as world:
        yield world


def applied(world: World, cohort: Cohort, number: int) -> list[Application]:
    return [world.apply(f"Ville de N{each}", cohort_label=cohort.label) for each in range(number)]


def taken(world: World, cohort: Cohort) -> int:
    with world.runtime.read() as session:
        return places_taken(session, cohort.id)


def test_of_many_who_accept_as_many_get_a_place_as_there_are(world: World) -> None:
    cohort = world.cohort("2028", capacity=3)
    came_of_it = at_once([partial(world.accept, each) for each in applied(world, cohort, 12)])
    refused = [each for each in came_of_it if isinstance(each, Conflict)]
    assert (len(came_of_it) - len(refused), taken(world, cohort)) == (3, 3)


def test_two_sittings_at_once_never_overbook_and_each_is_whole_or_nothing(world: World) -> None:
    cohort = world.cohort("2028", capacity=4)
    applications = applied(world, cohort, 6)
    manager = world.person("paul@cci.example", Role.MANAGER, name="Paul")

    def sit(chosen: list[Application]) -> Callable[[], list[Application]]:
        all_of_them = [Decision(application_id=each.id, verdict=Verdict.ACCEPT) for each in chosen]
        return lambda: world.do(decisions.decide_all, cohort.id, all_of_them, manager.id)

    came_of_it = at_once([sit(applications[:3]), sit(applications[3:])])
    assert sum(isinstance(each, Conflict) for each in came_of_it) == 1
    assert taken(world, cohort) == 3
    halves = (applications[:3], applications[3:])
    states = [{world.read(Application, each.id).state for each in half} for half in halves]
    assert sorted(next(iter(half)) for half in states if len(half) == 1) == ["accepted", "submitted"]


def test_places_that_become_free_at_once_go_to_as_many_and_no_more(world: World) -> None:
    cohort = world.cohort("2028", capacity=4)
    applications = applied(world, cohort, 9)
    for each in applications[:4]:
        world.accept(each)
    for each in applications[4:]:
        world.do(decisions.put_on_waiting_list, each.id, None)
    late = world.apply("Ville de Lunel", cohort_label="2028")
    leaving = [partial(world.do, offers.withdraw, each.id) for each in applications[:3]]
    came_of_it = at_once([*leaving, partial(world.accept, late)])
    accepted_late = not isinstance(came_of_it[3], Conflict)
    offered = [each for each in applications[4:] if world.read(Application, each.id).offered_until]
    assert taken(world, cohort) == 4
    assert len(offered) == 3 - accepted_late
    assert offered == applications[4 : 4 + len(offered)], "in the order of the waiting list"


def test_an_offer_is_taken_or_lapses_and_never_both(world: World) -> None:
    cohort = world.cohort("2028", capacity=1)
    held, first, second = applied(world, cohort, 3)
    world.accept(held)
    for each in (first, second):
        world.do(decisions.put_on_waiting_list, each.id, None)
    world.do(offers.withdraw, held.id)
    taking = [partial(world.do, offers.take_offer, first.id, None) for _click in range(4)]
    leaving = partial(world.do, offers.withdraw, first.id)
    at_once([*taking, leaving])
    assert taken(world, cohort) == 1
    assert world.read(Application, first.id).state in ("accepted", "withdrawn")


def test_a_capacity_is_not_lowered_below_what_is_given_away_meanwhile(world: World) -> None:
    cohort = world.cohort("2028", capacity=6)
    applications = applied(world, cohort, 6)
    lower = programmes.ChangeCohort(
        cohort_id=cohort.id, capacity=3, offer_days=7, calendar=world.read(Cohort, cohort.id).calendar
    )

    def change() -> object:
        try:
            return world.do(programmes.change_cohort, lower)
        except DomainError as refusal:
            return refusal

    at_once([change, *(partial(world.accept, each) for each in applications)])
    assert taken(world, cohort) <= world.read(Cohort, cohort.id).capacity


def test_a_draft_that_is_sent_by_two_clicks_is_one_application(world: World) -> None:
    begun = drafts.BeginDraft(programme="cesar", cohort_label="2027", email="claire@m.example", typed={})
    draft = world.do(drafts.begin_draft, begun, str)
    command = Apply(
        programme="cesar",
        cohort_label="2027",
        organisation_name="Ville de Mauguio",
        legal_form="public",
        siret=None,
        commune="34154",
        contact_name="Claire Martin",
        contact_email="claire@m.example",
        motivation="Mieux acheter.",
        today=world.today(),
    )
    came_of_it = at_once([partial(world.do, drafts.submit_draft, draft.id, command) for _click in range(6)])
    assert {each.id for each in came_of_it if isinstance(each, Application)} == {draft.application_id}
    assert len(world.told("application.submitted")) == 1
