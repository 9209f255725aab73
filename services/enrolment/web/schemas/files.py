"""Files that come to the JSON API, and what it tells of those that are kept."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from services.enrolment.web.schemas.agreements import SignedCopySchema


class AttachmentInput(Schema):
    question = fields.String(
        required=True,
        validate=validate.Length(max=24),
        metadata={"description": "The key of the question that the file answers."},
    )
    file = Upload(required=True)


class AttachmentOutput(Schema):
    id = fields.UUID()
    question = fields.String()
    name = fields.String()
    media_type = fields.String()
    size = fields.Integer(metadata={"description": "In bytes."})
    added_at = fields.AwareDateTime()


class SignedCopyInput(SignedCopySchema):
    file = Upload(required=True, metadata={"description": "A PDF file."})
