"""What imports ask of the database: their rows, and those that were wrong."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from services.chassis.listing import ListQuery
from services.chassis.model import NotFound
from services.chassis.privacy.scrubbing import scrub_text
from services.chassis.privacy.subject import ERASED_NAME, Subject
from services.enrolment.domain.importing import (
    ImportState,
    KnownRow,
    RowDeed,
    SupplierImport,
    WrongRow,
)
from services.enrolment.storage.tables import import_errors, import_parts, supplier_imports

Rows = Sequence[Sequence[str]]
_KNOWN = "known"


def add_parts(session: Session, import_id: UUID, parts: Iterable[tuple[int, Rows]]) -> None:
    """Keep the rows, each part with the number that its first row has in the file."""
    rows = [_packed(import_id, number, part) for number, part in enumerate(parts)]
    session.execute(insert(import_parts), rows)


def _packed(import_id: UUID, number: int, part: tuple[int, Rows]) -> dict[str, Any]:
    return {"import_id": import_id, "number": number, "rows": zlib.compress(orjson.dumps(part), 3)}


def part(session: Session, import_id: UUID, number: int) -> tuple[int, Rows]:
    """The number in the file of a part's first row, and its rows. Raises NotFound."""
    packed = session.scalar(
        select(import_parts.c.rows).where(
            import_parts.c.import_id == import_id, import_parts.c.number == number
        )
    )
    if packed is None:
        raise NotFound("These rows do not exist any more.")
    first, rows = orjson.loads(zlib.decompress(packed))
    return first, rows


def forget_part(session: Session, import_id: UUID, number: int) -> None:
    """What is taken in is kept as suppliers, not a second time."""
    session.execute(
        delete(import_parts).where(import_parts.c.import_id == import_id, import_parts.c.number == number)
    )


def forget(session: Session, import_ids: Collection[UUID]) -> None:
    """The files, as if they had never been uploaded."""
    for table in (import_parts, import_errors):
        session.execute(delete(table).where(table.c.import_id.in_(import_ids)))
    session.execute(delete(supplier_imports).where(supplier_imports.c.id.in_(import_ids)))


def forget_person(session: Session, subject: Subject) -> None:
    """Take somebody out of the rows that wait to be taken in; of their supplier's row the rest stays."""
    waiting = session.execute(select(import_parts.c.import_id, import_parts.c.number)).all()
    for import_id, number in waiting:
        first, rows = part(session, import_id, number)
        without = [[_without(cell, subject) for cell in row] for row in rows]
        if without != rows:
            forget_part(session, import_id, number)
            session.execute(insert(import_parts).values(_packed(import_id, number, (first, without))))


def _without(cell: str, subject: Subject) -> str:
    if "@" in cell and subject.has_address(cell):
        return ""
    scrubbed = scrub_text(cell, subject)
    return scrubbed if scrubbed == cell else scrubbed.replace(subject.pseudonym, "").replace(ERASED_NAME, "")


def next_running(session: Session) -> UUID | None:
    """The running import that has come least far: a small one does not wait for a large one."""
    query = (
        select(supplier_imports.c.id)
        .where(supplier_imports.c.state == ImportState.RUNNING)
        .order_by(supplier_imports.c.parts_done, supplier_imports.c.created_at)
        .limit(1)
    )
    return session.scalar(query)


def imports_of(
    session: Session, programmes: Collection[str], inviter_ids: Collection[UUID], query: ListQuery
) -> tuple[Sequence[SupplierImport], int]:
    """One page of the imports of these programmes' chambers and of these buyers, the newest first."""
    visible = visible_to(programmes, inviter_ids)
    total = session.scalar(select(func.count()).select_from(supplier_imports).where(visible))
    rows = (
        select(SupplierImport)
        .where(visible)
        .order_by(supplier_imports.c.created_at.desc(), supplier_imports.c.id)
        .offset(query.offset)
        .limit(query.per_page)
    )
    return session.scalars(rows).all(), total or 0


def visible_to(programmes: Collection[str], inviter_ids: Collection[UUID]) -> ColumnElement[bool]:
    return or_(
        supplier_imports.c.programme.in_(programmes),
        supplier_imports.c.inviter_id.in_(inviter_ids),
    )


def note_wrong(session: Session, import_id: UUID, wrong: Sequence[tuple[WrongRow, Sequence[str]]]) -> None:
    """Keep the rows that were not taken in, with their cells, so that they can be mended and sent again."""
    if wrong:
        rows = [
            {
                "import_id": import_id,
                "row": row.number,
                "cells": list(cells),
                "messages": [
                    [column.value, message, dict(values)] for column, message, values in row.messages
                ],
            }
            for row, cells in wrong
        ]
        session.execute(insert(import_errors), rows)


def wrong_rows(session: Session, import_id: UUID, *, most: int) -> list[tuple[int, list[str], list[Any]]]:
    """The number of each wrong row, its cells and its messages."""
    query = (
        select(import_errors.c.row, import_errors.c.cells, import_errors.c.messages)
        .where(import_errors.c.import_id == import_id, import_errors.c.outcome.is_(None))
        .order_by(import_errors.c.row)
        .limit(most)
    )
    return [(row, cells, messages) for row, cells, messages in session.execute(query)]


def note_known(session: Session, import_id: UUID, known: Sequence[tuple[KnownRow, Sequence[str]]]) -> None:
    """Keep which rows meant suppliers who were known, so that somebody can check that they are the same."""
    if known:
        rows = [
            {
                "import_id": import_id,
                "row": row.number,
                "cells": list(cells),
                "messages": [deed.value for deed in row.deeds],
                "outcome": _KNOWN,
                "supplier_id": row.supplier_id,
            }
            for row, cells in known
        ]
        session.execute(insert(import_errors), rows)


def known_rows(session: Session, import_id: UUID, *, most: int) -> list[tuple[KnownRow, list[str]]]:
    """The rows that meant suppliers who were known, with their cells."""
    query = (
        select(
            import_errors.c.row, import_errors.c.supplier_id, import_errors.c.messages, import_errors.c.cells
        )
        .where(import_errors.c.import_id == import_id, import_errors.c.outcome == _KNOWN)
        .order_by(import_errors.c.row)
        .limit(most)
    )
    return [
        (KnownRow(row, supplier_id, [RowDeed(deed) for deed in deeds]), cells)
        for row, supplier_id, deeds, cells in session.execute(query)
    ]
