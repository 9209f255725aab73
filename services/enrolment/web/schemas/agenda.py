"""What the JSON API tells of somebody's calendar."""

from __future__ import annotations

from marshmallow import Schema, fields


class EntryOutput(Schema):
    kind = fields.String(metadata={"description": "workshop or appointment"})
    id = fields.UUID()
    title = fields.String(metadata={"description": "Of an appointment, the buyer's name."})
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    place = fields.String(allow_none=True)
    video_url = fields.String(allow_none=True)
    state = fields.String()


class FeedOutput(Schema):
    made_at = fields.AwareDateTime()


class NewFeedOutput(Schema):
    address = fields.String(metadata={"description": "Secret, and shown this once."})
