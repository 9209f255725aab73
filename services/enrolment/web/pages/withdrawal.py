"""An applicant who has given up without withdrawing the application: the programme's manager withdraws it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading
from services.enrolment.domain.application import Application
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import offers
from services.enrolment.web.pages.applications import first_waiting_name
from services.enrolment.web.schemas.applications import WithdrawalSchema
from services.enrolment.web.visible_applications import managed_application

pages = Blueprint("withdrawal", __name__, url_prefix="/applications/<uuid:application_id>/withdrawal")


@pages.get("")
@requires("manager")
def ask(application_id: UUID) -> str:
    return _page(application_id, blank_form(WithdrawalSchema()))


@pages.post("")
@requires("manager")
def withdraw(application_id: UUID) -> Response | tuple[str, int]:
    with reading() as session:
        managed_application(session, application_id)
    form = load_form(WithdrawalSchema())
    if form.is_valid:
        with unit_of_work_for(form) as work:
            by = signed_in_person().person_id
            offers.withdraw_on_behalf(application_id, by, form.data["reason"], work)
    if form.is_valid:
        flash(_("The application is withdrawn; the applicant is told by e-mail."), "success")
        return redirect(url_for("applications.application", application_id=application_id), 303)
    return _page(application_id, form), 422


def _page(application_id: UUID, form: Form) -> str:
    with reading() as session:
        found: Application = managed_application(session, application_id)
        cohort = session.get_one(Cohort, found.cohort_id)
        return render_template(
            "application_withdrawal.html",
            application=found,
            cohort=cohort,
            organisation=session.get_one(Organisation, found.organisation_id),
            first_waiting=first_waiting_name(session, cohort),
            form=form,
        )
