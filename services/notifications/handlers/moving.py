"""Somebody is reached elsewhere: what was planned, and what they chose to receive, goes with them."""

from __future__ import annotations

from uuid import UUID

from services.chassis.privacy.subject import is_pseudonym
from services.chassis.unit_of_work import UnitOfWork
from services.notifications.domain.preferences import Preferences, preferences_id
from services.notifications.handlers.planning import settle
from services.notifications.storage import queries


def address_changed(person_id: UUID, former: str, address: str, unit_of_work: UnitOfWork) -> None:
    """The directory has the new address already. Nothing happens when it is the same, or none."""
    if former == address or is_pseudonym(address):
        return
    session = unit_of_work.session
    chosen = session.get(Preferences, preferences_id(former))
    if chosen is not None and session.get(Preferences, preferences_id(address)) is None:
        moved = Preferences.of(address)
        moved.choice, moved.recent = chosen.choice, list(chosen.recent)
        session.add(moved)
        session.flush()
    if not unit_of_work.replaying:
        for occasion in queries.occasions_waiting_for(session, person_id):
            settle(occasion, unit_of_work)
