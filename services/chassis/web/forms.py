"""HTML forms, loaded by marshmallow schemas: what was typed is kept, what is wrong is said field by field."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError, fields
from marshmallow.exceptions import SCHEMA
from werkzeug.datastructures import FileStorage, MultiDict

from services.chassis.model import DomainError
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.i18n import current_locale, error_message
from services.chassis.web.validation_messages import messages_by_field, translate_message
from services.chassis.web.work import unit_of_work

WHOLE_FORM = SCHEMA  # "_schema": the place of an error that concerns no single field

Errors = dict[str, list[str]]


@dataclass
class Form:
    """A form as it came: ``values`` as typed, for showing it again; ``data`` as loaded; ``errors`` by field.

    ``values`` has every field of the schema: text, or a list of texts for a field with several values.
    ``data`` is complete only when there are no errors.
    """

    values: dict[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    errors: Errors = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        return not self.errors

    def refuse(self, error: DomainError) -> None:
        """Note what the domain says about it."""
        for name, messages in as_form_errors(error).items():
            self.errors.setdefault(name, []).extend(messages)


def blank_form(schema: Schema, initial: Mapping[str, Any] | None = None) -> Form:
    """The form as it is first shown; ``initial`` holds Python values."""
    values = _all_fields(schema)
    values.update({name: _as_typed(value) for name, value in (initial or {}).items() if name in values})
    return Form(values)


def load_form(
    schema: Schema,
    form: MultiDict[str, str] | None = None,
    files: MultiDict[str, FileStorage] | None = None,
) -> Form:
    """Load the present request's form (or the one given) with a schema.

    Text is trimmed and brought to Unicode normal form C (Unicode Standard Annex 15); a blank counts as
    missing; numbers and dates may be written as in the person's language. Fields that the schema does not
    know are ignored.
    """
    form = request.form if form is None else form
    files = request.files if files is None else files
    values = _all_fields(schema)
    given: dict[str, Any] = {}
    for name, schema_field in schema.load_fields.items():
        key = schema_field.data_key or name
        uploads = [upload for upload in files.getlist(key) if upload.filename]
        texts = [_clean(text) for text in form.getlist(key)]
        filled = [text for text in texts if text]
        several = _is_list(schema_field)
        if key not in files:
            values[key] = filled if several else (texts or [""])[-1]
        if several and uploads:
            given[key] = uploads
        elif several and filled:
            given[key] = [_readable(text, _inner(schema_field)) for text in filled]
        elif uploads or (texts and texts[-1]):
            # Of several values the last one counts: a checkbox follows the hidden field with its default.
            given[key] = uploads[-1] if uploads else _readable(texts[-1], schema_field)
    try:
        data: dict[str, Any] = schema.load(given)
    except ValidationError as error:
        valid = error.valid_data if isinstance(error.valid_data, dict) else {}
        return Form(values, valid, _by_field(messages_by_field(error)))
    return Form(values, data)


@contextmanager
def unit_of_work_for(form: Form) -> Iterator[UnitOfWork]:
    """The transaction of a form that was sent: what the domain refuses is undone, and noted in the form."""
    try:
        with unit_of_work() as work:
            yield work
    except DomainError as error:
        form.refuse(error)


def as_form_errors(error: DomainError) -> Errors:
    """What the domain says, at the field that has to be mended, or for the whole form."""
    return {error.field or WHOLE_FORM: [error_message(error)]}


def _by_field(messages: Mapping[Any, Any]) -> Errors:
    return {str(name): list(dict.fromkeys(_sentences(inner))) for name, inner in messages.items()}


def _sentences(messages: Any) -> list[str]:
    if isinstance(messages, Mapping):
        return [sentence for inner in messages.values() for sentence in _sentences(inner)]
    if isinstance(messages, (list, tuple)):
        return [sentence for inner in messages for sentence in _sentences(inner)]
    return [translate_message(str(messages))]


def _all_fields(schema: Schema) -> dict[str, Any]:
    return {
        schema_field.data_key or name: [] if _is_list(schema_field) else ""
        for name, schema_field in schema.load_fields.items()
    }


def _is_list(schema_field: fields.Field[Any]) -> bool:
    return isinstance(schema_field, fields.List)


def _inner(schema_field: fields.Field[Any]) -> fields.Field[Any]:
    return schema_field.inner if isinstance(schema_field, fields.List) else schema_field


def _as_typed(value: Any) -> Any:
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_as_typed(item) for item in value]
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return str(int(value))  # 409000.00 is not what people write
    return "" if value is None else str(value)


def _clean(text: str) -> str:
    """Trimmed, normal form C, line ends as in Unix, and no control characters (PostgreSQL refuses NUL)."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc").strip()


def _readable(text: str, schema_field: fields.Field[Any]) -> str:
    """Numbers and dates as the schema reads them, from the way in which people write them."""
    if isinstance(schema_field, fields.Number):
        text = "".join(text.split())  # also the narrow spaces between thousands
        return text.replace(",", "." if current_locale() == "fr" else "")
    if type(schema_field) is fields.Date and text.count("/") == 2:
        day, month, year = text.split("/")
        return f"{year}-{month.zfill(2)}-{day.zfill(2)}"
    return text
