"""The declaration of the personal data in one service's tables: read from its file, checked against them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import JSON, Column, LargeBinary, MetaData, String, Table, TypeDecorator, Uuid

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
    wants a row kept.
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

    @property
    def is_changed(self) -> bool:
        """Whether an erasure changes anything in it: files, names of organisations and bare ids stay."""
        return self.on_erasure is OnErasure.REPLACE and not _LEFT.issuperset(self.columns.values())

    def of_kind(self, *kinds: Kind) -> list[Column[Any]]:
        return [self.table.c[name] for name, kind in self.columns.items() if kind in kinds]


@dataclass(frozen=True)
class Holdings:
    """All that a service declares. ``impersonal`` are the columns that could hold such data and do not."""

    service: str
    activities: tuple[Activity, ...]
    tables: tuple[Holding, ...]
    impersonal: frozenset[str]

    def __iter__(self) -> Iterator[Holding]:
        return iter(self.tables)

    def declared(self) -> frozenset[str]:
        """``table.column`` of everything that is said to be personal."""
        return frozenset(f"{each.table.name}.{name}" for each in self.tables for name in each.columns)


class _WhoseSchema(Schema):
    person = fields.String(load_default=None)
    address = fields.String(load_default=None)


class _ActivitySchema(Schema):
    title = fields.String(required=True)
    purpose = fields.String(required=True)
    basis = fields.Enum(Basis, by_value=True, required=True)
    people = fields.String(required=True)
    retention = fields.String(required=True)
    seen_by = fields.String(required=True)


class _HoldingSchema(Schema):
    table = fields.String(required=True)
    title = fields.String(required=True)
    activity = fields.String(required=True)
    whose = fields.Nested(_WhoseSchema, load_default=dict)
    columns = fields.Dict(fields.String(), fields.Enum(Kind, by_value=True), required=True)
    on_erasure = fields.Enum(OnErasure, by_value=True, load_default=OnErasure.REPLACE)
    because = fields.String(load_default=None)
    told_with = fields.Dict(fields.String(), fields.String(validate=validate.Regexp(r"^\w+\.\w+$")))


class _FileSchema(Schema):
    activities = fields.Dict(fields.String(), fields.Nested(_ActivitySchema), required=True)
    tables = fields.List(fields.Nested(_HoldingSchema), required=True)
    impersonal = fields.Dict(fields.String(), fields.List(fields.String()), load_default=dict)


@cache
def holdings_of(service: str, metadata: MetaData) -> Holdings:
    """What a service declares beside its tables. Raises BadDeclaration."""
    path = Path(__file__).parents[2] / service / "data" / "personal_data.yaml"
    return load_holdings(service, path, metadata)


_MESSAGING = Path(__file__).with_name("messaging.yaml")


def load_holdings(service: str, path: Path, metadata: MetaData) -> Holdings:
    """What the file declares, together with what every service's messaging holds. Raises BadDeclaration."""
    parts = [_read(each, metadata) for each in (path, _MESSAGING)]
    return Holdings(
        service=service,
        activities=tuple(activity for part in parts for activity in part.activities),
        tables=tuple(holding for part in parts for holding in part.tables),
        impersonal=frozenset().union(*(part.impersonal for part in parts)),
    )


def _read(path: Path, metadata: MetaData) -> Holdings:
    try:
        document = _FileSchema().load(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise BadDeclaration(f"{path.name}: {error}") from error
    activities = {key: Activity(key, **said) for key, said in document["activities"].items()}
    tables = tuple(_holding(said, activities, metadata, path.name) for said in document["tables"])
    impersonal = frozenset(
        f"{column.table.name}.{column.name}"
        for table, names in document["impersonal"].items()
        for name in names
        for column in _columns(metadata, table, name, path.name)
    )
    return Holdings("", tuple(activities.values()), tables, impersonal)


def _holding(
    said: Mapping[str, Any], activities: Mapping[str, Activity], metadata: MetaData, file: str
) -> Holding:
    name = said["table"]
    if said["activity"] not in activities:
        raise BadDeclaration(f"{file}: {name} belongs to an activity that is not described.")
    if said["on_erasure"] is OnErasure.KEEP and not said["because"]:
        raise BadDeclaration(f"{file}: {name} is kept, and nothing says because of what.")
    for column in said["columns"]:
        _column(metadata, name, column, file)
    return Holding(
        table=metadata.tables[name],
        title=said["title"],
        activity=activities[said["activity"]],
        columns=said["columns"],
        person=_optional(metadata, name, said["whose"].get("person"), file),
        address=_optional(metadata, name, said["whose"].get("address"), file),
        on_erasure=said["on_erasure"],
        because=said["because"],
        told_with={
            column: _named(metadata, other, file) for column, other in said.get("told_with", {}).items()
        },
    )


def _named(metadata: MetaData, name: str, file: str) -> Column[Any]:
    """The column that is named as ``table.column``."""
    table, _, column = name.partition(".")
    return _column(metadata, table, column, file)


def _columns(metadata: MetaData, table: str, column: str, file: str) -> list[Column[Any]]:
    """The column, or, for the table "*", those of this name in every table."""
    if table != "*":
        return [_column(metadata, table, column, file)]
    return [each.c[column] for each in metadata.sorted_tables if column in each.c]


def _optional(metadata: MetaData, table: str, column: str | None, file: str) -> Column[Any] | None:
    return None if column is None else _column(metadata, table, column, file)


def _column(metadata: MetaData, table: str, column: str, file: str) -> Column[Any]:
    try:
        return metadata.tables[table].c[column]
    except KeyError as error:
        raise BadDeclaration(f"{file}: there is no column {table}.{column}.") from error


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
