"""Which adviser follows which buyer, as a manager decides it: all buyers in one form."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading
from services.enrolment.handlers import assignments
from services.enrolment.storage import appointments, queries
from services.enrolment.storage.appointments import FollowedBuyer
from services.enrolment.web.identities import check_may

pages = Blueprint("advisers", __name__, url_prefix="/programmes/<slug>/advisers")


@pages.get("")
@requires("manager")
def adviser_index(slug: str) -> str:
    check_may(slug, "manager")
    buyers = _buyers(slug)
    known = {
        f"{name}.{row.organisation.id}": row.adviser.id if row.adviser else None
        for row in buyers
        for name in ("adviser", "before")
    }
    return _page(slug, buyers, blank_form(_schema(buyers), known))


@pages.post("")
@requires("manager")
def assign(slug: str) -> Response | tuple[str, int]:
    """Give each buyer the adviser that was chosen.

    What was not touched is left alone: another manager may have changed it since the page was loaded.
    """
    check_may(slug, "manager")
    buyers = _buyers(slug)
    form = load_form(_schema(buyers))
    if form.is_valid:
        # Names with a full stop are loaded as two steps.
        before, now = form.data.get("before", {}), form.data.get("adviser", {})
        chosen = {UUID(key): adviser for key, adviser in now.items() if adviser != before[key]}
        with unit_of_work_for(form) as work:
            assignments.assign_advisers(slug, chosen, signed_in_person().person_id, work)
    if form.is_valid:
        flash(_("Saved."), "success")
        return redirect(url_for("advisers.adviser_index", slug=slug), 303)
    return _page(slug, buyers, form), 422


def _buyers(slug: str) -> list[FollowedBuyer]:
    with reading() as session:
        queries.programme_by_slug(session, slug)
        return appointments.buyers_and_advisers(session, slug)


def _schema(buyers: Sequence[FollowedBuyer]) -> Schema:
    """For each buyer who follows it from now on, and who did when the page was loaded."""
    names = [f"{name}.{row.organisation.id}" for row in buyers for name in ("adviser", "before")]
    return Schema.from_dict({name: fields.UUID(load_default=None) for name in names})()


def _page(slug: str, buyers: Sequence[FollowedBuyer], form: Form) -> str:
    with reading() as session:
        return render_template(
            "advisers.html",
            programme=queries.programme_by_slug(session, slug),
            buyers=buyers,
            adviser_options=[
                (adviser.id, adviser.name) for adviser in appointments.advisers_of(session, slug)
            ],
            form=form,
        )
