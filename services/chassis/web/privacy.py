"""Each service's part of the register of processing, and how long it keeps what."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from services.chassis.privacy import retention
from services.chassis.privacy.declaration import holdings_of
from services.chassis.privacy.holdings import Basis, Kind
from services.chassis.web.access import requires
from services.chassis.web.i18n import N_, gettext
from services.chassis.web.menu import SERVICES
from services.chassis.web.prefixes import service_prefix
from services.chassis.web.work import runtime

privacy = Blueprint("privacy", __name__, url_prefix="/privacy")

BASES = {
    Basis.MISSION: N_("Mission of public interest (article 6.1.e)"),
    Basis.CONTRACT: N_("Contract (article 6.1.b)"),
    Basis.LAW: N_("Legal obligation (article 6.1.c)"),
    Basis.INTEREST: N_("Legitimate interest (article 6.1.f)"),
}
KINDS = {
    Kind.PERSON: N_("identifier"),
    Kind.NAME: N_("name"),
    Kind.ADDRESS: N_("e-mail address"),
    Kind.PHONE: N_("telephone number"),
    Kind.PREFERENCE: N_("preference"),
    Kind.ROLES: N_("roles"),
    Kind.TEXT: N_("free text"),
    Kind.RECORD: N_("record"),
    Kind.FILE: N_("file"),
    Kind.NETWORK: N_("network address or device"),
    Kind.SECRET: N_("secret of a link, as a digest"),
    Kind.ORGANISATION: N_("name of an organisation"),
}


@privacy.get("/register")
@requires("manager", "operator")
def register() -> str:
    """What this service holds about people, and why (GDPR, article 30)."""
    service = runtime().service
    holdings = holdings_of(service.name, service.metadata)
    return render_template(
        "privacy_register.html",
        services=_tabs("privacy.register"),
        activities=[
            (activity, [each for each in holdings if each.activity == activity])
            for activity in holdings.activities
        ],
        bases={basis: gettext(text) for basis, text in BASES.items()},
        kinds={kind: gettext(text) for kind, text in KINDS.items()},
    )


@privacy.get("/retention")
@requires("manager", "operator")
def retention_rules() -> str:
    """How long, by which rule; what the next run ends and what the last one did."""
    return render_template(
        "privacy_retention.html",
        services=_tabs("privacy.retention_rules"),
        states=retention.state_of(runtime()),
    )


def _tabs(endpoint: str) -> list[dict[str, object]]:
    """The same page of each service: each knows what it holds."""
    own = service_prefix(runtime().service.name)
    page = url_for(endpoint).removeprefix(own)
    return [
        {
            "label": gettext(label),
            "href": f"{service_prefix(name)}{page}",
            "current": name == runtime().service.name,
        }
        for name, label in SERVICES.items()
    ]
