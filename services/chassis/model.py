"""What a domain package may build on: the aggregate's identity and the ways in which a rule says no.

This is the one module of the chassis that ``domain`` packages import. It is pure standard library.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(eq=False, kw_only=True)
class Aggregate:
    """The unit of consistency of a domain: changed as a whole, in one transaction.

    ``version`` counts the events that the aggregate has published. The unit of work raises it when an
    event is recorded; the database refuses an update made from an older version.
    """

    id: UUID
    version: int = 0


class DomainError(Exception):
    """A rule of the domain says no.

    ``message`` is an English sentence for the person who asked, a gettext msgid with ``%(name)s``
    placeholders filled from ``values``. ``field`` names the input that has to be mended, if one has.
    """

    def __init__(self, message: str, /, *, field: str | None = None, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.field = field
        self.values = values


class NotFound(DomainError):
    """What was asked for does not exist, or not for this person."""


class Conflict(DomainError):
    """The state of things does not allow it (any more): somebody else was faster, or it was done before."""


class Forbidden(DomainError):
    """It exists and this person may not do it."""


class Gone(DomainError):
    """It existed and has expired or been used."""
