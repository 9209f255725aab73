"""What people decide: how much mail they want, and to have a message tried again."""

from __future__ import annotations

from uuid import UUID

from services.chassis.model import NotFound
from services.chassis.unit_of_work import UnitOfWork
from services.notifications.domain.message import Message
from services.notifications.domain.preferences import Preferences
from services.notifications.french_calendar import OFFICE_HOURS
from services.notifications.storage import queries
from services.notifications.workflow_file import workflows


def choose(address: str, choice: str, unit_of_work: UnitOfWork) -> Preferences:
    """Somebody who is signed in chooses what to receive. Raises DomainError for an unknown choice."""
    preferences = queries.preferences_of(unit_of_work.session, address)
    preferences.choose(choice)
    return preferences


def choose_by_link(preferences_id: UUID, choice: str, unit_of_work: UnitOfWork) -> Preferences:
    """The same for somebody who has only the link of a mail. Raises NotFound."""
    preferences = unit_of_work.session.get(Preferences, preferences_id)
    if preferences is None:
        raise NotFound("This unsubscribe link is not valid.")
    preferences.choose(choice)
    return preferences


def try_again(message_id: UUID, unit_of_work: UnitOfWork) -> Message:
    """Have a message that failed or came too late sent after all. Raises NotFound, Conflict."""
    message = unit_of_work.get(Message, message_id, lock=True)
    expires_after = workflows()[message.workflow].expires_after
    message.retry(unit_of_work.now, expires_after.after(OFFICE_HOURS.next_open(unit_of_work.now)))
    return message
