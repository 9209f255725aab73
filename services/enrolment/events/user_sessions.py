"""Sign-ins and API tokens that were ended before their time, as every service has to learn."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.user_session import UserSession
from services.enrolment.events.common import publish


class SessionEnded(EventSchema):
    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True)


publish(SessionEnded, "session.ended")


def session_snapshot(ended: UserSession) -> dict[str, Any]:
    return {
        "id": ended.id,
        "person_id": ended.person_id,
        "kind": ended.kind,
        "expires_at": ended.expires_at,
        "ended_at": ended.ended_at,
    }
