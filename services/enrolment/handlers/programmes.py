"""Programmes and cohorts: set up, open the call, go through the year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Conflict, DomainError
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.programme import Cohort, Programme
from services.enrolment.events.programmes import cohort_snapshot, programme_snapshot
from services.enrolment.storage import queries

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


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
class PlanCohort:
    programme: str
    label: str
    capacity: int = 10


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
    if any(known.slug == command.slug for known in queries.all_programmes(unit_of_work.session)):
        raise Conflict("There is a programme “%(slug)s” already.", field="slug", slug=command.slug)
    programme = Programme(id=new_id(), **vars(command))
    unit_of_work.session.add(programme)
    unit_of_work.record(programme, "enrolment.programme.created", programme_snapshot(programme))
    return programme


def plan_cohort(command: PlanCohort, unit_of_work: UnitOfWork) -> Cohort:
    """Raises NotFound for an unknown programme, Conflict for a label that is taken."""
    queries.programme_by_slug(unit_of_work.session, command.programme)
    if any(
        cohort.label == command.label
        for cohort in queries.cohorts_of(unit_of_work.session, command.programme)
    ):
        raise Conflict("This programme has a cohort “%(label)s” already.", field="label", label=command.label)
    cohort = Cohort(id=new_id(), **vars(command))
    unit_of_work.session.add(cohort)
    unit_of_work.record(cohort, "enrolment.cohort.planned", cohort_snapshot(cohort))
    return cohort


def open_call(command: OpenCall, unit_of_work: UnitOfWork) -> Cohort:
    cohort = unit_of_work.get(Cohort, command.cohort_id)
    cohort.open_call(command.opens_on, command.closes_on, command.today)
    unit_of_work.record(cohort, "enrolment.cohort.opened", cohort_snapshot(cohort))
    return cohort


def start_review(cohort_id: UUID, unit_of_work: UnitOfWork) -> Cohort:
    cohort = unit_of_work.get(Cohort, cohort_id)
    cohort.start_review()
    unit_of_work.record(cohort, "enrolment.cohort.review_started", cohort_snapshot(cohort))
    return cohort


def start_cohort(cohort_id: UUID, unit_of_work: UnitOfWork) -> Cohort:
    cohort = unit_of_work.get(Cohort, cohort_id)
    cohort.start()
    unit_of_work.record(cohort, "enrolment.cohort.started", cohort_snapshot(cohort))
    return cohort


def complete_cohort(cohort_id: UUID, unit_of_work: UnitOfWork) -> Cohort:
    cohort = unit_of_work.get(Cohort, cohort_id)
    cohort.complete()
    unit_of_work.record(cohort, "enrolment.cohort.completed", cohort_snapshot(cohort))
    return cohort
