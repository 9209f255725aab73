"""Somebody is called or reached otherwise: what was planned goes with them, and so does what they chose."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.privacy.subject import is_pseudonym
from services.chassis.unit_of_work import UnitOfWork
from services.notifications.domain.message import Recipient
from services.notifications.domain.preferences import Preferences, preferences_id
from services.notifications.handlers.planning import settle
from services.notifications.storage import queries


def person_changed(person_id: UUID, former: Recipient, present: Recipient, unit_of_work: UnitOfWork) -> None:
    """The directory has what is ``present`` already. Nothing happens when it is the same, or forgotten."""
    if former == present or is_pseudonym(present.address):
        return
    session = unit_of_work.session
    _move_preferences(session, former.address, present.address)
    if not unit_of_work.replaying:
        for occasion in queries.occasions_waiting_for(session, person_id):
            settle(occasion, unit_of_work)


def _move_preferences(session: Session, former: str, address: str) -> None:
    chosen = session.get(Preferences, preferences_id(former))
    if chosen is not None and session.get(Preferences, preferences_id(address)) is None:
        moved = Preferences.of(address)
        moved.choice, moved.recent = chosen.choice, list(chosen.recent)
        session.add(moved)
        session.flush()
