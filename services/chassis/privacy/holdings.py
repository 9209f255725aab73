"""What a service declares about the personal data in its tables, as data; ``declaration`` reads its file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, String, Table, TypeDecorator, Uuid

from services.chassis.columns import Instant, Word

_LONGEST_CODE = 14  # characters: a SIRET
_SOMEBODY = re.compile(r"(person|contact|adviser|reviewer|recipient|juror|user)_id$|_by$|^by$|^caller$")


class Kind(StrEnum):
    """What a column holds about people, which decides what an erasure puts in its place.

    ``PERSON`` is an id that stands for somebody, ``TEXT`` is written by people and may name anybody,
    ``RECORD`` is JSON (or an event's bytes) in which people may occur. ``ORGANISATION`` is an organisation's
    name, a public fact that stays, though a sole trader's is the trader's own.
    """

    PERSON = "person"
    NAME = "name"
    ADDRESS = "address"
    PHONE = "phone"
    PREFERENCE = "preference"
    ROLES = "roles"
    TEXT = "text"
    RECORD = "record"
    FILE = "file"
    NETWORK = "network"
    SECRET = "secret"
    ORGANISATION = "organisation"


class Basis(StrEnum):
    """Why the law allows it (GDPR, article 6, paragraph 1)."""

    MISSION = "mission"
    CONTRACT = "contract"
    LAW = "law"
    INTEREST = "interest"


class OnErasure(StrEnum):
    """What becomes of a row that belongs to somebody who is erased."""

    REPLACE = "replace"
    REMOVE = "remove"
    KEEP = "keep"


_FOR_THE_SOFTWARE = frozenset({"position", "revision", "cause", "version"})
_LEFT = frozenset({Kind.PERSON, Kind.PREFERENCE, Kind.FILE, Kind.ORGANISATION})


class BadDeclaration(ValueError):
    """The declaration does not fit the tables; the text names the place."""


@dataclass(frozen=True)
class Activity:
    """One processing activity: a line of the register (GDPR, article 30). All but ``basis`` is French."""

    key: str
    title: str
    purpose: str
    basis: Basis
    people: str
    retention: str
    seen_by: str


@dataclass(frozen=True)
class Holding:
    """The personal data that one table holds about one person of each row.

    ``person`` and ``address`` are the columns that say whose a row is. ``told_with`` names, by a column that
    refers to another table, what to tell of that row, so that a copy can be read. ``because`` is why the law
    wants a row kept. ``in_place`` is what an erasure puts into a column where a pseudonym would pass for
    somebody.
    """

    table: Table
    title: str
    activity: Activity
    columns: Mapping[str, Kind]
    person: Column[Any] | None
    address: Column[Any] | None
    on_erasure: OnErasure
    because: str | None = None
    told_with: Mapping[str, Column[Any]] = field(default_factory=dict)
    in_place: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        """Whether an erasure changes anything in it: files, names of organisations and bare ids stay."""
        return self.on_erasure is OnErasure.REPLACE and not _LEFT.issuperset(self.columns.values())

    def of_kind(self, *kinds: Kind) -> list[Column[Any]]:
        return [self.table.c[name] for name, kind in self.columns.items() if kind in kinds]


Label = Mapping[str, str]
"""The same words by language."""


@dataclass(frozen=True)
class Wording:
    """How a copy is worded for its reader.

    ``labels`` are what columns, and keys within records, are called; ``words`` what is said for a code that
    one of them holds. Both go by ``column``, or by ``table.column`` where it is that table's alone.
    ``technical`` are the columns (``table.column`` or ``table.*``) that are told to programs only.
    """

    labels: Mapping[str, Label] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, Label]] = field(default_factory=dict)
    technical: tuple[str, ...] = ()

    def label(self, table: str, column: str) -> Label | None:
        return self.labels.get(f"{table}.{column}") or self.labels.get(column)

    def word(self, table: str, column: str, code: str) -> Label | None:
        words = self.words.get(f"{table}.{column}") or self.words.get(column, {})
        return words.get(code)

    def is_technical(self, table: str, column: str) -> bool:
        """Whether it tells a reader nothing: ids, and what only the software needs."""
        is_code = column == "id" or column.endswith("_id") or column in _FOR_THE_SOFTWARE
        return is_code or not {f"{table}.{column}", f"{table}.*"}.isdisjoint(self.technical)


@dataclass(frozen=True)
class Holdings:
    """All that a service declares. ``impersonal`` are the columns that could hold such data and do not."""

    service: str
    activities: tuple[Activity, ...]
    tables: tuple[Holding, ...]
    impersonal: frozenset[str]
    wording: Wording = Wording()

    def __iter__(self) -> Iterator[Holding]:
        return iter(self.tables)

    def declared(self) -> frozenset[str]:
        """``table.column`` of everything that is said to be personal."""
        return frozenset(f"{each.table.name}.{name}" for each in self.tables for name in each.columns)


def can_be_personal(column: Column[Any]) -> bool:
    """Whether the column could hold anything about people: words of some length, records, files, ids.

    Codes, dates, figures and states cannot.
    """
    match column.type:
        case Word():
            return False
        case String() as words:
            return words.length is None or words.length > _LONGEST_CODE
        case Uuid():
            return bool(_SOMEBODY.search(column.name))
        case _:
            return isinstance(column.type, JSON | LargeBinary | TypeDecorator) and not isinstance(
                column.type, Instant
            )
