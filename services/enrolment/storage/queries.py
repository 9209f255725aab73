"""What enrolment's handlers and pages ask of the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services.chassis.database import wait_for_turn
from services.chassis.model import NotFound
from services.enrolment.domain.application import HOLDING_A_PLACE, Application
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, SignInLink, digest, normalise_email
from services.enrolment.domain.programme import Cohort, Programme
from services.enrolment.domain.supplier import Invitation, SupplierEnrolment
from services.enrolment.storage.tables import (
    applications,
    cohorts,
    invitations,
    organisations,
    people,
    programmes,
    sign_in_links,
    supplier_enrolments,
)


def all_programmes(session: Session) -> Sequence[Programme]:
    return session.scalars(select(Programme).order_by(programmes.c.name)).all()


def programme_by_slug(session: Session, slug: str, *, lock: bool = False) -> Programme:
    """Raises NotFound."""
    query = select(Programme).where(programmes.c.slug == slug)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("There is no programme “%(slug)s”.", slug=slug)
    return found


def cohorts_of(session: Session, programme: str) -> Sequence[Cohort]:
    """The cohorts of a programme, the latest first."""
    query = select(Cohort).where(cohorts.c.programme == programme)
    return session.scalars(query.order_by(cohorts.c.label.desc())).all()


def cohort_by_label(session: Session, programme: str, label: str, *, lock: bool = False) -> Cohort:
    """Raises NotFound."""
    query = select(Cohort).where(cohorts.c.programme == programme, cohorts.c.label == label)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("This programme has no cohort “%(label)s”.", label=label)
    return found


def applications_of(session: Session, cohort_id: UUID) -> Sequence[tuple[Application, Organisation]]:
    """The applications of a cohort with their organisations, the first submitted first."""
    query = (
        select(Application, Organisation)
        .join(organisations, organisations.c.id == applications.c.organisation_id)
        .where(applications.c.cohort_id == cohort_id)
        .order_by(applications.c.submitted_at, organisations.c.name)
    )
    return [(application, organisation) for application, organisation in session.execute(query)]


def applications_by_organisations(
    session: Session, organisation_ids: Sequence[UUID]
) -> Sequence[Application]:
    """The applications of these organisations, the latest first."""
    query = select(Application).where(applications.c.organisation_id.in_(organisation_ids))
    return session.scalars(query.order_by(applications.c.submitted_at.desc())).all()


def application_of(session: Session, cohort_id: UUID, organisation_id: UUID) -> Application | None:
    return session.scalar(
        select(Application).where(
            applications.c.cohort_id == cohort_id, applications.c.organisation_id == organisation_id
        )
    )


def has_applications(session: Session, cohort_id: UUID) -> bool:
    """Whether somebody has applied for this cohort."""
    return (
        session.scalar(select(applications.c.id).where(applications.c.cohort_id == cohort_id).limit(1))
        is not None
    )


def places_taken(session: Session, cohort_id: UUID) -> int:
    """How many of the cohort's places are held by an application, or offered to one."""
    holds = or_(applications.c.state.in_(HOLDING_A_PLACE), applications.c.offered_until.is_not(None))
    query = select(func.count()).where(applications.c.cohort_id == cohort_id, holds)
    return session.scalar(query) or 0


def holds_a_place(session: Session, programme: str, organisation_id: UUID) -> bool:
    """Whether this organisation is one of the programme's buyers."""
    query = select(func.count()).where(
        applications.c.programme == programme,
        applications.c.organisation_id == organisation_id,
        applications.c.state.in_(HOLDING_A_PLACE),
    )
    return bool(session.scalar(query))


def person_by_email(session: Session, email: str) -> Person | None:
    return session.scalar(select(Person).where(people.c.email == normalise_email(email)))


def person_by_email_in_turn(session: Session, email: str) -> Person | None:
    """The person with this address; if there is none, nobody else makes one until this transaction ends."""
    wait_for_turn(session, "address", normalise_email(email))
    return person_by_email(session, email)


def organisation_by_siret(session: Session, siret: str) -> Organisation | None:
    return session.scalar(select(Organisation).where(organisations.c.siret == siret))


def sign_in_link_by_token(session: Session, token: str, *, lock: bool = False) -> SignInLink:
    """Raises NotFound."""
    query = select(SignInLink).where(sign_in_links.c.token_digest == digest(token))
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("This sign-in link is not valid. Ask for a new one.")
    return found


def count_open_sign_in_links(session: Session, person_id: UUID, now: datetime) -> int:
    """How many links would still sign this person in."""
    query = select(func.count()).where(
        sign_in_links.c.person_id == person_id,
        sign_in_links.c.used_at.is_(None),
        sign_in_links.c.expires_at > now,
    )
    return session.scalar(query) or 0


def invitation_by_token(session: Session, token: str, *, lock: bool = False) -> Invitation:
    """Raises NotFound."""
    query = select(Invitation).where(invitations.c.token_digest == digest(token))
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("This invitation is not valid. Check that the whole link was copied.")
    return found


def supplier_enrolment_of(
    session: Session, programme: str, organisation_id: UUID
) -> SupplierEnrolment | None:
    """The enrolment that counts, also for an organisation that was merged into another."""
    merged_into = session.scalar(
        select(organisations.c.merged_into).where(organisations.c.id == organisation_id)
    )
    if merged_into is not None:
        return supplier_enrolment_of(session, programme, merged_into)
    return session.scalar(
        select(SupplierEnrolment).where(
            supplier_enrolments.c.programme == programme,
            supplier_enrolments.c.organisation_id == organisation_id,
            supplier_enrolments.c.merged_into.is_(None),
        )
    )
