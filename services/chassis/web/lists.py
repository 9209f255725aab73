"""Lists of the JSON API: each is a page with ``total`` and ``items`` and is asked for in the same words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, TypeVar

from marshmallow import Schema, fields

from services.chassis.listing import PER_PAGE, ListQuery
from services.chassis.web.paging import LONGEST_SEARCH, MOST_PER_PAGE, list_query

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "__cesar_list__"


@cache
def page_of(row: type[Schema]) -> type[Schema]:
    """The schema of a page of such rows, each time the same one: it has one name in the document."""
    count = fields.Integer(
        required=True, metadata={"description": "How many rows all pages have together.", "minimum": 0}
    )
    rows = fields.List(fields.Nested(row), required=True)
    return Schema.from_dict(
        {"total": count, "items": rows}, name=f"{row.__name__.removesuffix('Schema')}Page"
    )


def page_of_rows(rows: Sequence[Any], query: ListQuery | None = None) -> dict[str, Any]:
    """The page that the present request asks for, of rows that are there already, in their order."""
    query = query or list_query(())
    return {"total": len(rows), "items": rows[query.offset : query.offset + query.per_page]}


def lists(sortable: Collection[str] = (), *filters: str, searches: bool = True) -> Callable[[View], View]:
    """Decorator: tells in the document of the API by what this list is asked for.

    ``page`` and ``per_page`` always; ``sort`` and, where it is sorted, ``q``; and the ``filters`` by name.
    """
    parameters = [
        _whole_number("page", 1, None),
        _whole_number("per_page", PER_PAGE, MOST_PER_PAGE),
    ]
    if sortable:
        ways = [f"{sign}{name}" for name in sortable for sign in ("", "-")]
        told = "A minus sorts downwards."
        parameters.append(_parameter("sort", {"type": "string", "enum": ways}, told))
        if searches:
            parameters.append(
                _parameter("q", {"type": "string", "maxLength": LONGEST_SEARCH}, "Words to look for.")
            )
    parameters += [_parameter(name, {"type": "string"}) for name in filters]

    def mark(view: View) -> View:
        setattr(view, _MARK, parameters)
        return view

    return mark


def parameters_of(view: Callable[..., Any]) -> list[dict[str, Any]]:
    """What ``lists`` says of a view; nothing for one that gives no list."""
    found: list[dict[str, Any]] = getattr(view, _MARK, [])
    return found


def _whole_number(name: str, default: int, most: int | None) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "default": default}
    return _parameter(name, schema if most is None else {**schema, "maximum": most})


def _parameter(name: str, schema: dict[str, Any], description: str = "") -> dict[str, Any]:
    told = {"description": description} if description else {}
    return {"name": name, "in": "query", "schema": schema, **told}
