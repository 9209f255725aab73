"""Words for what the figures say: groups, events, values."""

from __future__ import annotations

from datetime import date

from services.chassis.web.formatting import format_date, format_number, format_share
from services.chassis.web.i18n import N_, ngettext
from services.chassis.web.i18n import gettext as _
from services.reporting.domain import events
from services.reporting.domain.figures import Unit, Value
from services.reporting.domain.groups import Dimension
from services.reporting.territory import communes, department_names, epci_names

SECTORS = {
    "A": N_("Farming, forestry and fishing"),
    "B": N_("Mining and quarrying"),
    "C": N_("Manufacturing"),
    "D": N_("Electricity, gas and heat"),
    "E": N_("Water, waste and remediation"),
    "F": N_("Construction"),
    "G": N_("Trade and vehicle repair"),
    "H": N_("Transport and storage"),
    "I": N_("Accommodation and catering"),
    "J": N_("Information and communication"),
    "K": N_("Finance and insurance"),
    "L": N_("Real estate"),
    "M": N_("Professional, scientific and technical services"),
    "N": N_("Administrative and support services"),
    "O": N_("Public administration"),
    "P": N_("Education and training"),
    "Q": N_("Health and social work"),
    "R": N_("Arts, entertainment and recreation"),
    "S": N_("Other services"),
    "T": N_("Households as employers"),
    "U": N_("International organisations"),
}

LEVELS = {
    "1": N_("1 · To begin"),
    "2": N_("2 · Committed"),
    "3": N_("3 · Structured"),
    "4": N_("4 · Advanced"),
    "5": N_("5 · Exemplary"),
}

EVENTS = {
    events.APPLICATION_SUBMITTED: N_("Application received"),
    events.APPLICATION_ACCEPTED: N_("Application accepted"),
    events.APPLICATION_ENROLLED: N_("Agreement signed"),
    events.APPLICATION_COMPLETED: N_("Accompaniment completed"),
    events.APPLICATION_LEFT: N_("Buyer left the programme"),
    events.APPLICATION_RESUMED: N_("Buyer takes part after all"),
    events.SUPPLIER_INVITED: N_("Supplier invited"),
    events.SUPPLIER_ENROLLED: N_("Supplier enrolled"),
    events.SUPPLIER_ACTIVATED: N_("Supplier active"),
    events.SUPPLIER_FELL_DORMANT: N_("Supplier dormant"),
    events.SUPPLIER_LEFT: N_("Supplier left the programme"),
    events.SUPPLIER_RETURNED: N_("Supplier takes part again"),
    events.ASSESSMENT_ASSIGNED: N_("Self-assessment assigned"),
    events.ASSESSMENT_STARTED: N_("Self-assessment started"),
    events.ASSESSMENT_SUBMITTED: N_("Self-assessment submitted"),
    events.ASSESSMENT_REOPENED: N_("Submission taken back"),
    events.ASSESSMENT_REVIEW_STARTED: N_("Review started"),
    events.ASSESSMENT_VALIDATED: N_("Self-assessment validated"),
    events.ASSESSMENT_CHANGES_REQUESTED: N_("Changes requested"),
    events.SHARING_GRANTED: N_("Result shared with a buyer"),
    events.SHARING_REVOKED: N_("Sharing taken back"),
    events.WORKSHOP_HELD: N_("Workshop held"),
    events.REGISTRATION_MADE: N_("Registered for a workshop"),
    events.REGISTRATION_ATTENDED: N_("Present at a workshop"),
}

_TITLES = {
    Dimension.DEPARTMENT: N_("By department"),
    Dimension.EPCI: N_("By group of communes (EPCI)"),
    Dimension.COMMUNE: N_("By commune"),
    Dimension.SECTOR: N_("By sector"),
    Dimension.SIZE: N_("By size"),
    Dimension.LEVEL: N_("By maturity level"),
}

UNKNOWN_GROUP = "unknown"


def group_label(dimension: Dimension, key: str | None) -> str:
    """The name of a group by its code; the code itself where there is no name."""
    if key is None:
        return _("No level yet") if dimension is Dimension.LEVEL else _("Not known")
    if dimension is Dimension.DEPARTMENT:
        name = department_names().get(key)
        return f"{name} ({key})" if name else key
    if dimension is Dimension.EPCI:
        return epci_names().get(key, key)
    if dimension is Dimension.COMMUNE:
        commune = communes().get(key)
        return commune.name if commune else key
    if dimension is Dimension.SIZE:
        return _("%(band)s people", band=key)
    return _({Dimension.SECTOR: SECTORS, Dimension.LEVEL: LEVELS}[dimension].get(key, key))


def breakdown_title(dimension: Dimension) -> str:
    """The title of a chart of this dimension."""
    return _(_TITLES[dimension])


def event_name(event_type: str) -> str:
    """What an event says, in a few words."""
    return _(EVENTS.get(event_type, event_type))


def unit_of(value: Value, unit: Unit) -> str | None:
    """The word after a figure, when it needs one."""
    number = value if isinstance(value, (int, float)) else 0
    if unit is Unit.DAYS:
        return ngettext("day", "days", round(number))
    return _("out of 100") if unit is Unit.POINTS else None


def unit_name(unit: Unit) -> str:
    """What a figure is counted in, by itself."""
    return {
        Unit.BUYERS: _("Number of buyers"),
        Unit.SUPPLIERS: _("Number of suppliers"),
        Unit.DAYS: _("Days"),
        Unit.POINTS: _("Points out of 100"),
        Unit.SHARE: _("Share in per cent"),
        Unit.DATE: _("Date"),
    }[unit]


def written(value: Value, unit: Unit) -> str:
    """A figure as it is read, without its unit; a dash when there is none."""
    if isinstance(value, date):
        return format_date(value)
    if unit is Unit.SHARE:
        return format_share(value)
    if unit in (Unit.DAYS, Unit.POINTS):
        return format_number(value, 0 if value is None or value >= 10 else 1)
    return format_number(value)
