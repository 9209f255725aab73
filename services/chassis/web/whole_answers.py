"""What an answer always has, for the OpenAPI document: each field that its schema names.

A schema of marshmallow says of a request which fields it needs, and of an answer nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

SOMETIMES = {"x_sometimes": True}
"""The metadata of a field that an answer may lack."""

_MARK = "x-sometimes"


def require_fields_of_answers(document: dict[str, Any]) -> None:
    """Name as required what each answer has; a schema that requests share stays as it is."""
    schemas = document.get("components", {}).get("schemas", {})
    operations = [
        operation
        for item in document["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    ]
    asked = _named_in([operation.get("requestBody", {}) for operation in operations], schemas)
    answered = _named_in([operation["responses"] for operation in operations], schemas)
    answered |= _named_in(document["components"].get("responses", {}), schemas)
    for name in sorted(answered - asked):
        always = [field for field, told in schemas[name].get("properties", {}).items() if _MARK not in told]
        if always:
            schemas[name]["required"] = always


def _named_in(part: Any, schemas: dict[str, Any]) -> set[str]:
    """The schemas to which a part of a document refers, and those to which they refer in turn."""
    found: set[str] = set()
    waiting = list(_references(part))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(schemas[name])
    return found


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        reference = part.get("$ref", "")
        if isinstance(reference, str) and reference.startswith("#/components/schemas/"):
            yield reference.rpartition("/")[2]
        part = part.values()
    elif not isinstance(part, list):
        return
    for each in part:
        yield from _references(each)
