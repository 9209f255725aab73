"""Cohorts as their manager sees them: plan, open the call, decide, start, complete."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.chassis.model import Conflict, DomainError, NotFound
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import error_message
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import local_today, reading, unit_of_work
from services.enrolment.handlers import programmes
from services.enrolment.storage import queries, views
from services.enrolment.storage.agreement_queries import without_agreement
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.cohorts import CohortSchema, OpenCallSchema, StartCohortSchema
from services.enrolment.web.visible_applications import visible_applications

pages = Blueprint("cohorts", __name__, url_prefix="/programmes/<slug>/cohorts")

_CALL_LENGTH = timedelta(weeks=6)


@pages.get("/new")
@requires("manager")
def new_cohort(slug: str) -> str:
    check_may(slug, "manager")
    next_year = str(local_today().year + 1)
    with reading() as session:
        latest = next(iter(queries.cohorts_of(session, slug)), None)
    known = {
        "label": next_year,
        "capacity": latest.capacity if latest else 10,
        "copy_from": latest.label if latest else "",
    }
    return _new_page(slug, blank_form(CohortSchema(), known))


@pages.post("/new")
@requires("manager")
def plan_cohort(slug: str) -> Response | tuple[str, int]:
    check_may(slug, "manager")
    form = load_form(CohortSchema())
    if form.is_valid:
        with unit_of_work_for(form) as work:
            cohort = programmes.plan_cohort(programmes.PlanCohort(programme=slug, **form.data), work)
    if form.is_valid:
        flash(_("The cohort %(label)s is planned.", label=cohort.label), "success")
        return redirect(url_for("cohorts.cohort", slug=slug, label=cohort.label), 303)
    return _new_page(slug, form), 422


@pages.get("/<label>")
@requires("manager", "adviser", "jury")
def cohort(slug: str, label: str) -> str:
    today = local_today()
    with reading() as session:
        found = queries.cohort_by_label(session, slug, label)
        planned = found.calendar
    opens = planned.call_opens_on or today
    dates = {"call_opens_on": opens, "call_closes_on": planned.call_closes_on or opens + _CALL_LENGTH}
    return _cohort_page(slug, label, blank_form(OpenCallSchema(), dates))


@pages.post("/<label>/open")
@requires("manager")
def open_call(slug: str, label: str) -> Response | tuple[str, int]:
    check_may(slug, "manager")
    form = load_form(OpenCallSchema())
    if form.is_valid:
        with unit_of_work_for(form) as work:
            found = queries.cohort_by_label(work.session, slug, label)
            programmes.open_call(
                programmes.OpenCall(
                    cohort_id=found.id,
                    opens_on=form.data["call_opens_on"],
                    closes_on=form.data["call_closes_on"],
                    today=local_today(),
                ),
                work,
            )
    if form.is_valid:
        flash(_("The call for applications is open."), "success")
        return redirect(url_for("cohorts.cohort", slug=slug, label=label), 303)
    return _cohort_page(slug, label, form), 422


@pages.get("/<label>/start")
@requires("manager")
def confirm_start(slug: str, label: str) -> str:
    """What becomes of the applications that are not accepted when the accompaniment begins."""
    check_may(slug, "manager")
    return _start_page(slug, label, blank_form(StartCohortSchema()))


@pages.post("/<label>/start")
@requires("manager")
def start_cohort(slug: str, label: str) -> Response | tuple[str, int]:
    check_may(slug, "manager")
    form = load_form(StartCohortSchema())
    if form.is_valid:
        with unit_of_work_for(form) as work:
            cohort_id = queries.cohort_by_label(work.session, slug, label).id
            by = signed_in_person().person_id
            programmes.start_cohort(cohort_id, work, by, form.data["reason"])
    if form.is_valid:
        flash(_("The accompaniment has begun."), "success")
        return redirect(url_for("cohorts.cohort", slug=slug, label=label), 303)
    return _start_page(slug, label, form), 422


@pages.post("/<label>/<any(review, complete):step>")
@requires("manager")
def advance(slug: str, label: str, step: str) -> Response:
    """Bring the cohort to its next state."""
    check_may(slug, "manager")
    advance = programmes.STEPS[step]
    try:
        with unit_of_work() as work:
            advance(queries.cohort_by_label(work.session, slug, label).id, work)
    except (Conflict, NotFound):
        raise
    except DomainError as error:
        flash(error_message(error), "danger")
    return redirect(url_for("cohorts.cohort", slug=slug, label=label), 303)


def _new_page(slug: str, form: Form) -> str:
    with reading() as session:
        return render_template(
            "cohort_new.html",
            programme=queries.programme_by_slug(session, slug),
            cohorts=[(cohort.label, cohort.label) for cohort in queries.cohorts_of(session, slug)],
            form=form,
        )


def _start_page(slug: str, label: str, form: Form) -> str:
    with reading() as session:
        found = queries.cohort_by_label(session, slug, label)
        applications = queries.applications_of(session, found.id)
        return render_template(
            "cohort_start.html",
            programme=queries.programme_by_slug(session, slug),
            cohort=found,
            unsettled=[row for row in applications if row[0].is_unsettled],
            waiting=[row for row in applications if row[0].waiting_rank is not None],
            free=found.capacity - queries.places_taken(session, found.id),
            form=form,
        )


def _cohort_page(slug: str, label: str, form: Form) -> str:
    with reading() as session:
        programme = queries.programme_by_slug(session, slug)
        found = queries.cohort_by_label(session, slug, label)
        applications = visible_applications(session, found)
        return render_template(
            "cohort.html",
            programme=programme,
            cohort=found,
            applications=applications,
            taken=queries.places_taken(session, found.id),
            undecided=sum(application.is_undecided for application, _organisation in applications),
            pending=[row for row in applications if row[0].is_pending],
            steps=views.cohort_steps(found),
            without_agreement=without_agreement(session, found.id),
            form=form,
        )
