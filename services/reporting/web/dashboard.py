"""The dashboard: where the programme stands, moving as it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from services.chassis.web.access import requires
from services.chassis.web.formatting import format_number, format_share
from services.chassis.web.i18n import current_locale
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import local_today, reading, runtime
from services.reporting.domain import catalogue, milestones
from services.reporting.domain.cohorts import count_by_cohort
from services.reporting.domain.figures import Unit
from services.reporting.domain.groups import Dimension
from services.reporting.domain.indicators import Indicator, evaluate
from services.reporting.domain.maturity import mean_trust, theme_means
from services.reporting.domain.measures import foresee
from services.reporting.domain.records import State
from services.reporting.storage.queries import Fact, latest_facts, load_state, revision
from services.reporting.web import activity, wording
from services.reporting.web.audience import READERS, Audience, requested_reader
from services.reporting.web.charts import Series, chart, territory
from services.reporting.web.wording import unit_of, written

pages = Blueprint("dashboard", __name__)

_ACTIVITIES = 8
_MOST_BARS = 8


@pages.get("/")
@requires(*READERS)
def dashboard() -> Response:
    """The figures of a programme; for the script that keeps them up to date, only what moves.

    Asked again with the ETag of what is shown, it costs one look at the end of an index.
    """
    person = signed_in_person()
    partly = request.headers.get("X-Requested-With") == "fetch"
    with reading() as session:
        audience = requested_reader(person, session)
        seen = (revision(session), local_today(), current_locale(), person.person_id, audience.programme.slug)
        tag = "-".join(str(part) for part in (*seen, audience.shared, partly))
        if request.if_none_match.contains_weak(tag):
            response = Response(status=304)
        else:
            response = make_response(_page(session, audience, partly=partly))
    response.set_etag(tag, weak=True)
    response.vary.add("X-Requested-With")
    return response


def _page(session: Session, audience: Audience, *, partly: bool) -> str:
    slug = audience.programme.slug
    state = load_state(session, slug, runtime().clock(), buyers=audience.buyers)
    facts = latest_facts(session, slug, activity.EVENT_TYPES, _ACTIVITIES, among=_visible(state, audience))
    live = _live(state, facts, audience)
    if partly:
        return render_template("dashboard_live.html", **live)
    return render_template("dashboard.html", **live, **_portrait(state, audience))


def _visible(state: State, audience: Audience) -> set[UUID] | None:
    """The organisations that an adviser may read of; None is no limit."""
    if audience.buyers is None:
        return None
    return {*audience.buyers, *(supplier.organisation_id for supplier in state.suppliers)}


def _live(state: State, facts: Sequence[Fact], audience: Audience) -> dict[str, Any]:
    """What moves: the headlines, the funnel, the cohorts, what has just happened."""
    return {
        "audience": audience,
        "headlines": _headlines(state, audience),
        "cohort_bars": _cohort_bars(state, audience),
        "attendance_bars": _attendance_bars(state, audience),
        "funnel": _funnel(state, audience),
        "forecast": foresee(state),
        "target": state.programme.supplier_target,
        "forecast_href": _address(catalogue.TARGET_DATE, audience),
        "activities": activity.told(facts, shared=audience.shared),
    }


def _portrait(state: State, audience: Audience) -> dict[str, Any]:
    """Who the suppliers are: how mature, where, in what trade."""
    assessed = [supplier for supplier in state.suppliers if milestones.submitted(supplier)]
    return {
        "levels": chart(assessed, Dimension.LEVEL, audience, catalogue.SUPPLIERS_SUBMITTED),
        "themes": _theme_bars(state, audience),
        "trust": _trust_parts(state, audience),
        "breakdowns": [
            chart(assessed, dimension, audience, catalogue.SUPPLIERS_SUBMITTED, most=_MOST_BARS)
            for dimension in (Dimension.DEPARTMENT, Dimension.EPCI, Dimension.SECTOR, Dimension.SIZE)
        ],
        "territory": territory(state, audience, catalogue.SUPPLIERS_INVITED),
        "words": wording,
    }


def _address(indicator: Indicator, audience: Audience, **arguments: Any) -> str:
    return url_for("indicators.indicator", key=indicator.key, programme=audience.programme.slug, **arguments)


def _headlines(state: State, audience: Audience) -> list[dict[str, Any]]:
    """The four figures at the top; a funder's suppliers are those that count for a funder."""
    assessed = catalogue.SUPPLIERS_COUNTED if audience.shared else catalogue.SUPPLIERS_SUBMITTED
    shown = (catalogue.BUYERS_ENROLLED, assessed, catalogue.DAYS_TO_SUBMISSION, catalogue.MATURITY)
    return [_headline(indicator, state, audience) for indicator in shown]


