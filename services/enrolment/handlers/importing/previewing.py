"""What an import would do, found by doing it and undoing it, so that preview and import cannot disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.importing import Mapped, SupplierImport, WrongRow
from services.enrolment.handlers.importing.part import Outcome
from services.enrolment.handlers.importing.running import take_part
from services.enrolment.handlers.importing.uploading import ROWS_IN_A_PART, to_be_started
from services.enrolment.storage import imports

# A list that people keep by hand is shorter; of a longer one so many rows are done within about a second.
MOST_ROWS = 2000


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What would come of the first ``looked_at`` rows of ``total``; rows are counted as in SupplierImport.

    ``mails`` is how many people would be written to. Each of ``rows_to_correct`` comes with its cells.
    """

    total: int
    looked_at: int
    added: int
    renewed: int
    known: int
    mails: int
    rows_to_correct: Sequence[tuple[WrongRow, Sequence[str]]]


def preview(
    import_id: UUID, columns: Mapped, invites: bool, public_url: str, unit_of_work: UnitOfWork
) -> Preview:
    """Keep what was chosen, and see what an import would make of it. Raises like ``start``."""
    supplier_import = to_be_started(import_id, invites, unit_of_work)
    supplier_import.choose(columns, invites=invites)
    with unit_of_work.undone():
        return _tried(supplier_import, public_url, unit_of_work)


def _tried(supplier_import: SupplierImport, public_url: str, unit_of_work: UnitOfWork) -> Preview:
    outcomes: Counter[Outcome] = Counter()
    to_correct: list[tuple[WrongRow, Sequence[str]]] = []
    recorded_before = len(unit_of_work.recorded)
    for number in range(min(supplier_import.parts, MOST_ROWS // ROWS_IN_A_PART)):
        first, rows = imports.part(unit_of_work.session, supplier_import.id, number)
        came_of_it, wrong, _known = take_part(supplier_import, first, rows, public_url, unit_of_work)
        outcomes += came_of_it
        to_correct += [(row, rows[row.number - first]) for row in wrong]
    events = unit_of_work.recorded[recorded_before:]
    return Preview(
        total=supplier_import.total,
        looked_at=outcomes.total() + len(to_correct),
        added=outcomes["added"],
        renewed=outcomes["renewed"],
        known=outcomes["known"],
        mails=sum(1 for event in events if event.type == "enrolment.supplier.invited"),
        rows_to_correct=to_correct,
    )
