"""The script puts what everybody did in the order in which it can have happened."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from services.console.demo.cast import COHORTS
from services.console.demo.lives import Stage
from services.console.demo.meetings import Announcement, Consultation, Gathering, meeting_steps
from services.console.demo.present import APPLICANTS, Joining, Listing, Reading
from services.console.demo.script import (
    ApplicationAction,
    ApplicationStep,
    Beginning,
    CohortAction,
    CohortStep,
    InvitationStep,
    SharingStep,
    Step,
    SupplierAction,
    SupplierStep,
    make_script,
)
from services.console.demo.suppliers import make_suppliers

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def script() -> tuple[Step, ...]:
    return make_script(TODAY)


def test_it_begins_with_the_programme_and_ends_before_today(script: tuple[Step, ...]) -> None:
    assert isinstance(script[0], Beginning)
    instants = [step.at for step in script]
    assert instants == sorted(instants)
    assert instants[-1] < datetime(2026, 11, 23, tzinfo=UTC)


def test_a_cohort_opens_before_applications_and_starts_after_agreements(script: tuple[Step, ...]) -> None:
    for label in ("2022", "2023"):
        cohort = {s.action: s.at for s in script if isinstance(s, CohortStep) and s.cohort.label == label}
        steps = [s for s in script if isinstance(s, ApplicationStep) and s.buyer.cohort == label]
        by_action = {a: [s.at for s in steps if s.action is a] for a in ApplicationAction}
        assert len(by_action[ApplicationAction.ENROL]) == 10
        assert cohort[CohortAction.OPEN] < min(by_action[ApplicationAction.SUBMIT])
        assert max(by_action[ApplicationAction.SUBMIT]) < cohort[CohortAction.START_REVIEW]
        assert cohort[CohortAction.START_REVIEW] < min(by_action[ApplicationAction.ACCEPT])
        assert max(by_action[ApplicationAction.ACCEPT]) < min(by_action[ApplicationAction.ENROL])
        assert max(by_action[ApplicationAction.ENROL]) < cohort[CohortAction.START]


def test_the_call_of_the_third_cohort_is_open_and_its_jury_reads(script: tuple[Step, ...]) -> None:
    steps = [s for s in script if isinstance(s, CohortStep) and s.cohort.label == COHORTS[2].label]
    assert [s.action for s in steps] == [CohortAction.PLAN, CohortAction.OPEN]
    call = steps[1].cohort
    assert call.call_opens_on and call.call_closes_on
    assert call.call_opens_on < TODAY < call.call_closes_on
    assert call.decided_on and call.started_on and call.ends_on
    assert call.call_closes_on < call.decided_on < call.started_on < call.ends_on
    applied = [s.at for s in script if isinstance(s, ApplicationStep) and s.buyer in APPLICANTS]
    (read,) = [s.at for s in script if isinstance(s, Reading)]
    assert steps[1].at < applied[0] < read < applied[-1]


def test_a_list_repeats_a_supplier_and_somebody_asks_to_join_one(script: tuple[Step, ...]) -> None:
    invited = {s.supplier.key: (s.at, s.supplier) for s in script if isinstance(s, InvitationStep)}
    (listing,) = [s for s in script if isinstance(s, Listing)]
    names = {supplier.name for _at, supplier in invited.values()}
    assert any(row[0].removesuffix(" SARL") in names for row in listing.table)
    (joining,) = [s for s in script if isinstance(s, Joining)]
    assert joining.supplier.siret
    assert invited[joining.supplier.key][0] < joining.at
    assert joining.person.email != joining.supplier.contact.email


def test_a_buyer_invites_only_once_enrolled(script: tuple[Step, ...]) -> None:
    enrolled: set[str] = set()
    for step in script:
        if isinstance(step, ApplicationStep) and step.action is ApplicationAction.ENROL:
            enrolled.add(step.buyer.key)
        if isinstance(step, InvitationStep) and step.buyer:
            assert step.buyer.key in enrolled


def test_every_step_of_a_supplier_follows_the_one_it_needs(script: tuple[Step, ...]) -> None:
    needs = {
        SupplierAction.START: SupplierAction.ENROL,
        SupplierAction.SUBMIT: SupplierAction.START,
        SupplierAction.START_REVIEW: SupplierAction.SUBMIT,
        SupplierAction.REQUEST_CHANGES: SupplierAction.START_REVIEW,
        SupplierAction.VALIDATE: SupplierAction.START_REVIEW,
        SupplierAction.LEAVE: SupplierAction.ENROL,
    }
    invited: set[str] = set()
    done: set[tuple[str, SupplierAction]] = set()
    for step in script:
        if isinstance(step, InvitationStep):
            invited.add(step.supplier.key)
        if isinstance(step, SupplierStep):
            key = step.supplier.key
            assert (key, needs[step.action]) in done if step.action in needs else key in invited
            done.add((key, step.action))
        if isinstance(step, SharingStep):
            assert (step.supplier.key, SupplierAction.SUBMIT) in done


def test_playing_it_leaves_each_supplier_at_its_stage(script: tuple[Step, ...]) -> None:
    counted = Counter(step.action for step in script if isinstance(step, SupplierStep))
    stages = Counter(supplier.life.stage for supplier in make_suppliers(TODAY))
    assert counted[SupplierAction.VALIDATE] == stages[Stage.VALIDATED]
    assert counted[SupplierAction.REQUEST_CHANGES] == stages[Stage.CHANGES_REQUESTED]
    assert counted[SupplierAction.ENROL] == 300 - stages[Stage.NOT_ENROLLED]


def test_past_workshops_have_guests_and_are_held_and_those_to_come_are_only_announced() -> None:
    steps = list(meeting_steps(TODAY, 34))
    held = {step.workshop.key for step in steps if isinstance(step, Gathering)}
    announced = [step.workshop for step in steps if isinstance(step, Announcement)]
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert {workshop.cohort for workshop in announced} == {"2023", "2024"}
    for workshop in announced:
        assert (workshop.key in held) == (workshop.starts_at < now) == bool(workshop.guests)


def test_appointments_to_come_have_no_report_and_no_adviser_is_at_two_at_once() -> None:
    steps = list(meeting_steps(TODAY, 34))
    met = [step for step in steps if isinstance(step, Consultation)]
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert all((step.report is None) == (step.starts_at > now) for step in met)
    taken = [(step.adviser, step.starts_at) for step in met]
    assert len(taken) == len(set(taken))
