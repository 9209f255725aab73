"""Applications: the form of the public call, the buyer's own page, the manager's decision."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.chassis.model import DomainError, Forbidden
from services.chassis.web.access import public, requires
from services.chassis.web.forms import Form, blank_form, load_form
from services.chassis.web.i18n import current_locale
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import current_person, signed_in_person
from services.chassis.web.work import local_today, reading, unit_of_work
from services.enrolment.domain.application import Application
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import applications
from services.enrolment.handlers.organisations import add_siret
from services.enrolment.storage import queries
from services.enrolment.web.schemas.applications import (
    ApplySchema,
    DecisionSchema,
    MotivationSchema,
    SiretSchema,
)

pages = Blueprint("applications", __name__)


@pages.get("/programmes/<slug>/cohorts/<label>/apply")
@public
def apply_form(slug: str, label: str) -> str | tuple[str, int]:
    person = current_person()
    known = {"contact_name": person.name, "contact_email": person.email} if person else {}
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        today = local_today()
        if not cohort.takes_applications(today):
            return _no_call_page(session, cohort, today)
        return _apply_page(session, slug, label, blank_form(ApplySchema(), known))


@pages.post("/programmes/<slug>/cohorts/<label>/apply")
@public
def apply(slug: str, label: str) -> Response | tuple[str, int]:
    form = load_form(ApplySchema())
    if form.is_valid:
        command = applications.Apply(
            programme=slug, cohort_label=label, locale=current_locale(), today=local_today(), **form.data
        )
        try:
            with unit_of_work() as work:
                applications.apply(command, work)
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(url_for("applications.received", slug=slug, label=label), 303)
    with reading() as session:
        return _apply_page(session, slug, label, form), 422


@pages.get("/programmes/<slug>/cohorts/<label>/received")
@public
def received(slug: str, label: str) -> str:
    with reading() as session:
        programme = queries.programme_by_slug(session, slug)
        return render_template("application_received.html", programme=programme, label=label)


@pages.get("/applications/<uuid:application_id>")
@requires("manager", "adviser", "jury", "buyer")
def application(application_id: UUID) -> str:
    with reading() as session:
        found = _visible(session, application_id)
        return _application_page(session, found, blank_form(DecisionSchema()))


@pages.post("/applications/<uuid:application_id>/decision")
@requires("manager")
def decide(application_id: UUID) -> Response | tuple[str, int]:
    with reading() as session:
        found = _visible(session, application_id)
    person = signed_in_person()
    if not person.may("manager", found.programme):
        raise Forbidden("Only a manager of this programme decides on applications.")
    form = load_form(DecisionSchema())
    if form.is_valid:
        try:
            with unit_of_work() as work:
                match form.data["decision"]:
                    case "accept":
                        applications.accept(application_id, person.person_id, work)
                    case "waitlist":
                        applications.put_on_waiting_list(application_id, person.person_id, work)
                    case "decline":
                        applications.decline(application_id, person.person_id, form.data["reason"], work)
                    case "return":
                        applications.hand_back(
                            application_id, form.data["return_reason"], form.data["reason"], work
                        )
                    case "enrol":
                        applications.enrol(application_id, work)
        except DomainError as error:
            form.refuse(error)
        else:
            by_mail = form.data["decision"] != "enrol"
            flash(_("Done. The applicant is told by e-mail.") if by_mail else _("Done."), "success")
            return redirect(url_for("applications.application", application_id=application_id), 303)
    with reading() as session:
        return _application_page(session, session.get_one(Application, application_id), form), 422


@pages.post("/applications/<uuid:application_id>/submit")
@requires("buyer")
def submit_again(application_id: UUID) -> Response | tuple[str, int]:
    """Hand in a corrected application."""
    _check_own(application_id)
    form = load_form(MotivationSchema())
    if form.is_valid:
        try:
            with unit_of_work() as work:
                applications.submit_again(application_id, form.data["motivation"], work)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Your application has been handed in again."), "success")
            return redirect(url_for("applications.application", application_id=application_id), 303)
    with reading() as session:
        return _application_page(session, session.get_one(Application, application_id), form), 422


@pages.post("/applications/<uuid:application_id>/siret")
@requires("buyer")
def complete_siret(application_id: UUID) -> Response | tuple[str, int]:
    """Say the SIRET that was not known when the application was handed in."""
    organisation_id = _check_own(application_id).organisation_id
    form = load_form(SiretSchema())
    if form.is_valid:
        try:
            with unit_of_work() as work:
                add_siret(work.get(Organisation, organisation_id, lock=True), form.data["siret"], work)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Thank you, your SIRET is noted."), "success")
            return redirect(url_for("applications.application", application_id=application_id), 303)
    with reading() as session:
        return _application_page(session, session.get_one(Application, application_id), form), 422


@pages.post("/applications/<uuid:application_id>/withdraw")
@requires("buyer")
def withdraw(application_id: UUID) -> Response:
    _check_own(application_id)
    with unit_of_work() as work:
        applications.withdraw(application_id, work)
    flash(_("Your application is withdrawn."), "info")
    return redirect("/", 303)


def _visible(session: Session, application_id: UUID) -> Application:
    """The application, for the programme's team and for the applicant. Raises Forbidden for others."""
    person = signed_in_person()
    found = session.get(Application, application_id)
    team = found is not None and any(
        person.may(role, found.programme) for role in ("manager", "adviser", "jury")
    )
    own = found is not None and person.may("buyer", found.programme, found.organisation_id)
    if found is None or not (team or own):
        # The same answer for what does not exist, so that ids tell nothing.
        raise Forbidden("You cannot see this application, or it does not exist.")
    return found


def _check_own(application_id: UUID) -> Application:
    with reading() as session:
        found = _visible(session, application_id)
    if not signed_in_person().may("buyer", found.programme, found.organisation_id):
        raise Forbidden("Only the applicant may do this.")
    return found


def _no_call_page(session: Session, cohort: Cohort, today: date) -> tuple[str, int]:
    too_early = cohort.is_before_call(today)
    page = render_template(
        "no_call.html",
        programme=queries.programme_by_slug(session, cohort.programme),
        cohort=cohort,
        too_early=too_early,
    )
    return page, 404 if too_early else 410


def _apply_page(session: Session, slug: str, label: str, form: Form) -> str:
    return render_template(
        "apply.html",
        programme=queries.programme_by_slug(session, slug),
        cohort=queries.cohort_by_label(session, slug, label),
        form=form,
    )


def _application_page(session: Session, found: Application, form: Form) -> str:
    cohort = session.get_one(Cohort, found.cohort_id)
    person = signed_in_person()
    return render_template(
        "application.html",
        application=found,
        cohort=cohort,
        organisation=session.get_one(Organisation, found.organisation_id),
        contact=session.get_one(Person, found.contact_id),
        decider=session.get(Person, found.decided_by) if found.decided_by else None,
        taken=queries.places_taken(session, cohort.id),
        may_decide=person.may("manager", found.programme),
        is_own=person.may("buyer", found.programme, found.organisation_id),
        form=form,
    )
