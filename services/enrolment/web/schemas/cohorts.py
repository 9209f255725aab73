"""What comes in when a cohort is planned and its call opened."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.chassis.web.i18n import N_


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
    capacity = fields.Integer(required=True, validate=validate.Range(1, 500))


class OpenCallSchema(Schema):
    call_opens_on = fields.Date(required=True)
    call_closes_on = fields.Date(required=True)
