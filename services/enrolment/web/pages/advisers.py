"""Which adviser follows which buyer, as a manager decides it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.chassis.model import DomainError
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.handlers import assignments
from services.enrolment.storage import appointments, queries
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.meetings import AssignmentSchema

pages = Blueprint("advisers", __name__, url_prefix="/programmes/<slug>/advisers")


@pages.get("")
@requires("manager")
def adviser_index(slug: str) -> str:
    check_may(slug, "manager")
    return _page(slug, blank_form(AssignmentSchema()))


@pages.post("")
@requires("manager")
def assign(slug: str) -> Response | tuple[str, int]:
    check_may(slug, "manager")
    form = load_form(AssignmentSchema())
    if form.is_valid:
        try:
            with unit_of_work() as work:
                assignments.assign_adviser(
                    slug,
                    form.data["organisation_id"],
                    form.data["adviser_id"],
                    signed_in_person().person_id,
                    work,
                )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("advisers.adviser_index", slug=slug), 303)
    return _page(slug, form), 422


def _page(slug: str, form: Form) -> str:
    with reading() as session:
        return render_template(
            "advisers.html",
            programme=queries.programme_by_slug(session, slug),
            buyers=appointments.buyers_and_advisers(session, slug),
            adviser_options=[
                (adviser.id, adviser.name) for adviser in appointments.advisers_of(session, slug)
            ],
            form=form,
        )
