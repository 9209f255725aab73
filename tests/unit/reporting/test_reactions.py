"""The read models: whatever the order and number of deliveries, the same history ends in the same state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from services.chassis.events import Event
from services.chassis.unit_of_work import UnitOfWork
from services.reporting.domain import catalogue
from services.reporting.domain import events as names
from services.reporting.domain.figures import Evidence
from services.reporting.domain.indicators import evaluate
from services.reporting.domain.records import EVER, Period, State
from services.reporting.events import contracts
from services.reporting.reactions import reactions
from services.reporting.storage.queries import event_ids, latest_facts, load_state, revision
from services.reporting.storage.tables import facts, metadata
from tests.unit.reporting.examples import NOW, history, identifier, life

HISTORY = history()


def told(told_events: Iterable[Event]) -> Session:
    """A database that has heard of these events, in this order."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    session = Session(engine)
    unit_of_work = UnitOfWork(session, contracts, NOW)
    for event in told_events:
        assert reactions.apply(event, unit_of_work)
    return session


def read(session: Session) -> tuple[State, set[Any]]:
    columns = [column for column in facts.c if column.name != "number"]
    return load_state(session, "cesar", NOW), {tuple(row) for row in session.execute(select(*columns))}


@cache
def in_order() -> tuple[State, set[Any]]:
    """What the history ends in when it is told as it happened."""
    with told(HISTORY) as session:
        return read(session)


def test_the_history_is_read_as_it_was_told() -> None:
    with told(HISTORY) as session:
        state, _ = read(session)
    assert state.programme.supplier_target == 300
    assert [cohort.state for cohort in state.cohorts] == ["running"]
    buyer, supplier = state.buyers[0], state.suppliers[0]
    assert (buyer.name, buyer.state, buyer.legal_form) == ("Biotope", "completed", "private")
    assert buyer.enrolled_at == next(e.time for e in HISTORY if e.type == names.APPLICATION_ENROLLED)
    assert (supplier.siret, supplier.department, supplier.sector) == ("09900000099991", "34", "C")
    assert supplier.epci == "200066355", "Mèze belongs to Sète Agglopôle Méditerranée"
    assert supplier.latest and supplier.latest.score == 62.5 and supplier.latest.validated_at
    assert [sharing.active for sharing in state.sharings] == [True]


@settings(max_examples=60)
@given(st.permutations(HISTORY), st.lists(st.sampled_from(HISTORY), max_size=20), st.randoms())
def test_any_order_with_any_duplicates_ends_in_the_same_state(
    order: list[Event], again: list[Event], chance: Any
) -> None:
    deliveries = [*order, *again]
    chance.shuffle(deliveries)
    with told(deliveries) as session:
        assert read(session) == in_order()


def test_every_event_is_a_fact_once() -> None:
    with told([*HISTORY, *HISTORY]) as session:
        assert len(read(session)[1]) == len(HISTORY)


def test_the_revision_grows_with_every_event() -> None:
    with told(HISTORY[:3]) as session:
        before = revision(session)
        reactions.apply(HISTORY[3], UnitOfWork(session, contracts, NOW))
        assert revision(session) > before
    with told([]) as empty:
        assert revision(empty) == 0


def test_fields_that_a_producer_adds_later_are_ignored() -> None:
    grown = [replace(event, data={**event.data, "new_field": {"a": 1}}) for event in HISTORY]
    with told(grown) as session:
        assert read(session) == in_order()


def test_a_figure_leads_to_the_events_it_rests_on() -> None:
    with told(HISTORY) as session:
        state, _ = read(session)
        for indicator in (
            catalogue.BUYERS_ENROLLED,
            catalogue.SUPPLIERS_SUBMITTED,
            catalogue.SUPPLIERS_VALIDATED,
        ):
            figure = evaluate(indicator, state)
            found = event_ids(session, figure.evidence)
            assert figure.value == 1
            assert all((fact.subject, fact.event_type) in found for fact in figure.evidence)
        # Of the two submissions the one that stands is the second, after it had been taken back.
        submission = Evidence(
            identifier("assessment"), names.ASSESSMENT_SUBMITTED, identifier("bakery"), None
        )
        assert event_ids(session, [submission]) == {
            (submission.subject, submission.event_type): identifier("assessment", 5)
        }
        assert event_ids(session, []) == {}


def test_the_latest_facts_name_those_concerned() -> None:
    with told(HISTORY) as session:
        shared, *_ = latest_facts(session, "cesar", [names.SHARING_GRANTED], 5)
        assert (shared.organisation, shared.counterpart) == ("Le Fournil du Loriot Bleu", "Biotope")
        instants = [fact.time for fact in latest_facts(session, "cesar", names.ASSESSMENTS, 50)]
        assert instants == sorted(instants, reverse=True) and len(instants) == 7


def test_a_period_sees_only_its_own_facts() -> None:
    day = next(e.time for e in HISTORY if e.type == names.ASSESSMENT_VALIDATED).date()
    with told(HISTORY) as session:
        that_day = load_state(session, "cesar", NOW, Period(first=day, last=day)).seen
        assert that_day == {names.ASSESSMENT_VALIDATED: 1}
        assert load_state(session, "cesar", NOW, EVER).seen[names.ASSESSMENT_SUBMITTED] == 2


def test_programmes_are_kept_apart() -> None:
    elsewhere = life(
        "another enrolment",
        [(names.SUPPLIER_INVITED, {"state": "invited"})],
        programme="another",
        organisation_id=str(identifier("bakery")),
        organisation_name="Le Fournil du Loriot Bleu",
        invited_by=[],
        invited_at=None,
        enrolled_at=None,
    )
    with told([*HISTORY, *elsewhere]) as session:
        assert read(session)[0] == in_order()[0]


def test_communes_are_the_same_as_in_enrolment() -> None:
    mine, theirs = (
        files(f"services.{service}") / "data" / "communes-occitanie.csv"
        for service in ("reporting", "enrolment")
    )
    assert mine.read_bytes() == theirs.read_bytes()
