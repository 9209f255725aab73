"""What somebody asks of a list: which page, in which order, with which words.

Pages read it from the address, queries carry it out.
"""

from __future__ import annotations

from dataclasses import dataclass

PER_PAGE = 25


@dataclass(frozen=True)
class ListQuery:
    """What the address asks of a list. ``sort`` is a name from the list's own, never text for a query."""

    page: int = 1
    per_page: int = PER_PAGE
    sort: str = ""
    descending: bool = False
    search: str = ""

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * self.per_page
