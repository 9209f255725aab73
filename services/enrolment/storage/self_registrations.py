"""What self-registration asks of the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import digest, normalise_email
from services.enrolment.domain.self_registration import JoinRequest, JoinState, SelfRegistration
from services.enrolment.storage.tables import join_requests, organisations, self_registrations


def registration_by_token(session: Session, token: str, *, lock: bool = False) -> SelfRegistration:
    """Raises NotFound."""
    query = select(SelfRegistration).where(self_registrations.c.token_digest == digest(token))
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("This link is not valid. Check that the whole link was copied.")
    return found


def count_open(session: Session, email: str, now: datetime) -> int:
    """How many registrations wait for this address to be confirmed."""
    query = select(func.count()).where(
        self_registrations.c.contact_email == normalise_email(email),
        self_registrations.c.confirmed_at.is_(None),
        self_registrations.c.expires_at > now,
    )
    return session.scalar(query) or 0


def open_request_of(
    session: Session, organisation_id: UUID, programme: str, email: str
) -> JoinRequest | None:
    return session.scalar(
        select(JoinRequest).where(
            join_requests.c.organisation_id == organisation_id,
            join_requests.c.programme == programme,
            join_requests.c.email == email,
            join_requests.c.state == JoinState.OPEN,
        )
    )


def open_claim(session: Session, application_id: UUID) -> JoinRequest | None:
    """What waits for the team because an application named the SIRET of another organisation."""
    return session.scalar(
        select(JoinRequest).where(
            join_requests.c.application_id == application_id, join_requests.c.state == JoinState.OPEN
        )
    )


def count_open_requests(session: Session, programmes: Collection[str]) -> int:
    """How many requests wait for an answer."""
    query = select(func.count()).where(
        join_requests.c.programme.in_(programmes), join_requests.c.state == JoinState.OPEN
    )
    return session.scalar(query) or 0


def open_requests(session: Session, programmes: Collection[str]) -> list[tuple[JoinRequest, Organisation]]:
    """The requests that wait for an answer, with the organisations, the first one first."""
    query = (
        select(JoinRequest, Organisation)
        .join(organisations, organisations.c.id == join_requests.c.organisation_id)
        .where(join_requests.c.programme.in_(programmes), join_requests.c.state == JoinState.OPEN)
        .order_by(join_requests.c.asked_at)
    )
    return [(request, organisation) for request, organisation in session.execute(query)]
