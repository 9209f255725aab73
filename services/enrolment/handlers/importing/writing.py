"""New suppliers of a part, written with one statement for each table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Table
from sqlalchemy.orm import Session

from services.chassis.bulk import RowWrite, write_rows
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.supplier import Invitation, SupplierEnrolment
from services.enrolment.storage.tables import (
    invitations,
    organisations,
    supplier_enrolments,
    supplier_inviters,
)


def _all_of(table: Table, *without: str) -> RowWrite:
    return RowWrite(table, tuple(column.name for column in table.c if column.name not in without))


_ORGANISATIONS = _all_of(organisations)
_ENROLMENTS = _all_of(supplier_enrolments)
_INVITERS = _all_of(supplier_inviters, "position")
_INVITATIONS = _all_of(invitations)


@dataclass
class NewRows:
    """Entities that no session knows: they are written as they are at the end."""

    organisations: list[Organisation] = field(default_factory=list)
    enrolments: list[SupplierEnrolment] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)

    def write(self, session: Session) -> None:
        """In the order in which they refer to each other."""
        _write(session, _ORGANISATIONS, self.organisations)
        _write(session, _ENROLMENTS, self.enrolments)
        inviters = [
            {
                "supplier_id": supplier.id,
                "organisation_id": inviter.organisation_id,
                "organisation_name": inviter.organisation_name,
                "invited_at": inviter.invited_at,
            }
            for supplier in self.enrolments
            for inviter in supplier.invited_by
        ]
        if inviters:
            write_rows(session, _INVITERS, inviters)
        _write(session, _INVITATIONS, self.invitations)


def _write(session: Session, write: RowWrite, entities: Sequence[object]) -> None:
    if entities:
        rows = [{name: getattr(entity, name) for name in write.columns} for entity in entities]
        write_rows(session, write, rows)
