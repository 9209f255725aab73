"""Programmes and cohorts: set up, open the call, go through the year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Conflict, DomainError
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.application import UNDECIDED, Application, ApplicationState
from services.enrolment.domain.call import Criterion, Question
from services.enrolment.domain.local_time import PARIS
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.domain.programme import Calendar, Cohort, Funder, Programme
from services.enrolment.events.programmes import cohort_snapshot, programme_snapshot
from services.enrolment.handlers import decisions
from services.enrolment.handlers.application_log import record_application
from services.enrolment.handlers.offers import offer_free_place
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.handlers.supplier_changes import changed_meanwhile
from services.enrolment.storage import queries

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_USUAL_CAPACITY = 10
_MOST_NAMES = 10
# Stands in addresses where the short name of a programme would.
_RESERVED_SLUGS = ("new",)


@dataclass(frozen=True, kw_only=True)
class CreateProgramme:
    slug: str
    name: str
    description: str
    chamber: str
    contact_email: str
    buyer_target: int
    supplier_target: int
    budget_total: Decimal
    budget_funded: Decimal


@dataclass(frozen=True, kw_only=True)
class ChangeProgramme:
    """All that a manager may change of a programme; its short name stays, since addresses hold it.

    Here and below, ``seen_version`` is the version of what is changed that the person has seen.
    """

    slug: str
    name: str
    description: str
    chamber: str
    contact_email: str
    buyer_target: int
    supplier_target: int
    budget_total: Decimal
    funders: Sequence[Funder]
    seen_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class PlanCohort:
    """``copy_from`` is the label of a cohort whose calendar, years on, form and criteria it takes over.

    Without a ``capacity`` it has that of the other one, or ten places.
    """

    programme: str
    label: str
    capacity: int | None = None
    copy_from: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeCohort:
    cohort_id: UUID
    capacity: int
    offer_days: int
    calendar: Calendar
    seen_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class DescribeCall:
    cohort_id: UUID
    call_text: str
    questions: Sequence[Question]
    criteria: Sequence[Criterion]
    seen_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class OpenCall:
    cohort_id: UUID
    opens_on: date
    closes_on: date
    today: date


def create_programme(command: CreateProgramme, unit_of_work: UnitOfWork) -> Programme:
    """Raises DomainError for a slug that does not fit into an address, Conflict for one that is taken."""
    if not _SLUG.fullmatch(command.slug):
        raise DomainError(
            "The short name of a programme has small letters, digits and hyphens only.", field="slug"
        )
    known = any(known.slug == command.slug for known in queries.all_programmes(unit_of_work.session))
    if known or command.slug in _RESERVED_SLUGS:
        raise Conflict("There is a programme “%(slug)s” already.", field="slug", slug=command.slug)
    programme = Programme(id=new_id(), **vars(command))
    unit_of_work.session.add(programme)
    unit_of_work.record(programme, "enrolment.programme.created", programme_snapshot(programme))
    return programme


def create_programme_with_manager(
    command: CreateProgramme, manager_name: str, manager_email: str, unit_of_work: UnitOfWork
) -> Programme:
    """A programme, and somebody who may run it. Raises like ``create_programme``."""
    programme = create_programme(command, unit_of_work)
    register_person(
        RegisterPerson(
            name=manager_name, email=manager_email, grant=PersonGrant(Role.MANAGER, programme.slug)
        ),
        unit_of_work,
    )
    return programme


def change_programme(command: ChangeProgramme, unit_of_work: UnitOfWork) -> Programme:
    """Raises NotFound, DomainError for funders that do not add up, Conflict for what changed meanwhile."""
    programme = queries.programme_by_slug(unit_of_work.session, command.slug, lock=True)
    _check_seen(programme, command.seen_version)
    programme.name, programme.description = command.name, command.description
    programme.chamber, programme.contact_email = command.chamber, command.contact_email
    programme.buyer_target, programme.supplier_target = command.buyer_target, command.supplier_target
    programme.budget_total = command.budget_total
    programme.name_funders(command.funders)
    unit_of_work.record(programme, "enrolment.programme.updated", programme_snapshot(programme))
    return programme


def plan_cohort(command: PlanCohort, unit_of_work: UnitOfWork) -> Cohort:
    """Raises NotFound for an unknown programme or cohort to copy, Conflict for a label that is taken."""
    session = unit_of_work.session
    queries.programme_by_slug(session, command.programme)
    if any(cohort.label == command.label for cohort in queries.cohorts_of(session, command.programme)):
        raise Conflict("This programme has a cohort “%(label)s” already.", field="label", label=command.label)
    cohort = Cohort(id=new_id(), programme=command.programme, label=command.label, capacity=_USUAL_CAPACITY)
    if command.copy_from:
        cohort.take_over(queries.cohort_by_label(session, command.programme, command.copy_from))
    cohort.capacity = command.capacity or cohort.capacity
    session.add(cohort)
    unit_of_work.record(cohort, "enrolment.cohort.planned", cohort_snapshot(cohort))
    return cohort


def change_cohort(command: ChangeCohort, unit_of_work: UnitOfWork) -> Cohort:
    """Raises DomainError for days that make no sense or too few places; Conflict for what is over or was
    changed meanwhile.

    The cohort is locked, so that nobody is given a place meanwhile that the new capacity does not have. New
    places are offered to those who wait.
    """
    cohort = unit_of_work.get(Cohort, command.cohort_id, lock=True)
    _check_seen(cohort, command.seen_version)
    cohort.set_capacity(command.capacity, queries.places_taken(unit_of_work.session, cohort.id))
    cohort.set_calendar(command.calendar)
    cohort.offer_days = command.offer_days
    unit_of_work.record(cohort, "enrolment.cohort.updated", cohort_snapshot(cohort))
    while offer_free_place(cohort, unit_of_work):
        pass
    return cohort


def describe_call(command: DescribeCall, unit_of_work: UnitOfWork) -> Cohort:
    """What the call says, asks and is judged by. Raises DomainError and Conflict like ``set_form``, Conflict
    also for what was changed meanwhile."""
    cohort = unit_of_work.get(Cohort, command.cohort_id, lock=True)
    _check_seen(cohort, command.seen_version)
    is_used = queries.has_applications(unit_of_work.session, cohort.id)
    cohort.set_form(command.questions, command.criteria, is_used=is_used)
    cohort.call_text = command.call_text
    unit_of_work.record(cohort, "enrolment.cohort.updated", cohort_snapshot(cohort))
    return cohort


def open_call(command: OpenCall, unit_of_work: UnitOfWork) -> Cohort:
    cohort = unit_of_work.get(Cohort, command.cohort_id)
    cohort.open_call(command.opens_on, command.closes_on, command.today)
    unit_of_work.record(cohort, "enrolment.cohort.opened", cohort_snapshot(cohort))
    return cohort


def start_review(cohort_id: UUID, unit_of_work: UnitOfWork) -> Cohort:
    cohort = unit_of_work.get(Cohort, cohort_id)
    cohort.start_review(_today(unit_of_work))
    unit_of_work.record(cohort, "enrolment.cohort.review_started", cohort_snapshot(cohort))
    return cohort


def start_cohort(
    cohort_id: UUID, unit_of_work: UnitOfWork, by: UUID | None = None, reason: str = ""
) -> Cohort:
    """The accompaniment begins. Whoever is on the waiting list stays on it.

    Nobody would hear any more of an application that is not decided, or not handed in again: it is declined,
    for ``reason``. Raises Conflict, and DomainError when there is such an application and no reason.
    """
    cohort = unit_of_work.get(Cohort, cohort_id, lock=True)
    cohort.start(_today(unit_of_work))
    unit_of_work.record(cohort, "enrolment.cohort.started", cohort_snapshot(cohort))
    for application, _organisation in queries.applications_of(unit_of_work.session, cohort_id):
        if application.is_unsettled:
            decisions.decline(application.id, by, reason, unit_of_work)
    return cohort


def complete_cohort(cohort_id: UUID, unit_of_work: UnitOfWork) -> Cohort:
    """The accompaniment is over, and with it the way of each buyer whose agreement is signed.

    Raises DomainError, with names, while something is still to come of an application: nobody would ever
    hear of it.
    """
    cohort = unit_of_work.get(Cohort, cohort_id, lock=True)
    cohort.complete()
    unit_of_work.record(cohort, "enrolment.cohort.completed", cohort_snapshot(cohort))
    applications = [
        (unit_of_work.get(Application, each.id, lock=True), organisation)
        for each, organisation in queries.applications_of(unit_of_work.session, cohort_id)
    ]
    _check_none_is_pending(applications)
    for application, _organisation in applications:
        if application.state is ApplicationState.ENROLLED:
            application.complete()
            record_application(application, "completed", unit_of_work)
    return cohort


def _today(unit_of_work: UnitOfWork) -> date:
    return unit_of_work.now.astimezone(PARIS).date()


def _check_seen(found: Programme | Cohort, seen_version: int | None) -> None:
    if seen_version not in (None, found.version):
        raise changed_meanwhile()


def _check_none_is_pending(applications: Sequence[tuple[Application, Organisation]]) -> None:
    def those_that_are(*states: ApplicationState) -> str:
        names = [
            organisation.name for application, organisation in applications if application.state in states
        ]
        return ", ".join(names[:_MOST_NAMES]) + (", …" if names[_MOST_NAMES:] else "")

    if names := those_that_are(ApplicationState.WAITLISTED, *UNDECIDED):
        raise DomainError(
            "Applications that wait for a decision: %(names)s. Accept or decline them first.", names=names
        )
    if names := those_that_are(ApplicationState.ACCEPTED):
        raise DomainError(
            "Accepted, and the agreement is not signed: %(names)s. Have it signed, or withdraw the "
            "application on their behalf first.",
            names=names,
        )
    if names := those_that_are(ApplicationState.DRAFT):
        raise DomainError(
            "Sent back for a correction, and not handed in again: %(names)s. Withdraw the application on "
            "their behalf first.",
            names=names,
        )


STEPS = {"review": start_review, "complete": complete_cohort}
"""How a cohort goes on where nothing more is to be said, by the words of addresses."""
