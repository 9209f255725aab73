"""Drafts of whoever has signed in with the address that they were begun with."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import Forbidden
from services.chassis.web.session import signed_in_person
from services.enrolment.domain.draft import ApplicationDraft


def own_draft(session: Session, draft_id: UUID, *, lock: bool = False) -> ApplicationDraft:
    """Raises Forbidden, also for what does not exist."""
    found = session.get(ApplicationDraft, draft_id, with_for_update=lock or None)
    if found is None or found.email != signed_in_person().email.casefold():
        raise Forbidden("This draft is not yours, or it does not exist.")
    return found
