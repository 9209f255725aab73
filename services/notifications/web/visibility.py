"""Which messages a person may see: an operator all, a manager those of the programmes they manage.

Sign-in links and digests belong to no programme, so that managers do not see them.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.chassis.web.identity import Identity
from services.notifications.domain.message import Message
from services.notifications.storage.message_list import MessageFilter


def visible_messages(person: Identity, chosen: Mapping[str, str]) -> MessageFilter:
    """What the person may see, narrowed down by what they chose."""
    return MessageFilter(
        programmes=None if sees_everything(person) else person.programmes("manager"),
        state=chosen.get("state") or None,
        workflow=chosen.get("workflow") or None,
    )


def visible_message(session: Session, person: Identity, message_id: UUID) -> Message:
    """Raises NotFound, also for a message that this person may not see."""
    message = session.get(Message, message_id)
    if message is None or not (sees_everything(person) or message.programme in person.programmes("manager")):
        raise NotFound("There is no such message.")
    return message


def sees_everything(person: Identity) -> bool:
    """Whether the person may see messages of every programme and of none."""
    return "operator" in person.roles or any(
        grant.role == "manager" and grant.programme is None for grant in person.grants
    )
