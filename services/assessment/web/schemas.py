"""What the JSON API shows, and takes like the pages."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class AssessmentRowSchema(Schema):
    """An assessment in a list; ``score`` is from 0 to 100, ``level`` from 1 to 5, both null without data."""

    id = fields.UUID()
    programme = fields.String()
    organisation_id = fields.UUID()
    organisation_name = fields.String()
    referential = fields.String()
    referential_version = fields.String()
    state = fields.String()
    answered = fields.Integer()
    applicable = fields.Integer()
    score = fields.Float(allow_none=True)
    level = fields.Integer(allow_none=True)
    assigned_at = fields.AwareDateTime()
    submitted_at = fields.AwareDateTime(allow_none=True)
    validated_at = fields.AwareDateTime(allow_none=True)


class LineSchema(Schema):
    """One question in the score: of ``available`` points of the whole, its answer brings ``points``."""

    question = fields.String()
    wording = fields.String()
    standing = fields.String()
    answer = fields.List(fields.String())
    points = fields.Float()
    available = fields.Float()
    trust = fields.String(allow_none=True)


class ThemeResultSchema(Schema):
    key = fields.String()
    label = fields.String()
    score = fields.Float(allow_none=True)
    answered = fields.Integer()
    applicable = fields.Integer()
    lines = fields.List(fields.Nested(LineSchema))


class TrustSchema(Schema):
    declared = fields.Float()
    evidenced = fields.Float()
    verified = fields.Float()


class SuggestionSchema(Schema):
    key = fields.String()
    title = fields.String()
    effort = fields.Integer(metadata={"description": "1 (an afternoon), 2 (some weeks), 3 (a project)."})
    gain = fields.Float(metadata={"description": "Points of the whole score."})
    question = fields.String()


class ResultSchema(Schema):
    score = fields.Float(allow_none=True)
    level = fields.Integer(allow_none=True)
    trust = fields.Nested(TrustSchema)
    themes = fields.List(fields.Nested(ThemeResultSchema))
    actions = fields.List(fields.Nested(SuggestionSchema))


class SharedThemeSchema(Schema):
    key = fields.String()
    label = fields.String()
    score = fields.Float(allow_none=True)


class SharedSchema(Schema):
    """What a supplier shares: what is not in ``scope`` is null, as is all while it is being changed."""

    id = fields.UUID()
    supplier_organisation_id = fields.UUID()
    supplier_name = fields.String()
    scope = fields.List(fields.String())
    granted_at = fields.AwareDateTime()
    level = fields.Integer(allow_none=True)
    score = fields.Float(allow_none=True)
    themes = fields.List(fields.Nested(SharedThemeSchema), allow_none=True)


class ReviewSchema(Schema):
    """``verified`` are the questions whose answers are ticked as checked."""

    verified = fields.List(fields.String(), load_default=list)
    comment = fields.String(load_default="", validate=validate.Length(max=5000))
    decision = fields.String(required=True, validate=validate.OneOf(["keep", "validate", "request_changes"]))
