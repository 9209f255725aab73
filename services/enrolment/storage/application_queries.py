"""What is asked about drafts, attachments, decisions and the waiting list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.enrolment.domain.application import Application
from services.enrolment.domain.decision import LoggedDecision
from services.enrolment.domain.draft import ApplicationDraft, Attachment
from services.enrolment.domain.person import normalise_email
from services.enrolment.domain.programme import CohortState
from services.enrolment.storage.tables import (
    application_drafts,
    applications,
    attachment_contents,
    attachments,
    cohorts,
    decisions,
    organisations,
    people,
)


@dataclass(frozen=True)
class DecisionLine:
    """One line of the log as it is read. ``by`` is None when the calendar decided, ``organisation`` for
    what concerns the whole cohort."""

    decision: LoggedDecision
    organisation: str | None
    by: str | None


def cohort_id_of(session: Session, application_id: UUID) -> UUID:
    """Which cohort an application is for, without loading it: it may change before it is locked.

    Raises NotFound.
    """
    cohort_id: UUID | None = session.scalar(
        select(applications.c.cohort_id).where(applications.c.id == application_id)
    )
    if cohort_id is None:
        raise NotFound("This does not exist, or no longer.")
    return cohort_id


def draft_of(session: Session, cohort_id: UUID, email: str) -> ApplicationDraft | None:
    """The draft of the person with this address for this cohort."""
    return session.scalar(
        select(ApplicationDraft).where(
            application_drafts.c.cohort_id == cohort_id,
            application_drafts.c.email == normalise_email(email),
        )
    )


def open_drafts_of(session: Session, email: str) -> Sequence[ApplicationDraft]:
    """What this person has begun and not handed in, the latest first; only where the call is still open."""
    query = (
        select(ApplicationDraft)
        .join(cohorts, cohorts.c.id == application_drafts.c.cohort_id)
        .where(
            application_drafts.c.email == normalise_email(email),
            application_drafts.c.submitted_at.is_(None),
            cohorts.c.state == CohortState.OPEN,
        )
        .order_by(application_drafts.c.saved_at.desc())
    )
    return session.scalars(query).all()


def drafts_to_remind(session: Session, today: date, last_day: date, most: int) -> Sequence[ApplicationDraft]:
    """Drafts whose call closes from ``today`` to ``last_day`` and whose authors were not reminded yet."""
    query = (
        select(ApplicationDraft)
        .join(cohorts, cohorts.c.id == application_drafts.c.cohort_id)
        .where(
            application_drafts.c.submitted_at.is_(None),
            application_drafts.c.reminded_at.is_(None),
            cohorts.c.state == CohortState.OPEN,
            cohorts.c.call_closes_on.between(today, last_day),
        )
        .limit(most)
    )
    return session.scalars(query).all()


def attachments_of(session: Session, application_id: UUID) -> Sequence[Attachment]:
    query = select(Attachment).where(attachments.c.application_id == application_id)
    return session.scalars(query.order_by(attachments.c.added_at, attachments.c.id)).all()


def attachment_content(
    session: Session, application_id: UUID, attachment_id: UUID
) -> tuple[Attachment, bytes]:
    """Raises NotFound when this application has no such file."""
    row = session.execute(
        select(Attachment, attachment_contents.c.content)
        .join(attachment_contents, attachment_contents.c.attachment_id == attachments.c.id)
        .where(attachments.c.id == attachment_id, attachments.c.application_id == application_id)
    ).one_or_none()
    if row is None:
        raise NotFound("This file does not exist, or no longer.")
    return row[0], row[1]


def first_waiting(session: Session, cohort_id: UUID) -> Application | None:
    """The first on the waiting list to whom no place is offered."""
    return session.scalar(
        select(Application)
        .where(
            applications.c.cohort_id == cohort_id,
            applications.c.waiting_rank.is_not(None),
            applications.c.offered_until.is_(None),
        )
        .order_by(applications.c.waiting_rank)
        .limit(1)
    )


def last_waiting_rank(session: Session, cohort_id: UUID) -> int:
    """The place of the last on the waiting list, 0 when nobody is on it."""
    query = select(func.max(applications.c.waiting_rank)).where(applications.c.cohort_id == cohort_id)
    return session.scalar(query) or 0


def ended_offers(session: Session, now: datetime, most: int) -> Sequence[UUID]:
    """The applications that have not answered an offer in time."""
    query = select(applications.c.id).where(applications.c.offered_until <= now)
    return session.scalars(query.order_by(applications.c.offered_until).limit(most)).all()


def decision_log(
    session: Session, *, cohort_id: UUID | None = None, application_id: UUID | None = None
) -> list[DecisionLine]:
    """The decisions on one application, or on all of a cohort, the latest first."""
    query = (
        select(LoggedDecision, organisations.c.name, people.c.name)
        .outerjoin(applications, applications.c.id == decisions.c.application_id)
        .outerjoin(organisations, organisations.c.id == applications.c.organisation_id)
        .outerjoin(people, people.c.id == decisions.c.by)
        .order_by(decisions.c.position.desc())
    )
    if cohort_id is not None:
        query = query.where(decisions.c.cohort_id == cohort_id)
    if application_id is not None:
        query = query.where(decisions.c.application_id == application_id)
    return [DecisionLine(*row) for row in session.execute(query)]
