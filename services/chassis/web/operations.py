"""The operator's page of each service: who is at work, what waits, and what could not be done."""

from __future__ import annotations

import platform
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.chassis import failures, inbox
from services.chassis.condition import condition_of
from services.chassis.model import DomainError
from services.chassis.release import RELEASE
from services.chassis.web.access import requires
from services.chassis.web.forms import as_form_errors
from services.chassis.web.host import current_host
from services.chassis.web.i18n import gettext
from services.chassis.web.menu import SERVICES
from services.chassis.web.prefixes import service_prefix
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work

operations = Blueprint("operations", __name__, url_prefix="/operations")


@operations.get("")
@requires("operator")
def overview() -> str:
    """How this service stands now."""
    host = current_host()
    now = runtime().clock()
    with reading() as session:
        own = host.own_operations
        return render_template(
            "operations.html",
            service=gettext(SERVICES.get(host.service.name, host.service.name)),
            services=[
                {
                    "label": gettext(label),
                    "href": f"{service_prefix(name)}/operations",
                    "current": name == host.service.name,
                }
                for name, label in SERVICES.items()
            ],
            name=host.service.name,
            condition=condition_of(session, now),
            release=RELEASE,
            python=platform.python_version(),
            own_template=own.template if own else None,
            own=own.figures(session, now) if own else None,
        )


@operations.get("/failed/<uuid:failed_id>")
@requires("operator")
def failed_event(failed_id: UUID) -> str:
    return _failed_page(failed_id, {}, {})


@operations.post("/failed/<uuid:failed_id>")
@requires("operator")
def decide(failed_id: UUID) -> Response | tuple[str, int]:
    """Try the event again, as it is or mended, or give it up with a reason."""
    values = {name: request.form.get(name, "") for name in ("body", "reason")}
    try:
        match request.form.get("decision"):
            case "retry":
                with unit_of_work() as work:
                    failures.retry_now(work.session, failed_id, work.now)
            case "mend":
                with unit_of_work() as work:
                    failures.retry_now(work.session, failed_id, work.now, values["body"].encode())
            case "discard":
                with unit_of_work() as work:
                    inbox.discard(work, failed_id, values["reason"], by=signed_in_person().name)
            case _:
                raise DomainError("Choose what to do with this event.")
    except DomainError as error:
        return _failed_page(failed_id, values, as_form_errors(error)), 422
    flash(gettext("Done."), "success")
    return redirect(url_for("operations.overview"), 303)


def _failed_page(failed_id: UUID, values: dict[str, str], errors: dict[str, list[str]]) -> str:
    with reading() as session:
        found = failures.find(session, failed_id)
    return render_template(
        "failed_event.html",
        failed=found,
        body=values.get("body") or found.body.decode("utf-8", "backslashreplace"),
        reason=values.get("reason", ""),
        errors=errors,
    )
