"""Erasing a person from one service: its tables, its event log, and what waits or has failed.

Nothing that is counted goes: rows stay and ids stay, only what tells who it was is replaced. Rows that are
about the person alone are removed, and what the law wants kept is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    LargeBinary,
    Row,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    cast,
    delete,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from services.chassis.database import insert_for
from services.chassis.events import Event
from services.chassis.messages import erased_person, failed_event
from services.chassis.privacy.holdings import Holding, Holdings, Kind, OnErasure
from services.chassis.privacy.scrubbing import recognise, scrub, scrub_bytes, scrub_text, strings_in
from services.chassis.privacy.subject import ERASED_NAME, Subject, belongs, identify

_REPLACED = (Kind.NAME, Kind.ADDRESS, Kind.PHONE, Kind.ROLES, Kind.NETWORK, Kind.SECRET)

AlsoErase = Callable[[Session, Subject], None]
"""What a service does besides, before its tables forget whom it is about."""


def erase(
    session: Session,
    holdings: Holdings,
    person_id: UUID,
    digests: Collection[str],
    at: datetime,
    also: AlsoErase | None = None,
) -> int:
    """Erase a person who left ``at`` that instant; how many rows were concerned. Repeating it does no harm.

    It is remembered, so that what comes late, again or from a backup does not bring the person back.
    """
    remember(session, person_id, digests, at)
    subject = _learn(session, holdings, identify(session, holdings, person_id, digests))
    if also is not None:
        also(session, subject)
    concerned = sum(scrub_mentions(session, column, subject) for column in _scrubbed_columns(holdings))
    for holding in holdings:
        concerned += _erase_rows(session, holding, subject)
    # What was read before is no longer so.
    session.expire_all()
    return concerned


def remember(session: Session, person_id: UUID, digests: Collection[str], at: datetime) -> None:
    """Keep the erasure in mind, by an id and digests that say nothing to those who do not know already."""
    row = {"person_id": person_id, "address_digests": sorted(digests), "erased_at": at}
    statement = insert_for(session, erased_person).values(row)
    session.execute(statement.on_conflict_do_nothing(index_elements=["person_id"]))


def without_the_erased(session: Session, events: Sequence[Event]) -> list[Event]:
    """The events as if they had been recorded without those who have been erased since.

    An address counts only in what happened before its owner left: it may be somebody else's, or the same
    person's who has come back.
    """
    left = session.execute(select(erased_person)).all()
    return [_without(event, left) for event in events] if left else list(events)


def scrub_mentions(
    session: Session, column: Column[Any], subject: Subject, *, needles: Sequence[str] | None = None
) -> int:
    """Take the person out of every value of a column that mentions them; how many there were.

    ``needles`` narrows it to the values in which one of these texts occurs.
    """
    table = column.table
    assert isinstance(table, Table)
    keys = list(table.primary_key.columns)
    mentions = or_(
        false(), *(_mentions(session, column, needle) for needle in needles or _needles(subject, column))
    )
    changed = 0
    for key in session.execute(select(*keys).where(mentions)).all():
        this = [part == value for part, value in zip(keys, key, strict=True)]
        before = session.scalar(select(_as_stored(column)).where(*this))
        after = _scrubbed(before, subject)
        if after != before:
            session.execute(update(table).where(*this).values({column: _to_store(column, after)}))
            changed += 1
    return changed


def _without(event: Event, left: Iterable[Any]) -> Event:
    texts: frozenset[str] | None = None
    for row in left:
        texts = frozenset(strings_in(event.data)) if texts is None else texts
        left_person = Subject(row.person_id, digests=frozenset(row.address_digests))
        is_theirs = left_person.has_address if event.time <= row.erased_at else _nobodys
        if str(row.person_id) in texts or any("@" in text and is_theirs(text) for text in texts):
            subject = recognise(event.data, left_person, is_theirs)
            event = event.with_data(scrub(event.data, subject))
            texts = None
    return event


def _nobodys(_address: str) -> bool:
    return False


def _learn(session: Session, holdings: Holdings, subject: Subject) -> Subject:
    """The subject, with the addresses and names that records give them: some services know no others.

    What has failed is looked at whole: it is little, and may name the person by an address alone.
    """
    for column in _scrubbed_columns(holdings):
        if not is_record(column):
            continue
        query = select(_as_stored(column))
        if column.table.name != failed_event.name:
            query = query.where(_mentions(session, column, str(subject.person_id)))
        for value in session.scalars(query):
            subject = recognise(_read(value), subject, subject.has_address)
    return subject


def _read(value: Any) -> Any:
    """A JSON value; bytes that are none hold nothing that can be recognised."""
    try:
        return orjson.loads(value) if isinstance(value, bytes) else value
    except orjson.JSONDecodeError:
        return None


def _erase_rows(session: Session, holding: Holding, subject: Subject) -> int:
    theirs = belongs(holding, subject)
    match holding.on_erasure:
        case OnErasure.KEEP:
            return 0
        case OnErasure.REMOVE:
            return session.execute(delete(holding.table).where(theirs)).rowcount  # type: ignore[attr-defined,no-any-return]
        case OnErasure.REPLACE:
            return _replace(session, holding, theirs, subject)


def _replace(session: Session, holding: Holding, theirs: ColumnElement[bool], subject: Subject) -> int:
    """Row by row: what no two rows may have in common stays each row's own."""
    replaced = _replaced(holding)
    if not replaced:
        return 0
    keys = list(holding.table.primary_key.columns)
    found = session.execute(select(*keys).where(theirs)).all()
    for key in found:
        values = {column.key: _in_place_of(column, kind, subject, key) for column, kind in replaced}
        values.update(holding.in_place)
        this = [part == value for part, value in zip(keys, key, strict=True)]
        session.execute(update(holding.table).where(*this).values(values))
    return len(found)


