"""The latest activity, each event as one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services.chassis.web.formatting import format_instant
from services.chassis.web.i18n import N_
from services.chassis.web.i18n import gettext as _
from services.reporting.domain import events
from services.reporting.storage.queries import Fact


@dataclass(frozen=True)
class _Told:
    """``shared`` is the sentence for outsiders; None where the named one is fit for them too."""

    named: str
    shared: str | None
    icon: str
    kind: str | None = None


_SENTENCES = {
    events.APPLICATION_SUBMITTED: _Told(N_("%(name)s applied"), None, "document"),
    events.APPLICATION_ACCEPTED: _Told(N_("%(name)s is accepted"), None, "check-circle", "success"),
    events.APPLICATION_ENROLLED: _Told(N_("%(name)s signed the agreement"), None, "flag", "success"),
    events.SUPPLIER_INVITED: _Told(
        N_("%(name)s was invited by %(buyer)s"), N_("A supplier was invited by %(buyer)s"), "mail"
    ),
    events.SUPPLIER_ENROLLED: _Told(N_("%(name)s enrolled"), N_("A supplier enrolled"), "users"),
    events.ASSESSMENT_STARTED: _Told(
        N_("%(name)s started its self-assessment"), N_("A supplier started its self-assessment"), "edit"
    ),
    events.ASSESSMENT_SUBMITTED: _Told(
        N_("%(name)s submitted its self-assessment"),
        N_("A supplier submitted its self-assessment"),
        "check",
        "success",
    ),
    events.ASSESSMENT_VALIDATED: _Told(
        N_("The self-assessment of %(name)s is validated"),
        N_("The self-assessment of a supplier is validated"),
        "check-circle",
        "success",
    ),
    events.ASSESSMENT_CHANGES_REQUESTED: _Told(
        N_("%(name)s was asked for changes"), N_("A supplier was asked for changes"), "alert", "warning"
    ),
    events.SHARING_GRANTED: _Told(
        N_("%(name)s shares its result with %(buyer)s"),
        N_("A supplier shares its result with %(buyer)s"),
        "share",
    ),
}

EVENT_TYPES = tuple(_SENTENCES)


def told(facts: Iterable[Fact], *, shared: bool) -> list[dict[str, Any]]:
    """The items of the timeline. With ``shared`` no supplier is named."""
    return [_item(fact, shared=shared) for fact in facts]


def _item(fact: Fact, *, shared: bool) -> dict[str, Any]:
    sentence = _SENTENCES[fact.type]
    words = {"name": fact.organisation or _("An organisation"), "buyer": fact.counterpart or _("the chamber")}
    text = sentence.shared if shared and sentence.shared else sentence.named
    return {
        "title": _(text) % words,
        "when": format_instant(fact.time),
        "datetime": fact.time.isoformat(),
        "icon": sentence.icon,
        "kind": sentence.kind,
    }
