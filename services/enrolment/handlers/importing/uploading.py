"""A file is uploaded, and started once its columns are confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import DomainError
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.importing import Mapped, SupplierImport
from services.enrolment.spreadsheets.layout import layout_of
from services.enrolment.spreadsheets.reading import Table
from services.enrolment.storage import imports

# As many rows are taken in by one transaction: enough that its own cost is small beside theirs, and few
# enough that nobody waits long for the locks that it holds (about a quarter of a second).
ROWS_IN_A_PART = 500


@dataclass(frozen=True, kw_only=True)
class Upload:
    """``inviter_id`` is the buyer's organisation; None for the chamber. ``table`` is what was in the file."""

    programme: str
    inviter_id: UUID | None
    created_by: UUID
    file_name: str
    table: Table
    locale: str


def upload(command: Upload, unit_of_work: UnitOfWork) -> SupplierImport:
    """Keep the rows and guess what stands in which column. Raises DomainError for a header without rows."""
    layout = layout_of(command.table)
    rows = command.table[layout.row :]
    if not any(any(row) for row in rows):
        raise DomainError("Below the headers there is no row.", field="file")
    parts = list(_parts(rows, layout.row + 1))
    supplier_import = SupplierImport(
        id=new_id(),
        programme=command.programme,
        inviter_id=command.inviter_id,
        created_by=command.created_by,
        file_name=command.file_name[-200:],
        header=list(layout.header),
        header_row=layout.row,
        total=sum(1 for row in rows if any(row)),
        parts=len(parts),
        created_at=unit_of_work.now,
        locale=command.locale,
        invites=True,
        columns={column.value: place for column, place in layout.columns.items()},
    )
    unit_of_work.session.add(supplier_import)
    unit_of_work.session.flush()
    imports.add_parts(unit_of_work.session, supplier_import.id, parts)
    return supplier_import


def start(import_id: UUID, columns: Mapped, invites: bool, unit_of_work: UnitOfWork) -> SupplierImport:
    """Let the worker take it in. Raises NotFound, Conflict when it runs, DomainError for what is missing."""
    supplier_import = to_be_started(import_id, invites, unit_of_work)
    supplier_import.start(columns, invites=invites)
    return supplier_import


def give_up(import_id: UUID, unit_of_work: UnitOfWork) -> None:
    """Forget a file of which nothing was taken in. Raises NotFound, Conflict once it was started."""
    supplier_import = unit_of_work.get(SupplierImport, import_id, lock=True)
    supplier_import.check_not_started()
    imports.forget(unit_of_work.session, [import_id])


def to_be_started(import_id: UUID, invites: bool, unit_of_work: UnitOfWork) -> SupplierImport:
    """The import, locked. Raises NotFound, and DomainError for a buyer's that invites nobody."""
    supplier_import = unit_of_work.get(SupplierImport, import_id, lock=True)
    if supplier_import.inviter_id is not None and not invites:
        raise DomainError("Only the chamber registers suppliers without inviting them.", field="invites")
    return supplier_import


def _parts(rows: Table, first: int) -> Iterator[tuple[int, Table]]:
    for begin in range(0, len(rows), ROWS_IN_A_PART):
        yield first + begin, rows[begin : begin + ROWS_IN_A_PART]