def _headline(indicator: Indicator, state: State, audience: Audience) -> dict[str, Any]:
    figure = evaluate(indicator, state, shared=audience.shared)
    counted = indicator.unit in (Unit.BUYERS, Unit.SUPPLIERS)
    readable = figure.value if counted or figure.value is None else written(figure.value, indicator.unit)
    return {
        "label": _(indicator.name),
        "value": readable,
        "unit": None if figure.value is None else unit_of(figure.value, indicator.unit),
        "target": indicator.target(state.programme),
        "href": _address(indicator, audience),
        "detail": _("Hidden: fewer than five suppliers.") if figure.hidden else _detail(indicator, state),
    }


def _detail(indicator: Indicator, state: State) -> str | None:
    if indicator is catalogue.SUPPLIERS_SUBMITTED:
        counted = evaluate(catalogue.SUPPLIERS_COUNTED, state).value
        return _("%(number)s with a SIRET, as funders count", number=counted or 0)
    if indicator is catalogue.BUYERS_ENROLLED:
        public = sum(buyer.takes_part and buyer.legal_form == "public" for buyer in state.buyers)
        private = sum(buyer.takes_part and buyer.legal_form != "public" for buyer in state.buyers)
        return _("%(public)s public, %(private)s private", public=public, private=private)
    if indicator is catalogue.DAYS_TO_SUBMISSION:
        return _("Half of the suppliers take longer, half are faster.")
    return _("Mean of the latest self-assessments") if indicator is catalogue.MATURITY else None


def _cohort_bars(state: State, audience: Audience) -> Series:
    return [
        {
            "label": _("Cohort %(label)s", label=cohort.label),
            "value": cohort.enrolled,
            "target": cohort.capacity,
            "display": _("%(value)s of %(maximum)s", value=cohort.enrolled, maximum=cohort.capacity),
            "href": _address(catalogue.BUYERS_ENROLLED, audience, cohort=cohort.label),
        }
        for cohort in count_by_cohort(state.cohorts, state.buyers)
    ]


def _attendance_bars(state: State, audience: Audience) -> Series:
    """The share of those registered who came, in each cohort whose workshops have been held."""
    bars: Series = []
    for cohort in sorted({each.cohort for each in state.attendances}):
        share = evaluate(catalogue.ATTENDANCE, state.of_cohort(cohort)).value
        bars.append(
            {
                "label": _("Cohort %(label)s", label=cohort),
                "value": share,
                "display": written(share, catalogue.ATTENDANCE.unit),
                "href": _address(catalogue.ATTENDANCE, audience, cohort=cohort),
            }
        )
    return bars


def _theme_bars(state: State, audience: Audience) -> Series:
    return [
        {"label": theme.label, "value": theme.mean, "display": format_number(theme.mean, 0)}
        for theme in theme_means(state.suppliers, shared=audience.shared)
    ]


def _trust_parts(state: State, audience: Audience) -> Series:
    """How much of the scores is declared only, how much is backed."""
    trust = mean_trust(state.suppliers, shared=audience.shared)
    if trust is None:
        return []
    shares = (
        (_("Verified by an adviser"), trust.verified),
        (_("Backed by a document"), trust.evidenced),
        (_("Declared"), trust.declared),
    )
    return [{"label": label, "value": share, "display": format_share(share)} for label, share in shares]


def _funnel(state: State, audience: Audience) -> Series:
    """Each step with its share of all that entered."""
    bars: Series = []
    entered = 0
    for indicator in catalogue.FUNNEL:
        count = evaluate(indicator, state).value
        number = count if isinstance(count, int) else None
        entered = entered or number or 0
        share = format_share(number / entered) if number is not None and entered else ""
        bars.append(
            {
                "label": _(indicator.name),
                "value": number,
                "display": f"{format_number(number)} · {share}",
                "target": indicator.target(state.programme),
                "href": _address(indicator, audience),
                "kind": "success" if indicator is catalogue.SUPPLIERS_VALIDATED else None,
            }
        )
    return bars
