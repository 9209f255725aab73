"""The file in which a service declares its personal data: read, and checked against the tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import Column, MetaData

from services.chassis.privacy.holdings import (
    Activity,
    BadDeclaration,
    Basis,
    Holding,
    Holdings,
    Kind,
    OnErasure,
    Wording,
)

_LANGUAGES = ("fr", "en")


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
    in_place = fields.Dict(fields.String(), fields.String(), load_default=dict)
    told_with = fields.Dict(fields.String(), fields.String(validate=validate.Regexp(r"^\w+\.\w+$")))


class _LabelField(fields.Tuple):
    """``[French, English]``."""

    def __init__(self) -> None:
        super().__init__((fields.String(required=True), fields.String(required=True)))

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return dict(zip(_LANGUAGES, super()._deserialize(*args, **kwargs), strict=True))


class _FileSchema(Schema):
    activities = fields.Dict(fields.String(), fields.Nested(_ActivitySchema), required=True)
    tables = fields.List(fields.Nested(_HoldingSchema), required=True)
    impersonal = fields.Dict(fields.String(), fields.List(fields.String()), load_default=dict)
    labels = fields.Dict(fields.String(), _LabelField(), load_default=dict)
    words = fields.Dict(fields.String(), fields.Dict(fields.String(), _LabelField()), load_default=dict)
    technical = fields.List(fields.String(), load_default=list)


@cache
def holdings_of(service: str, metadata: MetaData) -> Holdings:
    """What a service declares beside its tables. Raises BadDeclaration."""
    path = Path(__file__).parents[2] / service / "data" / "personal_data.yaml"
    return load_holdings(service, path, metadata)


_MESSAGING = Path(__file__).with_name("messaging.yaml")


def load_holdings(service: str, path: Path, metadata: MetaData) -> Holdings:
    """What the file declares, together with what every service's messaging holds. Raises BadDeclaration."""
    parts = [_read(each, metadata) for each in (path, _MESSAGING)]
    own, everybodys = (part.wording for part in parts)
    return Holdings(
        service=service,
        activities=tuple(activity for part in parts for activity in part.activities),
        tables=tuple(holding for part in parts for holding in part.tables),
        impersonal=frozenset().union(*(part.impersonal for part in parts)),
        wording=Wording(
            labels={**everybodys.labels, **own.labels},
            words={**everybodys.words, **own.words},
            technical=(*everybodys.technical, *own.technical),
        ),
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
    wording = Wording(document["labels"], document["words"], tuple(document["technical"]))
    return Holdings("", tuple(activities.values()), tables, impersonal, wording)


def _holding(
    said: Mapping[str, Any], activities: Mapping[str, Activity], metadata: MetaData, file: str
) -> Holding:
    name = said["table"]
    if said["activity"] not in activities:
        raise BadDeclaration(f"{file}: {name} belongs to an activity that is not described.")
    if said["on_erasure"] is OnErasure.KEEP and not said["because"]:
        raise BadDeclaration(f"{file}: {name} is kept, and nothing says because of what.")
    for column in (*said["columns"], *said["in_place"]):
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
        in_place=said["in_place"],
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
