"""The JSON API of reporting: the same figures and facts as the pages, for programs."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.chassis.web.access import requires
from services.chassis.web.i18n import gettext as _
from services.chassis.web.lists import lists, page_of
from services.chassis.web.paging import list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading
from services.reporting.domain.figures import Unit
from services.reporting.domain.records import Period
from services.reporting.web.audience import READERS, reader_of
from services.reporting.web.selection import (
    Look,
    Selection,
    SelectionSchema,
    fact_rows,
    look_at,
    make_selection,
)

indicators_api = Blueprint(
    "indicators_api",
    __name__,
    url_prefix="/programmes/<slug>/indicators",
    description="Indicators of a programme and the facts behind them.",
)


class IndicatorSchema(Schema):
    key = fields.String()
    name = fields.String(metadata={"description": "In the language of the request."})
    definition = fields.String()
    formula = fields.String()
    unit = fields.Enum(Unit, by_value=True)
    events = fields.List(fields.String(), metadata={"description": "The types of event that it rests on."})
    target = fields.Integer(allow_none=True)
    value = fields.Raw(
        allow_none=True,
        metadata={
            "type": ["number", "string"],
            "description": "A number, or an ISO 8601 date for the unit date; null without data.",
        },
    )
    hidden = fields.Boolean(metadata={"description": "There is a value, from fewer than five suppliers."})


class FactSchema(Schema):
    at = fields.AwareDateTime(allow_none=True)
    event_type = fields.String()
    event_id = fields.UUID(allow_none=True)
    organisation = fields.String(allow_none=True, metadata={"description": "Null where not to be named."})
    amount = fields.Float(allow_none=True)


@indicators_api.get("")
@requires(*READERS)
@indicators_api.response(200, IndicatorSchema(many=True))
def list_indicators(slug: str) -> list[dict[str, Any]]:
    """All indicators with their figures up to now."""
    with reading() as session:
        audience = reader_of(signed_in_person(), session, slug)
        everything = Selection(Period())
        return [_shown(look_at(session, audience, each, everything)) for each in audience.indicators()]


@indicators_api.get("/<key>")
@requires(*READERS)
@indicators_api.arguments(SelectionSchema, location="query")
@indicators_api.response(200, IndicatorSchema)
def read_indicator(asked: dict[str, Any], slug: str, key: str) -> dict[str, Any]:
    """One indicator, in a period and for one group."""
    with reading() as session:
        audience = reader_of(signed_in_person(), session, slug)
        return _shown(look_at(session, audience, audience.indicator(key), make_selection(**asked)))


@indicators_api.get("/<key>/facts")
@requires(*READERS)
@lists()
@indicators_api.arguments(SelectionSchema, location="query")
@indicators_api.response(200, page_of(FactSchema))
def list_facts(asked: dict[str, Any], slug: str, key: str) -> dict[str, Any]:
    """The facts behind a figure, the newest first."""
    query = list_query(())
    with reading() as session:
        audience = reader_of(signed_in_person(), session, slug)
        look = look_at(session, audience, audience.indicator(key), make_selection(**asked))
        shown = look.figure.evidence[query.offset : query.offset + query.per_page]
        return {
            "total": len(look.figure.evidence),
            "items": fact_rows(session, look, audience, shown),
        }


def _shown(look: Look) -> dict[str, Any]:
    indicator, value = look.indicator, look.figure.value
    return {
        "key": indicator.key,
        "name": _(indicator.name),
        "definition": _(indicator.definition),
        "formula": _(indicator.formula),
        "unit": indicator.unit,
        "events": indicator.events,
        "target": look.target,
        "value": value.isoformat() if isinstance(value, date) else value,
        "hidden": look.figure.hidden,
    }
