"""What comes in with an import: which column holds what, and whether the suppliers are invited."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.enrolment.domain.importing import Column, Mapped


def _column() -> fields.Integer:
    return fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 1000))


class ColumnsSchema(Schema):
    """The place of each column in the file, counted from 0."""

    organisation_name = _column()
    siret = _column()
    commune = _column()
    postal_code = _column()
    contact_first_name = _column()
    contact_name = _column()
    contact_email = _column()
    contact_phone = _column()
    naf_code = _column()
    size = _column()


class StartFormSchema(ColumnsSchema):
    what = fields.String(required=True, validate=validate.OneOf(["invite", "register"]))


class StartSchema(Schema):
    columns = fields.Nested(ColumnsSchema, required=True)
    invites = fields.Boolean(required=True)


def mapped(data: dict[str, Any]) -> Mapped:
    """The columns that were chosen."""
    return {column: data[column.value] for column in Column if data.get(column.value) is not None}
