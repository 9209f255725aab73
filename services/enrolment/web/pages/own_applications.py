"""What applicants do with their own application: correct it, answer an offer, withdraw it."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.access import requires
from services.chassis.web.forms import load_form
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.application import Application
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import applications, offers, siret_claims
from services.enrolment.storage.application_queries import attachments_of
from services.enrolment.web.chosen_files import keep_chosen_files
from services.enrolment.web.pages.applications import act_on
from services.enrolment.web.schemas.answers import load_answers
from services.enrolment.web.schemas.applications import MotivationSchema, OfferSchema, SiretSchema
from services.enrolment.web.visible_applications import own_application

pages = Blueprint("own_applications", __name__, url_prefix="/applications/<uuid:application_id>")


@pages.post("/submit")
@requires("buyer")
def submit_again(application_id: UUID) -> Response | tuple[str, int]:
    """Keep what was typed into an application that was handed back, and hand it in when asked to."""
    found = _own(application_id)
    with reading() as session:
        questions = session.get_one(Cohort, found.cohort_id).questions
        kept = Counter(file.question for file in attachments_of(session, application_id))
    form = load_answers(MotivationSchema, questions, kept)
    answers = form.data.get("answers", {})
    is_saving = request.form.get("then") == "save" or "remove" in request.form

    def save(work: UnitOfWork) -> None:
        applications.save_correction(application_id, form.values["motivation"], answers, work)

    def submit(work: UnitOfWork) -> None:
        applications.submit_again(application_id, form.data["motivation"], work, answers)

    if request.headers.get("X-Requested-With") == "autosave":
        with unit_of_work() as work:
            save(work)
        return "", 204
    if is_saving:
        form.errors.clear()
    keep_chosen_files(application_id, form, questions)
    if is_saving:
        return act_on(application_id, form, save, _("Saved."))
    return act_on(application_id, form, submit, _("Your application has been handed in again."))


@pages.post("/siret")
@requires("buyer")
def complete_siret(application_id: UUID) -> Response | tuple[str, int]:
    """Say the SIRET that was not known when the application was handed in."""
    _own(application_id)
    form = load_form(SiretSchema())

    def add(work: UnitOfWork) -> None:
        siret_claims.complete_siret(work.get(Application, application_id), form.data["siret"], work)

    return act_on(application_id, form, add, _("Thank you for your SIRET."))


@pages.post("/offer")
@requires("buyer")
def answer_offer(application_id: UUID) -> Response | tuple[str, int]:
    """Take the place that is offered, or leave it to the next on the waiting list."""
    _own(application_id)
    form = load_form(OfferSchema())
    by = signed_in_person().person_id
    takes_it = form.data.get("answer") == "take"

    def answer(work: UnitOfWork) -> None:
        if takes_it:
            offers.take_offer(application_id, by, work)
        else:
            offers.withdraw(application_id, work, by)

    thanks = _("The place is yours. Welcome!") if takes_it else _("Thank you for telling us.")
    return act_on(application_id, form, answer, thanks)


@pages.post("/withdraw")
@requires("buyer")
def withdraw(application_id: UUID) -> Response:
    _own(application_id)
    with unit_of_work() as work:
        offers.withdraw(application_id, work, signed_in_person().person_id)
    flash(_("Your application is withdrawn."), "info")
    return redirect("/", 303)


def _own(application_id: UUID) -> Application:
    with reading() as session:
        return own_application(session, application_id)
