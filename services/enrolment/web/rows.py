"""Forms with rows: the same few fields again and again, such as the funders of a programme.

Row 0 of "funders" has the fields ``funders-0-name``, ``funders-0-amount``… A row is as long as its first
field has something in it; a few empty ones stand at the end, and saving brings new ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from services.chassis.web.forms import Errors, blank_form, load_form

SPARE_ROWS = 3
_MOST_ROWS = 60


@dataclass(frozen=True)
class Rows:
    """``values`` as typed and ``errors`` by full field name, for showing again; ``data`` as loaded."""

    values: Sequence[Mapping[str, Any]]
    data: Sequence[Mapping[str, Any]] = ()
    errors: Errors = field(default_factory=dict)


def blank_rows(schema: Schema, initial: Sequence[Mapping[str, Any]]) -> Rows:
    """The rows as they are first shown, with some empty ones."""
    empty = [blank_form(schema).values for _ in range(SPARE_ROWS)]
    return Rows([*(blank_form(schema, row).values for row in initial), *empty])


def load_rows(name: str, schema: Schema) -> Rows:
    """The rows of the present request's form. One whose first field is empty is none."""
    values: list[Mapping[str, Any]] = []
    data: list[Mapping[str, Any]] = []
    errors: Errors = {}
    first = next(iter(schema.load_fields))
    for number in range(_MOST_ROWS):
        prefix = f"{name}-{number}-"
        typed = MultiDict(
            [
                (key.removeprefix(prefix), text)
                for key, texts in request.form.lists()
                if key.startswith(prefix)
                for text in texts
            ]
        )
        if not typed.get(first, "").strip():
            continue
        form = load_form(schema, typed, MultiDict())
        # Rows move up when one before them is emptied, and their errors with them.
        place = f"{name}-{len(values)}-"
        values.append(form.values)
        data.append(form.data)
        errors |= {place + key: messages for key, messages in form.errors.items()}
    spare = [blank_form(schema).values for _ in range(SPARE_ROWS)]
    return Rows([*values, *spare], data, errors)
