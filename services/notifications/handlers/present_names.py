"""The names that people and organisations have when a mail is written, whatever they were called before.

An occasion keeps what its trigger said, and a reminder leaves days later. What is not in the directory keeps
the name that the trigger gave it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.storage import queries

# Which field of an event's data names whom.
_NAMES = {
    "person_id": "name",
    "organisation_id": "organisation_name",
    "supplier_organisation_id": "supplier_name",
    "buyer_organisation_id": "buyer_name",
}


def with_present_names(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    """An event's data as JSON values, with the names that are known now."""
    known = queries.names_of(session, set(_named(values)))
    return cast(dict[str, Any], _renamed(values, known))


def _named(value: Any) -> Iterator[UUID]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in _NAMES and inner:
                yield UUID(inner)
            else:
                yield from _named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)


def _renamed(value: Any, known: Mapping[UUID, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(inner, known) for inner in value]
    if not isinstance(value, Mapping):
        return value
    renamed = {key: _renamed(inner, known) for key, inner in value.items()}
    for key, name in _NAMES.items():
        if name in value and value.get(key) and (present := known.get(UUID(value[key]))):
            renamed[name] = present
    return renamed
