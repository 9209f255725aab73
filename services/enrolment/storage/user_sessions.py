"""What signing in, the list of sign-ins and API tokens ask of the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.enrolment.domain.openid_account import OpenIdAccount
from services.enrolment.domain.user_session import KEPT_AFTER_END, SessionKind, UserSession
from services.enrolment.storage.tables import openid_accounts, user_sessions


def open_sessions(
    session: Session, person_id: UUID, now: datetime, kind: SessionKind | None = None
) -> Sequence[UserSession]:
    """Where the person is signed in and what acts for them, the latest begun first."""
    query = select(UserSession).where(
        user_sessions.c.person_id == person_id,
        user_sessions.c.ended_at.is_(None),
        user_sessions.c.expires_at > now,
    )
    if kind is not None:
        query = query.where(user_sessions.c.kind == kind)
    return session.scalars(query.order_by(user_sessions.c.started_at.desc(), user_sessions.c.id)).all()


def count_tokens(session: Session, person_id: UUID, now: datetime) -> int:
    """How many tokens would still act for this person."""
    query = select(func.count()).where(
        user_sessions.c.person_id == person_id,
        user_sessions.c.kind == SessionKind.PROGRAM,
        user_sessions.c.ended_at.is_(None),
        user_sessions.c.expires_at > now,
    )
    return session.scalar(query) or 0


def last_choice(session: Session, person_id: UUID) -> UUID | None:
    """The organisation that the person acted for when they last signed in."""
    query = (
        select(user_sessions.c.acting_for)
        .where(user_sessions.c.person_id == person_id, user_sessions.c.kind == SessionKind.BROWSER)
        .order_by(user_sessions.c.started_at.desc())
        .limit(1)
    )
    return session.scalar(query)


def forget_old(session: Session, person_id: UUID, now: datetime) -> None:
    """What ended long ago is of no use to anybody."""
    session.execute(
        delete(user_sessions).where(
            user_sessions.c.person_id == person_id, user_sessions.c.expires_at < now - KEPT_AFTER_END
        )
    )


def openid_account(session: Session, issuer: str, subject: str) -> OpenIdAccount | None:
    return session.get(OpenIdAccount, (issuer, subject))


def openid_account_of(session: Session, person_id: UUID, issuer: str) -> OpenIdAccount | None:
    """The account of this provider that signs the person in, if one does."""
    query = select(OpenIdAccount).where(
        openid_accounts.c.person_id == person_id, openid_accounts.c.issuer == issuer
    )
    return session.scalar(query)
