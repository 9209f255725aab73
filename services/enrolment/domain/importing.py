"""An import of suppliers from a spreadsheet: uploaded, its columns confirmed, taken in row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.chassis.model import Conflict, DomainError


class ImportState(StrEnum):
    UPLOADED = "uploaded"
    """The columns wait to be confirmed."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """It broke off by a fault that is not in the file. What was taken in until then stays."""


class Column(StrEnum):
    """What a column of a list of suppliers can hold."""

    ORGANISATION_NAME = "organisation_name"
    SIRET = "siret"
    COMMUNE = "commune"
    POSTAL_CODE = "postal_code"
    CONTACT_FIRST_NAME = "contact_first_name"
    CONTACT_NAME = "contact_name"
    CONTACT_EMAIL = "contact_email"
    CONTACT_PHONE = "contact_phone"
    NAF_CODE = "naf_code"
    SIZE = "size"


# Which column of the file, counted from 0, holds what.
Mapped = Mapping[Column, int]


@dataclass(frozen=True)
class WrongRow:
    """A row that was not taken in: its number in the file, and what has to be mended by column.

    Each message is an English msgid with the values of its placeholders.
    """

    number: int
    messages: Sequence[tuple[Column, str, Mapping[str, object]]]


class RowDeed(StrEnum):
    """What a row of a supplier that is known has brought."""

    SIRET = "siret"
    CONTACT = "contact"
    INVITED = "invited"


@dataclass(frozen=True)
class KnownRow:
    """A row that means a supplier who is known; without ``deeds`` it has changed nothing."""

    number: int
    supplier_id: UUID
    deeds: Sequence[RowDeed]


@dataclass(eq=False, kw_only=True)
class SupplierImport:
    """One file of one person. ``inviter_id`` is the buyer's organisation; None for the chamber.

    ``total`` rows are in parts, of which ``parts_done`` are taken in. Rows are ``added`` or ``renewed``
    (a known supplier to whom something was added), ``known`` (nothing to do) or ``wrong``.
    """

    id: UUID
    programme: str
    inviter_id: UUID | None
    created_by: UUID
    file_name: str
    header: list[str]
    header_row: int
    total: int
    parts: int
    created_at: datetime
    locale: str = "fr"
    state: ImportState = ImportState.UPLOADED
    invites: bool = False
    columns: dict[str, int] = field(default_factory=dict)
    parts_done: int = 0
    added: int = 0
    renewed: int = 0
    known: int = 0
    wrong: int = 0
    finished_at: datetime | None = None

    @property
    def is_running(self) -> bool:
        return self.state is ImportState.RUNNING

    @property
    def done(self) -> int:
        """How many rows have been looked at."""
        return self.added + self.renewed + self.known + self.wrong

    @property
    def mapped(self) -> Mapped:
        return {Column(name): place for name, place in self.columns.items()}

    def choose(self, columns: Mapped, *, invites: bool) -> None:
        """Keep what was chosen. Raises Conflict when it runs, DomainError like ``check_columns``."""
        self.check_not_started()
        check_columns(columns, len(self.header), invites=invites)
        self.columns = {column.value: place for column, place in columns.items()}
        self.invites = invites

    def check_not_started(self) -> None:
        """Raises Conflict once it was."""
        if self.state is not ImportState.UPLOADED:
            raise Conflict("This import has been started already.")

    def start(self, columns: Mapped, *, invites: bool) -> None:
        """The columns are confirmed. Raises like ``choose``."""
        self.choose(columns, invites=invites)
        self.state = ImportState.RUNNING

    def take_note(self, *, added: int, renewed: int, known: int, wrong: int, now: datetime) -> None:
        """One more part is taken in."""
        self.added += added
        self.renewed += renewed
        self.known += known
        self.wrong += wrong
        self.parts_done += 1
        if self.parts_done >= self.parts:
            self.state = ImportState.DONE
            self.finished_at = now

    def fail(self, now: datetime) -> None:
        self.state, self.finished_at = ImportState.FAILED, now


def check_columns(columns: Mapped, width: int, *, invites: bool) -> None:
    """Raises DomainError at the column that is missing or stands for two things."""
    if Column.ORGANISATION_NAME not in columns:
        raise DomainError("Say which column holds the names of the companies.", field="organisation_name")
    if invites and Column.CONTACT_EMAIL not in columns:
        raise DomainError(
            "Say which column holds the e-mail addresses: invitations are sent to them.",
            field="contact_email",
        )
    taken: dict[int, Column] = {}
    for column, place in columns.items():
        if not 0 <= place < width:
            raise DomainError("The file has no such column.", field=column.value)
        if place in taken:
            raise DomainError("This column was chosen twice.", field=column.value)
        taken[place] = column
