"""Which imports a person sees: the chamber's for its managers, a buyer's own for the buyer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import DomainError, NotFound
from services.chassis.web.i18n import error_message
from services.chassis.web.identity import Identity
from services.enrolment.domain.importing import SupplierImport


def visible_import(session: Session, person: Identity, import_id: UUID) -> SupplierImport:
    """Raises NotFound, also for what is somebody else's."""
    found = session.get(SupplierImport, import_id)
    if found is None or not _is_visible(person, found):
        raise NotFound("This import does not exist, or no longer.")
    return found


def messages_of(said: Sequence[Any]) -> list[tuple[str, str]]:
    """The column and the sentence of each thing that is wrong with a row, in the person's language."""
    return [(column, error_message(DomainError(message, **values))) for column, message, values in said]


def _is_visible(person: Identity, found: SupplierImport) -> bool:
    if found.inviter_id is not None and found.inviter_id in person.organisations("buyer"):
        return True
    return person.may("manager", found.programme)
