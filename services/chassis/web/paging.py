"""Lists: one page of rows at a time, sorted and searched; the address holds the state and can be shared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

from services.chassis.listing import PER_PAGE, ListQuery
from services.chassis.model import DomainError
from services.chassis.web.addresses import page_of_request
from services.chassis.web.i18n import N_

Row = TypeVar("Row")

MOST_PER_PAGE = 200
LONGEST_SEARCH = 200  # characters
_LAST_PAGE = 1_000_000  # keeps the offset within what a database counts to

_NOT_A_NUMBER = N_("Choose a whole number from %(least)s to %(most)s.")
_CANNOT_SORT = N_("This list can be sorted by: %(choices)s.")
_SEARCH_TOO_LONG = N_("Search with %(most)s characters at most.")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page. ``total`` counts the rows of all pages."""

    items: Sequence[Row]
    total: int
    query: ListQuery

    @property
    def number(self) -> int:
        return self.query.page

    @property
    def pages(self) -> int:
        """How many pages there are: one even for an empty list."""
        return max(1, -(-self.total // self.query.per_page))

    @property
    def first(self) -> int:
        """The place of the first row shown, counted from 1; 0 when none is."""
        return self.query.offset + 1 if self.items else 0

    @property
    def last(self) -> int:
        """The place of the last row shown; 0 when none is."""
        return self.query.offset + len(self.items) if self.items else 0

    def url(self, number: int) -> str:
        """Another page of the same list."""
        return page_of_request(page=None if number == 1 else str(number))

    def sorted(self, name: str) -> str | None:
        """ "ascending" or "descending" when the list is sorted by ``name``, as ``aria-sort`` has it."""
        if self.query.sort != name:
            return None
        return "descending" if self.query.descending else "ascending"

    def sort_url(self, name: str) -> str:
        """The list sorted by ``name``; the other way round when it is sorted by it already."""
        turn = self.query.sort == name and not self.query.descending
        return page_of_request(sort=f"-{name}" if turn else name, page=None)


def list_query(sortable: Collection[str], default: str = "", *, per_page: int = PER_PAGE) -> ListQuery:
    """What the present request asks: ``?page=2&per_page=50&sort=-name&q=text``; a minus sorts downwards.

    ``default`` is the order when none is asked for, written in the same way. Raises DomainError with the name
    of the argument that is wrong.
    """
    sort = request.args.get("sort") or default
    if sort.removeprefix("-") not in sortable and sort != default:
        raise DomainError(_CANNOT_SORT, field="sort", choices=", ".join(sortable))
    search = " ".join(request.args.get("q", "").replace("\0", "").split())
    if len(search) > LONGEST_SEARCH:
        raise DomainError(_SEARCH_TOO_LONG, field="q", most=LONGEST_SEARCH)
    return ListQuery(
        page=_whole_number("page", default=1, most=_LAST_PAGE),
        per_page=_whole_number("per_page", default=per_page, most=MOST_PER_PAGE),
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        search=search,
    )


def _whole_number(name: str, *, default: int, most: int) -> int:
    text = request.args.get(name, "").strip()
    if not text:
        return default
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    if not 1 <= number <= most:
        raise DomainError(_NOT_A_NUMBER, field=name, least=1, most=most)
    return number
