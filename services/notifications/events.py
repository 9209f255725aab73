"""What notifications publishes: what became of each message."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import Contracts, EventSchema
from services.chassis.privacy.taking_part import publish_answers
from services.chassis.sessions import publish_use
from services.notifications.domain.message import Message

contracts = Contracts("notifications")
publish_answers(contracts)
publish_use(contracts)


class MessageSnapshot(EventSchema):
    """``cause`` is the id of the event that was the reason to write, ``reason`` why it was not sent.

    A message that was not written has no ``subject_line``. Neither letters nor addresses leave the service.
    """

    id = fields.UUID(required=True)
    programme = fields.String(required=True, allow_none=True)
    workflow = fields.String(required=True)
    recipient_id = fields.UUID(required=True, allow_none=True)
    subject_line = fields.String(required=True, allow_none=True)
    sent_at = fields.AwareDateTime(required=True, allow_none=True)
    cause = fields.UUID(required=True)
    reason = fields.String(required=True, allow_none=True)


for _name in ("sent", "failed", "suppressed"):
    contracts.define(f"notifications.message.{_name}", MessageSnapshot)


def message_snapshot(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "programme": message.programme,
        "workflow": message.workflow,
        "recipient_id": message.recipient_id,
        "subject_line": message.subject_line,
        "sent_at": message.sent_at,
        "cause": message.cause,
        "reason": message.reason,
    }
