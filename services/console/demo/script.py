"""The script of the demonstration: what everybody did, in the order in which it happened.

Each step is a plain record with its instant and all that a player needs to do it through the services' own
use cases. Steps of one supplier or buyer are in causal order; the whole is sorted by time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from .cast import (
    BUYERS,
    COHORTS,
    ORGANISATIONS,
    PROGRAMME,
    STAFF,
    Buyer,
    Cohort,
    Member,
    Organisation,
    Programme,
)
from .contacts import ContactStep, contact_steps
from .lives import PARIS, office_hour
from .meetings import MeetingStep, meeting_steps
from .present import PresentStep, applying, call_opening, present_steps
from .suppliers import Supplier, make_suppliers


class CohortAction(StrEnum):
    PLAN = "plan"
    OPEN = "open"
    START_REVIEW = "start_review"
    START = "start"
    COMPLETE = "complete"


class ApplicationAction(StrEnum):
    SUBMIT = "submit"
    START_REVIEW = "start_review"
    ACCEPT = "accept"
    ENROL = "enrol"


class SupplierAction(StrEnum):
    ENROL = "enrol"
    START = "start"  # opens the questionnaire and answers ``life.answered`` of it
    SUBMIT = "submit"
    START_REVIEW = "start_review"
    REQUEST_CHANGES = "request_changes"
    VALIDATE = "validate"
    LEAVE = "leave"


@dataclass(frozen=True)
class Beginning:
    """The programme is created with its organisations and staff."""

    at: datetime
    programme: Programme
    organisations: tuple[Organisation, ...]
    staff: tuple[Member, ...]


@dataclass(frozen=True)
class CohortStep:
    at: datetime
    action: CohortAction
    cohort: Cohort


@dataclass(frozen=True)
class ApplicationStep:
    at: datetime
    action: ApplicationAction
    buyer: Buyer


@dataclass(frozen=True)
class InvitationStep:
    """``buyer`` is None when the chamber invites."""

    at: datetime
    supplier: Supplier
    buyer: Buyer | None


@dataclass(frozen=True)
class SupplierStep:
    at: datetime
    action: SupplierAction
    supplier: Supplier


@dataclass(frozen=True)
class SharingStep:
    """The supplier opens (``granted``) or closes its result to a buyer."""

    at: datetime
    supplier: Supplier
    buyer: Buyer
    scope: tuple[str, ...]
    granted: bool


Step = (
    Beginning
    | CohortStep
    | ApplicationStep
    | InvitationStep
    | SupplierStep
    | SharingStep
    | MeetingStep
    | PresentStep
    | ContactStep
)


def make_script(today: date, seed: int = 34) -> tuple[Step, ...]:
    """Every step before ``today`` begins, oldest first. Raises ``ValueError`` as ``make_suppliers`` does."""
    steps: list[Step] = [Beginning(_morning(PROGRAMME.created_on), PROGRAMME, ORGANISATIONS, STAFF)]
    steps += _cohort_steps(COHORTS, today)
    steps += _application_steps(BUYERS, Random(f"cesar:{seed}:applications"))
    steps += meeting_steps(today, seed)
    suppliers = make_suppliers(today, seed)
    for supplier in suppliers:
        steps += _supplier_steps(supplier)
    opened_at, cohort = call_opening(today)
    steps.append(CohortStep(opened_at, CohortAction.OPEN, cohort))
    steps += [ApplicationStep(at, ApplicationAction.SUBMIT, buyer) for at, buyer in applying(today)]
    steps += present_steps(today, suppliers)
    steps += contact_steps(today)
    return tuple(sorted(steps, key=lambda step: step.at))


def _cohort_steps(cohorts: Iterable[Cohort], today: date) -> Iterator[CohortStep]:
    for planned in cohorts:
        # Whoever is accompanied today is until the end of the year.
        cohort = planned if planned.ends_on else replace(planned, ends_on=date(today.year, 12, 31))
        days = {
            CohortAction.PLAN: cohort.planned_on,
            CohortAction.OPEN: cohort.call_opens_on,
            CohortAction.START_REVIEW: cohort.review_started_on,
            CohortAction.START: cohort.started_on,
            CohortAction.COMPLETE: cohort.completed_on,
        }
        for action, day in days.items():
            if day:
                yield CohortStep(_morning(day), action, cohort)


def _application_steps(buyers: Iterable[Buyer], rng: Random) -> Iterator[ApplicationStep]:
    """Submitted during the call, reviewed and accepted with the cohort, enrolled by the agreement."""
    cohorts = {cohort.label: cohort for cohort in COHORTS}
    for buyer in buyers:
        cohort = cohorts[buyer.cohort]
        opens, closes, review, decided, starts = (
            cohort.call_opens_on,
            cohort.call_closes_on,
            cohort.review_started_on,
            cohort.decided_on,
            cohort.started_on,
        )
        if not (opens and closes and review and decided and starts):
            raise ValueError(f"cohort {cohort.label} has buyers but no complete calendar")
        days = {
            ApplicationAction.SUBMIT: opens + timedelta(days=rng.randint(7, (closes - opens).days - 3)),
            ApplicationAction.START_REVIEW: review,
            ApplicationAction.ACCEPT: decided,
            ApplicationAction.ENROL: decided + timedelta(days=rng.randint(2, (starts - decided).days - 3)),
        }
        for action, day in days.items():
            # A quarter past nine at the earliest: the cohort itself has moved by then.
            yield ApplicationStep(max(office_hour(rng, day), _morning(day, 9, 15)), action, buyer)


def _supplier_steps(supplier: Supplier) -> Iterator[InvitationStep | SupplierStep | SharingStep]:
    buyers = {buyer.key: buyer for buyer in BUYERS}
    life = supplier.life
    for invitation in life.invitations:
        yield InvitationStep(invitation.at, supplier, buyers[invitation.buyer] if invitation.buyer else None)
    instants = {
        SupplierAction.ENROL: life.enrolled_at,
        SupplierAction.START: life.started_at,
        SupplierAction.SUBMIT: life.submitted_at,
        SupplierAction.START_REVIEW: life.review_started_at,
        SupplierAction.REQUEST_CHANGES: life.changes_requested_at,
        SupplierAction.VALIDATE: life.validated_at,
        SupplierAction.LEAVE: life.left_at,
    }
    for action, at in instants.items():
        if at:
            yield SupplierStep(at, action, supplier)
    for sharing in life.sharings:
        buyer = buyers[sharing.buyer]
        yield SharingStep(sharing.granted_at, supplier, buyer, sharing.scope, granted=True)
        if sharing.revoked_at:
            yield SharingStep(sharing.revoked_at, supplier, buyer, sharing.scope, granted=False)


def _morning(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)
