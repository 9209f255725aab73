"""What comes in through forms, and what goes out through the API."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.notifications.domain.preferences import Choice


class PreferencesSchema(Schema):
    choice = fields.String(required=True, validate=validate.OneOf([choice.value for choice in Choice]))


class PreferencesOutput(PreferencesSchema):
    address = fields.String()


class MessageSchema(Schema):
    """``reason`` says why a message waits or was not sent."""

    id = fields.UUID()
    workflow = fields.String()
    programme = fields.String(allow_none=True)
    cause = fields.UUID(metadata={"description": "The event that was the reason to write."})
    recipient_id = fields.UUID(allow_none=True)
    name = fields.String()
    address = fields.String()
    locale = fields.String()
    state = fields.String()
    reason = fields.String(allow_none=True)
    detail = fields.String(allow_none=True, metadata={"description": "What the mail server said."})
    subject_line = fields.String(allow_none=True)
    attempts = fields.Integer()
    planned_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()
    sent_at = fields.AwareDateTime(allow_none=True)
