"""The worker takes in one part after another, each in a transaction of its own.

A part and what came of it are committed together: whoever is killed in between begins with the same part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from traceback import format_exc
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from services.chassis.model import DomainError
from services.chassis.service import Runtime
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.importing import Column, ImportState, KnownRow, SupplierImport, WrongRow
from services.enrolment.handlers.importing.part import Outcome, Part
from services.enrolment.spreadsheets.suppliers import ListedSupplier, read_row
from services.enrolment.storage import imports

log = structlog.get_logger(__name__)


def advance(runtime: Runtime) -> bool:
    """Take in the next part of a running import; false when there is none.

    Raises DBAPIError when the database does not answer: the same part is then the next one again. Any other
    fault ends the import, so that it does not keep the others from being taken in.
    """
    with runtime.read() as session:
        import_id = imports.next_running(session)
    if import_id is None:
        return False
    try:
        with runtime.unit_of_work() as unit_of_work:
            take_in(import_id, runtime.settings.public_url, unit_of_work)
    except DBAPIError:
        raise
    except Exception as error:
        log.error("import_failed", import_id=str(import_id), error=repr(error), traceback=format_exc())
        with runtime.unit_of_work() as unit_of_work:
            unit_of_work.get(SupplierImport, import_id, lock=True).fail(unit_of_work.now)
    return True


def take_in(import_id: UUID, public_url: str, unit_of_work: UnitOfWork) -> None:
    """Take in the import's next part, with all that comes of it; nothing when the import does not run."""
    session = unit_of_work.session
    supplier_import = unit_of_work.get(SupplierImport, import_id, lock=True)
    if supplier_import.state is not ImportState.RUNNING:
        return
    number = supplier_import.parts_done
    first, rows = imports.part(session, import_id, number)
    outcomes, wrong, known = take_part(supplier_import, first, rows, public_url, unit_of_work)
    imports.note_known(session, import_id, [(row, rows[row.number - first]) for row in known])
    imports.note_wrong(session, import_id, [(row, rows[row.number - first]) for row in wrong])
    imports.forget_part(session, import_id, number)
    supplier_import.take_note(
        added=outcomes["added"],
        renewed=outcomes["renewed"],
        known=outcomes["known"],
        wrong=len(wrong),
        now=unit_of_work.now,
    )


def take_part(
    supplier_import: SupplierImport,
    first: int,
    rows: Sequence[Sequence[str]],
    public_url: str,
    unit_of_work: UnitOfWork,
) -> tuple[Counter[Outcome], list[WrongRow], list[KnownRow]]:
    """Make suppliers of the rows, of which the ``first`` is a row's number: what came of how many, which are
    wrong, and which meant suppliers who were known."""
    listed, wrong = _read(supplier_import, first, rows)
    part = Part(supplier_import, listed, public_url, unit_of_work)
    outcomes: Counter[Outcome] = Counter()
    for row in listed:
        try:
            outcomes[part.take(row)] += 1
        except DomainError as error:
            column = Column(error.field) if error.field in set(Column) else Column.ORGANISATION_NAME
            wrong.append(WrongRow(row.number, [(column, error.message, error.values)]))
    part.write()
    return outcomes, wrong, part.known


def _read(
    supplier_import: SupplierImport, first: int, rows: Sequence[Sequence[str]]
) -> tuple[list[ListedSupplier], list[WrongRow]]:
    """What is in the rows, and which of them are wrong; empty ones are nothing."""
    listed: list[ListedSupplier] = []
    wrong: list[WrongRow] = []
    for number, cells in enumerate(rows, first):
        if any(cells):
            row = read_row(number, cells, supplier_import.mapped, invites=supplier_import.invites)
            if isinstance(row, WrongRow):
                wrong.append(row)
            else:
                listed.append(row)
    return listed, wrong