def _replaced(holding: Holding) -> list[tuple[Column[Any], Kind]]:
    return [(holding.table.c[name], kind) for name, kind in holding.columns.items() if kind in _REPLACED]


def _in_place_of(column: Column[Any], kind: Kind, subject: Subject, key: Row[Any]) -> Any:
    is_unique = column in _unique_columns(column.table)
    pseudonym = subject.pseudonym_in("/".join(map(str, key))) if is_unique else subject.pseudonym
    match kind:
        case Kind.NAME:
            return ERASED_NAME
        case Kind.ADDRESS:
            return pseudonym
        case Kind.ROLES:
            return []
        case _ if column.nullable:
            return None
        case _:
            return pseudonym if is_unique else ""


def _unique_columns(table: Table) -> set[Column[Any]]:
    """The columns of which two rows may not hold the same, by themselves or together with others."""
    constraints = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint)]
    indexes = [each.columns for each in table.indexes if each.unique]
    return {column for columns in (*constraints, *indexes) for column in columns}


def _scrubbed_columns(holdings: Holdings) -> Iterable[Column[Any]]:
    """Where people may be mentioned in rows that are not theirs."""
    seen = {
        column: None
        for holding in holdings
        if holding.on_erasure is not OnErasure.KEEP
        for column in holding.of_kind(Kind.TEXT, Kind.RECORD)
    }
    return list(seen)


def _needles(subject: Subject, column: Column[Any]) -> list[str]:
    """By what mentions are found: records name whom they are about, texts have nothing but words."""
    if is_record(column):
        return [str(subject.person_id), *sorted(subject.addresses)]
    return [*sorted(subject.addresses), *sorted(name for name in subject.names if " " in name)]


def _mentions(session: Session, column: Column[Any], needle: str) -> ColumnElement[bool]:
    if isinstance(column.type, LargeBinary):
        find = func.instr if session.get_bind().dialect.name == "sqlite" else func.pg_catalog.position
        return find(column, needle.encode()) > 0
    written = cast(column, Text)
    return or_(
        written.contains(needle, autoescape=True),
        func.lower(written).contains(needle.lower(), autoescape=True),
    )


def is_record(column: Column[Any]) -> bool:
    """Whether it holds JSON, or bytes."""
    return isinstance(column.type, LargeBinary) or _is_json(column)


def _is_json(column: Column[Any]) -> bool:
    kind = column.type
    return isinstance(kind.impl_instance if isinstance(kind, TypeDecorator) else kind, JSON)


def _as_stored(column: Column[Any]) -> ColumnElement[Any]:
    """What the column holds, not what its type makes of it."""
    return type_coerce(column, JSON) if _is_json(column) else column


def _to_store(column: Column[Any], value: Any) -> Any:
    return literal(value, JSON) if _is_json(column) else value


def _scrubbed(value: Any, subject: Subject) -> Any:
    match value:
        case bytes():
            return scrub_bytes(value, subject)
        case str():
            return scrub_text(value, subject)
        case _:
            return scrub(value, subject)
