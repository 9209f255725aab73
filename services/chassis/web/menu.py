"""The main menu, the same on every page of every service.

It is the one place in which the services know of each other, and only by address: an entry is a label, an
address and the roles that see it.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.chassis.web.i18n import N_, gettext
from services.chassis.web.identity import Identity
from services.chassis.web.templating import NavigationItem

SERVICES = {
    "enrolment": N_("Enrolments"),
    "assessment": N_("Self-assessments"),
    "notifications": N_("Messages"),
    "reporting": N_("Indicators"),
}

_ENTRIES: Sequence[tuple[str, str, frozenset[str]]] = (
    (N_("Home"), "/", frozenset({"manager", "adviser", "jury", "buyer"})),
    (N_("Agenda"), "/agenda", frozenset({"manager", "adviser", "buyer"})),
    (N_("Jury"), "/jury", frozenset({"jury"})),
    (N_("My assessment"), "/assessment/", frozenset({"supplier"})),
    (N_("Dashboard"), "/reporting/", frozenset({"manager", "adviser", "funder"})),
    (N_("Suppliers"), "/suppliers", frozenset({"manager", "adviser", "buyer"})),
    (N_("Reviews"), "/assessment/reviews", frozenset({"manager", "adviser"})),
    (N_("Shared with me"), "/assessment/shared", frozenset({"buyer"})),
    (N_("Messages"), "/notifications/", frozenset({"manager", "operator"})),
    (N_("Operations"), "/operations", frozenset({"operator"})),
)


def main_menu(person: Identity | None) -> list[NavigationItem]:
    """The entries that this person sees; nobody signed in sees none."""
    if person is None:
        return []
    return [
        NavigationItem(gettext(label), href) for label, href, roles in _ENTRIES if person.has_any_role(roles)
    ]
