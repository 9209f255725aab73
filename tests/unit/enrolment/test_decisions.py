"""Decisions in one sitting, their log, and places that go down the waiting list."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.chassis.model import Conflict, DomainError
from services.chassis.working_days import next_working_day
from services.enrolment.domain.application import Application
from services.enrolment.domain.decision import Decision, Verdict, offer_ends
from services.enrolment.domain.person import Person, Role
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import decisions, offers, programmes
from services.enrolment.storage import queries
from services.enrolment.storage.application_queries import decision_log
from tests.unit.enrolment.world import HELENE, World


def manager(world: World) -> Person:
    return world.person(HELENE, Role.MANAGER)


def full_cohort(world: World, capacity: int = 1, waiting: int = 2) -> tuple[Cohort, list[Application]]:
    """A cohort without a free place, the accepted first and then the waiting list in its order."""
    cohort = world.cohort("2028", capacity=capacity)
    applied = [
        world.apply(f"Ville de N{number}", cohort_label="2028") for number in range(capacity + waiting)
    ]
    for application in applied[:capacity]:
        world.accept(application)
    for application in applied[capacity:]:
        world.do(decisions.put_on_waiting_list, application.id, None)
    return cohort, applied


def state(world: World, application: Application) -> str:
    return world.read(Application, application.id).state


def taken(world: World, cohort: Cohort) -> int:
    with world.runtime.read() as session:
        return queries.places_taken(session, cohort.id)


def test_places_that_are_added_are_offered_to_those_who_wait_longest(world: World) -> None:
    cohort, (_accepted, first, second, third) = full_cohort(world, waiting=3)
    more = programmes.ChangeCohort(
        cohort_id=cohort.id, capacity=3, offer_days=cohort.offer_days, calendar=cohort.calendar
    )
    world.do(programmes.change_cohort, more)
    offered = [world.read(Application, each.id).offered_until is not None for each in (first, second, third)]
    assert offered == [True, True, False]
    assert {told["id"] for told in world.told("application.place_offered")} == {str(first.id), str(second.id)}
    assert taken(world, cohort) == 3


def test_a_sitting_decides_all_and_keeps_who_when_and_why(world: World) -> None:
    hélène = manager(world)
    first, second, third = (world.apply(f"Ville de {name}") for name in ("Mauguio", "Lattes", "Palavas"))
    chosen = [
        Decision(application_id=first.id, verdict=Verdict.ACCEPT),
        Decision(application_id=second.id, verdict=Verdict.WAITLIST),
        Decision(application_id=third.id, verdict=Verdict.DECLINE, reason="Hors du territoire."),
    ]
    world.do(decisions.decide_all, first.cohort_id, chosen, hélène.id)
    assert [state(world, each) for each in (first, second, third)] == ["accepted", "waitlisted", "declined"]
    with world.runtime.read() as session:
        log = decision_log(session, cohort_id=first.cohort_id)
    assert [(line.organisation, line.decision.verdict, line.by) for line in log] == [
        ("Ville de Palavas", "decline", hélène.name),
        ("Ville de Lattes", "waitlist", hélène.name),
        ("Ville de Mauguio", "accept", hélène.name),
    ]
    assert log[0].decision.reason == "Hors du territoire."
    assert log[0].decision.decided_at == world.clock()


def test_a_sitting_with_one_mistake_decides_nothing(world: World) -> None:
    world.cohort("2028", capacity=1)
    first, second = (world.apply(f"Ville de {name}", cohort_label="2028") for name in ("Mauguio", "Lattes"))
    both = [Decision(application_id=each.id, verdict=Verdict.ACCEPT) for each in (first, second)]
    with pytest.raises(Conflict) as full:
        world.do(decisions.decide_all, first.cohort_id, both, manager(world).id)
    assert full.value.field == f"verdict.{second.id}"
    speechless = [
        Decision(application_id=first.id, verdict=Verdict.ACCEPT),
        Decision(application_id=second.id, verdict=Verdict.DECLINE),
    ]
    with pytest.raises(DomainError) as silent:
        world.do(decisions.decide_all, first.cohort_id, speechless, manager(world).id)
    assert silent.value.field == f"reason.{second.id}"
    elsewhere = [Decision(application_id=world.apply("Ville de Lunel").id, verdict=Verdict.ACCEPT)]
    with pytest.raises(Conflict):
        world.do(decisions.decide_all, first.cohort_id, elsewhere, manager(world).id)
    assert [state(world, each) for each in (first, second)] == ["submitted", "submitted"]
    assert not world.told("application.accepted")


def test_a_place_that_becomes_free_is_offered_to_the_first_who_waits(world: World) -> None:
    cohort, (held, first, second) = full_cohort(world)
    world.do(offers.withdraw, held.id)
    offered = world.read(Application, first.id)
    assert (offered.state, offered.offered_until) == ("waitlisted", datetime(2026, 11, 30, 17, tzinfo=UTC))
    assert world.told("application.place_offered")[-1]["organisation_name"] == "Ville de N1"
    assert world.read(Application, second.id).offered_until is None
    assert taken(world, cohort) == 1, "a place that is offered counts as taken"
    with pytest.raises(Conflict):
        world.accept(world.apply("Ville de Lunel", cohort_label="2028"))


def test_the_applicant_takes_the_place_that_is_offered(world: World) -> None:
    cohort, (held, first, _second) = full_cohort(world)
    with pytest.raises(Conflict):
        world.do(offers.take_offer, first.id, None)
    world.do(offers.withdraw, held.id)
    world.do(offers.take_offer, first.id, None)
    assert state(world, first) == "accepted"
    assert taken(world, cohort) == 1
    assert world.told("application.accepted")[-1]["offered_until"] is None


def test_an_offer_that_is_declined_goes_to_the_next(world: World) -> None:
    _cohort, (held, first, second) = full_cohort(world)
    world.do(offers.withdraw, held.id)
    world.do(offers.withdraw, first.id)
    assert world.read(Application, second.id).offered_until is not None


def test_an_offer_that_is_not_answered_in_time_goes_to_the_next_and_ends_with_the_list(world: World) -> None:
    cohort, (held, first, second) = full_cohort(world)
    world.do(offers.withdraw, held.id)
    world.clock.now = datetime(2026, 11, 30, 16, 59, tzinfo=UTC)
    assert offers.let_ended_offers_lapse(world.runtime) == 0
    world.clock.now = datetime(2026, 11, 30, 17, tzinfo=UTC)
    with pytest.raises(Conflict):
        world.do(offers.take_offer, first.id, None)
    assert offers.let_ended_offers_lapse(world.runtime) == 1
    assert offers.let_ended_offers_lapse(world.runtime) == 0
    lapsed, offered = world.read(Application, first.id), world.read(Application, second.id)
    assert lapsed.state == "withdrawn"
    with world.runtime.read() as session:
        assert decision_log(session, application_id=first.id)[0].decision.verdict == "lapse"
    assert offered.offered_until == datetime(2026, 12, 7, 17, tzinfo=UTC)
    world.clock.now += timedelta(days=8)
    assert offers.let_ended_offers_lapse(world.runtime) == 1
    assert taken(world, cohort) == 0


def test_a_withdrawal_that_frees_no_place_offers_none(world: World) -> None:
    _cohort, (_held, first, _second) = full_cohort(world)
    world.do(offers.withdraw, first.id)
    assert not world.told("application.place_offered")


def test_a_manager_may_accept_whoever_has_an_offer(world: World) -> None:
    cohort, (held, first, _second) = full_cohort(world)
    world.do(offers.withdraw, held.id)
    world.accept(first)
    assert taken(world, cohort) == 1


def test_an_application_that_does_not_exist_cannot_be_decided(world: World) -> None:
    cohort = world.cohort("2028")
    unknown = [Decision(application_id=uuid4(), verdict=Verdict.ACCEPT)]
    with pytest.raises(DomainError):
        world.do(decisions.decide_all, cohort.id, unknown, manager(world).id)


@pytest.mark.parametrize(
    ("made", "ends"),
    [
        (datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 30, 17, tzinfo=UTC)),
        # A Friday on which the seventh day is a public holiday: the next working day is a Monday.
        (datetime(2026, 12, 18, 9, tzinfo=UTC), datetime(2026, 12, 28, 17, tzinfo=UTC)),
        # Clocks go forward between the offer and its end.
        (datetime(2027, 3, 26, 9, tzinfo=UTC), datetime(2027, 4, 2, 16, tzinfo=UTC)),
    ],
)
def test_an_offer_ends_on_a_working_day_at_six_in_paris(made: datetime, ends: datetime) -> None:
    assert offer_ends(made, 7, next_working_day) == ends


def test_an_offer_that_was_not_taken_says_how_it_ended(world: World) -> None:
    _cohort, (held, first, second) = full_cohort(world)
    world.do(offers.withdraw, held.id)
    world.do(offers.withdraw, first.id)
    world.clock.now += timedelta(days=60)
    offers.let_ended_offers_lapse(world.runtime)
    ends = {told["organisation_name"]: told["offer_end"] for told in world.told("application.withdrawn")}
    assert ends == {"Ville de N0": None, "Ville de N1": "passed_on", "Ville de N2": "lapsed"}
    assert world.read(Application, second.id).offer_end == "lapsed"
