"""Indicators: the list of all, and each with its definition, its figure and the facts behind it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, url_for

from services.chassis.web.access import requires
from services.chassis.web.exports import table_response
from services.chassis.web.i18n import gettext as _
from services.chassis.web.paging import Page, list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime
from services.reporting.domain import catalogue
from services.reporting.domain.groups import Dimension
from services.reporting.domain.indicators import evaluate
from services.reporting.domain.measures import foresee
from services.reporting.storage.queries import load_state
from services.reporting.web import wording
from services.reporting.web.audience import READERS, Audience, requested_reader
from services.reporting.web.charts import chart
from services.reporting.web.selection import Look, fact_rows, look_at, requested_selection

pages = Blueprint("indicators", __name__)


@pages.get("/indicators")
@requires(*READERS)
def index() -> str:
    """All indicators with their figures."""
    with reading() as session:
        audience = requested_reader(signed_in_person(), session)
        state = load_state(session, audience.programme.slug, runtime().clock(), buyers=audience.buyers)
        rows = [
            {
                "indicator": each,
                "figure": evaluate(each, state, shared=audience.shared),
                "target": each.target(state.programme),
                "href": url_for("indicators.indicator", key=each.key, programme=audience.programme.slug),
            }
            for each in audience.indicators()
        ]
        return render_template("indicators.html", audience=audience, rows=rows, words=wording)


@pages.get("/indicators/<key>")
@requires(*READERS)
def indicator(key: str) -> str:
    """One indicator, in the period and for the group that the address names."""
    selection, query = requested_selection(), list_query(())
    with reading() as session:
        audience = requested_reader(signed_in_person(), session)
        look = look_at(session, audience, audience.indicator(key), selection)
        evidence = look.figure.evidence
        shown = evidence[query.offset : query.offset + query.per_page]
        is_about_suppliers = look.indicator not in (catalogue.BUYERS_ENROLLED, catalogue.ATTENDANCE)
        return render_template(
            "indicator.html",
            audience=audience,
            look=look,
            selection=selection,
            page=Page(fact_rows(session, look, audience, shown), len(evidence), query),
            dimensions=list(Dimension) if is_about_suppliers else [],
            chart=chart(look.behind, selection.dimension, audience, look.indicator)
            if selection.dimension and selection.group is None
            else None,
            forecast=foresee(look.state) if look.indicator is catalogue.TARGET_DATE else None,
            columns=_columns(look, audience),
            words=wording,
        )


@pages.get("/indicators/<key>/facts.<any(csv, xlsx):file_format>")
@requires(*READERS)
def export(key: str, file_format: str) -> Response:
    """All facts behind a figure, as they are selected."""
    with reading() as session:
        audience = requested_reader(signed_in_person(), session)
        look = look_at(session, audience, audience.indicator(key), requested_selection())
        rows = fact_rows(session, look, audience)
    header = [_("Time"), _("What happened"), _("Event type"), _("Event"), _("Organisation"), _("Amount")]
    return table_response(
        file_format,
        f"{audience.programme.slug}-{key}",
        header,
        (
            (
                row.at,
                wording.event_name(row.event_type),
                row.event_type,
                row.event_id,
                row.organisation,
                row.amount,
            )
            for row in rows
        ),
    )


def _columns(look: Look, audience: Audience) -> list[dict[str, Any]]:
    """What is listed of each fact; what one supplier contributes to a mean is for the team only."""
    columns: list[dict[str, Any]] = [
        {"key": "at", "label": _("When")},
        {"key": "organisation", "label": _("Who")},
        {"key": "what", "label": _("What happened")},
        {"key": "event", "label": _("Event")},
    ]
    if look.indicator.summary and not audience.shared:
        columns.insert(3, {"key": "amount", "label": wording.unit_name(look.indicator.unit), "numeric": True})
    return columns
