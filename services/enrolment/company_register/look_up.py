"""Looking a SIRET up: what is remembered first, then the register itself if it may be asked."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.chassis.database import insert_for
from services.chassis.service import Runtime
from services.enrolment.company_register import client, turns
from services.enrolment.company_register.company import Company
from services.enrolment.storage.tables import register_answers

log = structlog.get_logger(__name__)

# For how long an answer is believed. A company may be new: that there is none is soon asked again.
_KNOWN_FOR = timedelta(days=30)
_UNKNOWN_FOR = timedelta(days=1)


class Outcome(StrEnum):
    FOUND = "found"
    UNKNOWN = "unknown"
    UNAVAILABLE = "unavailable"
    """The register is off, down or busy: people type."""


@dataclass(frozen=True)
class LookUp:
    outcome: Outcome
    company: Company | None = None


def look_up(siret: str, runtime: Runtime) -> LookUp:
    """What the register knows of this SIRET, which is checked by the caller. Never raises for the register.

    An old answer is better than none when the register cannot be asked.
    """
    if not runtime.settings.company_register_url:
        return LookUp(Outcome.UNAVAILABLE)
    with runtime.read() as session:
        remembered = _remembered(session, siret)
    if remembered is not None and _is_fresh(remembered, runtime.clock()):
        return _told(remembered.answer)
    with runtime.database.write() as session:
        wait = turns.take_turn(session, runtime.clock())
    if wait is not None:
        time.sleep(wait.total_seconds())
        try:
            company = client.ask(runtime.settings.company_register_url, siret)
        except client.RegisterFailed as failure:
            log.warning("company_register_failed", reason=failure.reason)
            with runtime.database.write() as session:
                turns.note_failure(session, runtime.clock(), failure.rest)
        else:
            answer = company.as_json() if company else None
            with runtime.database.write() as session:
                turns.note_success(session)
                _remember(session, siret, answer, runtime.clock())
            return _told(answer)
    return _told(remembered.answer) if remembered is not None else LookUp(Outcome.UNAVAILABLE)


def known_company(session: Session, siret: str) -> Company | None:
    """What the register said of this SIRET when it was last asked."""
    remembered = _remembered(session, siret)
    return _told(remembered.answer).company if remembered is not None else None


def known_companies(session: Session, sirets: Collection[str]) -> dict[str, Company]:
    """As ``known_company`` for many, by their SIRETs."""
    query = select(register_answers).where(
        register_answers.c.siret.in_(sirets), register_answers.c.answer.is_not(None)
    )
    return {row.siret: Company.from_json(row.answer) for row in session.execute(query)}


def _remembered(session: Session, siret: str) -> Row[tuple[str, datetime, dict[str, object]]] | None:
    return session.execute(select(register_answers).where(register_answers.c.siret == siret)).one_or_none()


def _is_fresh(remembered: Row[tuple[str, datetime, dict[str, object]]], now: datetime) -> bool:
    asked_at: datetime = remembered.asked_at
    return now < asked_at + (_UNKNOWN_FOR if remembered.answer is None else _KNOWN_FOR)


def _told(answer: dict[str, object] | None) -> LookUp:
    if answer is None:
        return LookUp(Outcome.UNKNOWN)
    return LookUp(Outcome.FOUND, Company.from_json(answer))


def _remember(session: Session, siret: str, answer: dict[str, object] | None, now: datetime) -> None:
    statement = insert_for(session, register_answers).values(siret=siret, asked_at=now, answer=answer)
    changes = {"asked_at": statement.excluded.asked_at, "answer": statement.excluded.answer}
    session.execute(statement.on_conflict_do_update(index_elements=["siret"], set_=changes))
