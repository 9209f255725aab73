"""When accounts were last used, and what becomes of those that nobody uses any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, exists, insert, select, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_for
from services.chassis.events import new_id
from services.chassis.model import Aggregate
from services.chassis.privacy.subject import is_pseudonym
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.local_time import PARIS
from services.enrolment.domain.person import Person, digest, new_token
from services.enrolment.domain.personal_data import ErasureState, PersonErasure
from services.enrolment.events.meetings import contact_snapshot
from services.enrolment.handlers.personal_data.erasures import order_erasure, programme_of
from services.enrolment.storage import personal_data
from services.enrolment.storage.tables import account_uses, people

WARNED_AHEAD = timedelta(days=30)
_AT_ONCE = 200


def note_account_use(person_id: UUID | None, used_at: datetime, unit_of_work: UnitOfWork) -> None:
    """Somebody has signed in, or come with a session: the account is in use, whatever was announced."""
    person = unit_of_work.session.get(Person, person_id) if person_id else None
    if person is None or is_pseudonym(person.email):
        return
    statement = insert_for(unit_of_work.session, account_uses).values(person_id=person_id, used_at=used_at)
    newer = account_uses.c.used_at < statement.excluded.used_at
    unit_of_work.session.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id"],
            set_={"used_at": statement.excluded.used_at, "warned_at": None},
            where=newer,
        )
    )


def accounts_to_warn(session: Session, before: datetime) -> Sequence[Person]:
    """Those that nobody has used since, and whose owner does not know yet that they end."""
    return _unused(session, before, account_uses.c.warned_at.is_(None))


def unused_accounts(session: Session, before: datetime) -> Sequence[Person]:
    """Those that nobody has used since, although their owner was told."""
    return _unused(session, before, account_uses.c.warned_at.is_not(None))


def warn_accounts(unit_of_work: UnitOfWork, before: datetime) -> int:
    """Tell the owners that their account ends unless they sign in; how many there were.

    Of whom nobody knows when they last came, the account counts as used when it is first looked at.
    """
    session = unit_of_work.session
    _begin_to_count(unit_of_work)
    found = accounts_to_warn(session, before)
    ends_on = (unit_of_work.now + WARNED_AHEAD).astimezone(PARIS).date()
    for person in found:
        this = account_uses.c.person_id == person.id
        session.execute(update(account_uses).where(this).values(warned_at=unit_of_work.now))
        about = Aggregate(id=uuid5(person.id, f"account ends on {ends_on}"))
        told = {"id": about.id, "contact": contact_snapshot(person), "ends_on": ends_on}
        told["has_role"] = bool(person.grants)
        unit_of_work.record(about, "enrolment.person.account_ending", told)
    return len(found)


def end_accounts(unit_of_work: UnitOfWork, before: datetime) -> int:
    """Have the owners erased who were told and did not come; how many there were.

    The only manager of a programme stays.
    """
    session = unit_of_work.session
    ended = 0
    for person in unused_accounts(session, before):
        this = account_uses.c.person_id == person.id
        warned_at = session.scalar(select(account_uses.c.warned_at).where(this))
        if warned_at is None or warned_at > unit_of_work.now - WARNED_AHEAD:
            continue
        if personal_data.managed_by_nobody_else(session, person):
            continue
        erasure = PersonErasure(
            id=new_id(),
            person_id=person.id,
            programme=programme_of(person, unit_of_work),
            asked_by=person.id,
            asked_at=warned_at,
            token_digest=digest(new_token()),
            expires_at=unit_of_work.now,
            state=ErasureState.ERASING,
            decided_at=unit_of_work.now,
        )
        session.add(erasure)
        session.flush()
        order_erasure(erasure, person, unit_of_work)
        ended += 1
    return ended


def _unused(session: Session, before: datetime, warned: ColumnElement[bool]) -> Sequence[Person]:
    query = (
        select(Person)
        .join(account_uses, account_uses.c.person_id == people.c.id)
        .where(account_uses.c.used_at < before, warned)
    )
    return session.scalars(query.order_by(account_uses.c.used_at).limit(_AT_ONCE)).all()


def _begin_to_count(unit_of_work: UnitOfWork) -> None:
    known = exists().where(account_uses.c.person_id == people.c.id)
    erased = people.c.email.startswith("erased-")
    missing = unit_of_work.session.scalars(select(people.c.id).where(~known, ~erased)).all()
    if missing:
        rows = [{"person_id": person_id, "used_at": unit_of_work.now} for person_id in missing]
        unit_of_work.session.execute(insert(account_uses), rows)
