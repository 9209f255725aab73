"""What a service holds about one person, as a copy to read and to take along (GDPR, articles 15 and 20)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Column, LargeBinary, select
from sqlalchemy.orm import Session

from services.chassis.privacy.holdings import Holding, Holdings, Kind, Wording
from services.chassis.privacy.subject import Subject, belongs

MOST_BYTES_OF_FILES = 40_000_000
"""Of all files of one service together. What is beyond is named, and to be had from the pages themselves."""

_NOT_TOLD = (Kind.SECRET,)


@dataclass(frozen=True)
class OwnFile:
    """A file of the person's, in the copy under this name."""

    name: str
    content: bytes


OwnSections = Callable[[Session, Subject], Iterable[dict[str, Any]]]
"""Further sections, of what is theirs although no column of the row says so."""

OwnFiles = Callable[[Session, Subject], Iterable[OwnFile]]
"""The files that are theirs, one after another."""


def collect(session: Session, holdings: Holdings, subject: Subject) -> list[dict[str, Any]]:
    """One section for each table that holds something about them: title, purpose, rows by column."""
    sections = []
    for holding in holdings:
        rows = [_told(session, holding, row._mapping) for row in _rows(session, holdings, holding, subject)]
        if rows:
            sections.append(
                {
                    "table": holding.table.name,
                    "title": holding.title,
                    "purpose": holding.activity.purpose,
                    "retention": holding.activity.retention,
                    "rows": rows,
                }
            )
    return sections


def pack(
    service: str,
    sections: list[dict[str, Any]],
    files: Iterable[OwnFile],
    wording: Wording = Wording(),  # noqa: B008 - it cannot be changed
) -> bytes:
    """The service's part of the copy: a ZIP with ``<service>.json`` and the files.

    With it goes how it is worded for a reader: who puts the copy together does not know the service's tables.
    """
    packed = BytesIO()
    taken = 0
    left_out = []
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for number, file in enumerate(files, 1):
            taken += len(file.content)
            if taken > MOST_BYTES_OF_FILES:
                left_out.append(file.name)
            else:
                archive.writestr(f"{service}/{number:03}-{file.name.replace('/', '_')}", file.content)
        document = {
            "service": service,
            "sections": sections,
            "files_left_out": left_out,
            "wording": asdict(wording),
        }
        archive.writestr(f"{service}.json", json.dumps(document, ensure_ascii=False, indent=2))
    return packed.getvalue()


def _rows(session: Session, holdings: Holdings, holding: Holding, subject: Subject) -> Any:
    return session.execute(select(*shown_columns(holdings, holding)).where(belongs(holding, subject)))


def shown_columns(holdings: Holdings, holding: Holding) -> list[Column[Any]]:
    """Without what the same rows hold about somebody else: a copy is nobody's but the person's."""
    others = {name for each in holdings if each.table is holding.table for name in each.columns}
    hidden = others - holding.columns.keys()
    return [
        column
        for column in holding.table.c
        if column.name not in hidden
        and not isinstance(column.type, LargeBinary)
        and holding.columns.get(column.name) not in _NOT_TOLD
    ]


def _told(session: Session, holding: Holding, row: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: _plain(value) for name, value in row.items() if name != "version"}
    for column, wanted in holding.told_with.items():
        [key] = wanted.table.primary_key.columns
        known_as = session.scalar(select(wanted).where(key == row[column]))
        told[str(wanted)] = _plain(known_as)
    return told


def _plain(value: Any) -> Any:
    """The value as JSON has it."""
    match value:
        case None | bool() | int() | float():
            return value
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(part) for key, part in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(part) for part in value]
        case UUID() | Decimal() | str():
            return str(value)
        case _:
            parts = getattr(value, "__dataclass_fields__", None)
            return {name: _plain(getattr(value, name)) for name in parts} if parts else str(value)
