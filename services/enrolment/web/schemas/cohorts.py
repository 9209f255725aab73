"""What comes in when a cohort is planned or changed, and its call described and opened."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.chassis.web.i18n import N_
from services.enrolment.domain.call import QuestionKind
from services.enrolment.web.schemas.fields import LONG, SHORT

_CAPACITY = validate.Range(1, 500)


class CohortSchema(Schema):
    # The label stands in addresses, where "new" is the page on which cohorts are planned.
    label = fields.String(
        required=True,
        validate=[
            validate.Length(max=40),
            validate.Regexp(
                r"\w[\w .–-]*\Z", error=N_("Use letters, digits, spaces and hyphens, for example 2027.")
            ),
            validate.NoneOf(["new"]),
        ],
    )
    capacity = fields.Integer(required=True, validate=_CAPACITY)
    copy_from = fields.String(load_default=None)


class OpenCallSchema(Schema):
    call_opens_on = fields.Date(required=True)
    call_closes_on = fields.Date(required=True)


class StartCohortSchema(Schema):
    """``reason`` is read by whoever is declined because nobody decided before; needed if there is one."""

    reason = fields.String(load_default="", validate=LONG)


class ChangeCohortSchema(Schema):
    capacity = fields.Integer(required=True, validate=_CAPACITY)
    call_opens_on = fields.Date(load_default=None)
    call_closes_on = fields.Date(load_default=None)
    jury_on = fields.Date(load_default=None)
    starts_on = fields.Date(load_default=None)
    ends_on = fields.Date(load_default=None)
    offer_days = fields.Integer(required=True, validate=validate.Range(1, 60))


class ChangeCohortForm(ChangeCohortSchema):
    """``seen_version`` is the one that the form was filled in with."""

    seen_version = fields.Integer(load_default=None)


class CallTextForm(Schema):
    """``seen_version`` is the one that the form was filled in with."""

    call_text = fields.String(load_default="", validate=LONG)
    seen_version = fields.Integer(load_default=None)


class QuestionSchema(Schema):
    """``choices`` are typed one to a line. ``key`` is empty in a question that is new."""

    label = fields.String(required=True, validate=validate.Length(max=300))
    kind = fields.String(load_default="short", validate=validate.OneOf(list(QuestionKind)))
    help = fields.String(load_default="", validate=validate.Length(max=500))
    required = fields.Boolean(load_default=False)
    choices = fields.String(load_default="", validate=LONG)
    key = fields.String(load_default="", validate=validate.Length(max=24))

    @post_load
    def split_choices(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        lines = (line.strip() for line in data["choices"].splitlines())
        return {**data, "kind": QuestionKind(data["kind"]), "choices": tuple(line for line in lines if line)}


class CriterionSchema(Schema):
    label = fields.String(required=True, validate=SHORT)
    weight = fields.Integer(required=True, validate=validate.Range(1, 100))
    help = fields.String(load_default="", validate=validate.Length(max=500))
    key = fields.String(load_default="", validate=validate.Length(max=24))
