"""Applications: the form of the public call, the buyer's own page, the manager's decision."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.chassis.model import DomainError, Forbidden
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.access import public, requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import current_locale
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import current_person, signed_in_person
from services.chassis.web.work import local_today, reading, runtime, unit_of_work
from services.enrolment.domain.application import Application
from services.enrolment.domain.call import shares
from services.enrolment.domain.decision import Verdict
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import agreements, applications, decisions, drafts
from services.enrolment.personal_links import draft_address, draft_token
from services.enrolment.storage import queries
from services.enrolment.storage.application_queries import (
    attachment_content,
    attachments_of,
    decision_log,
    draft_of,
    first_waiting,
)
from services.enrolment.storage.jury_queries import reviews_visible_to
from services.enrolment.storage.self_registrations import open_claim
from services.enrolment.web.applicants import applicant_id, applying_for, known_of_applicant
from services.enrolment.web.chosen_files import ask_for_files_again, check_chosen_files
from services.enrolment.web.company_look_up import asks_to_look_up, fill_in, has_register
from services.enrolment.web.downloads import attachment_response
from services.enrolment.web.pages.drafts import as_typed, no_call_page
from services.enrolment.web.schemas.answers import load_answers, uploaded_files, with_questions
from services.enrolment.web.schemas.applications import ApplySchema, DecisionSchema
from services.enrolment.web.visible_applications import visible_application

pages = Blueprint("applications", __name__)


@pages.get("/programmes/<slug>/cohorts/<label>/apply")
@public
def apply_form(slug: str, label: str) -> str | Response | tuple[str, int]:
    person = current_person()
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        draft = draft_of(session, cohort.id, person.email) if person else None
        if draft is not None and draft.is_open:
            return _to_draft(draft.id)
        today = local_today()
        if not cohort.takes_applications(today):
            return no_call_page(session, cohort, today)
        return _apply_page(
            session,
            cohort,
            blank_form(with_questions(ApplySchema, cohort.questions), known_of_applicant(session)),
        )


@pages.post("/programmes/<slug>/cohorts/<label>/apply")
@public
def apply(slug: str, label: str) -> Response | str | tuple[str, int]:
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
    form = load_answers(ApplySchema, cohort.questions)
    check_chosen_files(form, cohort.questions)
    if asks_to_look_up():
        note = fill_in(form)
        with reading() as session:
            return _apply_page(session, cohort, form, note)
    if request.form.get("then") == "later":
        return _keep_for_later(cohort, form)
    if form.is_valid:
        command = applications.Apply(
            programme=slug,
            cohort_label=label,
            locale=current_locale(),
            today=local_today(),
            files=uploaded_files(cohort.questions),
            applicant_id=applicant_id(),
            **form.data,
        )
        with unit_of_work_for(form) as work:
            applications.apply(command, work)
    if form.is_valid:
        return redirect(url_for("applications.received", slug=slug, label=label), 303)
    with reading() as session:
        return _apply_page(session, cohort, form), 422


@pages.get("/programmes/<slug>/cohorts/<label>/received")
@public
def received(slug: str, label: str) -> str:
    with reading() as session:
        programme = queries.programme_by_slug(session, slug)
        return render_template("application_received.html", programme=programme, label=label)


@pages.get("/programmes/<slug>/draft-kept")
@public
def draft_kept(slug: str) -> str:
    with reading() as session:
        return render_template("draft_sent.html", programme=queries.programme_by_slug(session, slug))


@pages.get("/applications/<uuid:application_id>")
@requires("manager", "adviser", "jury", "buyer")
def application(application_id: UUID) -> str:
    with reading() as session:
        found = visible_application(session, application_id)
        return application_page(session, found, blank_form(DecisionSchema()))


@pages.get("/applications/<uuid:application_id>/files/<uuid:attachment_id>")
@requires("manager", "adviser", "jury", "buyer")
def download(application_id: UUID, attachment_id: UUID) -> Response:
    with reading() as session:
        visible_application(session, application_id)
        return attachment_response(*attachment_content(session, application_id, attachment_id))


@pages.post("/applications/<uuid:application_id>/decision")
@requires("manager")
def decide(application_id: UUID) -> Response | tuple[str, int]:
    with reading() as session:
        found = visible_application(session, application_id)
    person = signed_in_person()
    if not person.may("manager", found.programme):
        raise Forbidden("Only a manager of this programme decides on applications.")
    form = load_form(DecisionSchema())
    by = person.person_id

    def take(work: UnitOfWork) -> None:
        match form.data["decision"]:
            case "accept":
                decisions.accept(application_id, by, work)
            case "waitlist":
                decisions.put_on_waiting_list(application_id, by, work)
            case "decline":
                decisions.decline(application_id, by, form.data["reason"], work)
            case "return":
                decisions.hand_back(application_id, form.data["return_reason"], form.data["reason"], work, by)
            case "enrol":
                agreements.note_signed_elsewhere(application_id, by, work)

    by_mail = form.data.get("decision") != "enrol"
    thanks = _("Done. The applicant is told by e-mail.") if by_mail else _("Done.")
    return act_on(application_id, form, take, thanks)


def act_on(
    application_id: UUID, form: Form, use: Callable[[UnitOfWork], object], thanks: str
) -> Response | tuple[str, int]:
    """Do it, if the form is right, and show the application again: with thanks, or with what is wrong."""
    if form.is_valid:
        with unit_of_work_for(form) as work:
            use(work)
    if form.is_valid:
        flash(thanks, "success")
        return redirect(url_for("applications.application", application_id=application_id), 303)
    with reading() as session:
        return application_page(session, session.get_one(Application, application_id), form), 422


def _keep_for_later(cohort: Cohort, form: Form) -> Response | tuple[str, int]:
    """Begin a draft. Who has signed in goes on at once; others by the link that comes by mail."""
    email = form.data.get("contact_email")
    matters = {"contact_email", *(f"answers.{file.question}" for file in uploaded_files(cohort.questions))}
    form.errors = {name: errors for name, errors in form.errors.items() if name in matters}
    if email is None or not form.is_valid:
        with reading() as session:
            return _apply_page(session, cohort, form), 422
    settings = runtime().settings
    command = drafts.BeginDraft(
        programme=cohort.programme,
        cohort_label=cohort.label,
        email=email,
        typed=as_typed(form),
        files=uploaded_files(cohort.questions),
        locale=current_locale(),
    )
    try:
        with unit_of_work() as work:
            draft_id = drafts.begin_draft(command, partial(draft_address, settings), work).id
    except DomainError as error:
        form.refuse(error)
        with reading() as session:
            return _apply_page(session, cohort, form), 422
    person = current_person()
    if person is not None and person.email == email:
        return _to_draft(draft_id)
    return redirect(url_for("applications.draft_kept", slug=cohort.programme), 303)


def _to_draft(draft_id: UUID) -> Response:
    return redirect(url_for("drafts.draft", token=draft_token(runtime().settings, draft_id)), 303)


def _apply_page(session: Session, cohort: Cohort, form: Form, note: str = "") -> str:
    ask_for_files_again(form, cohort.questions)
    programme = queries.programme_by_slug(session, cohort.programme)
    return render_template(
        "apply.html",
        programme=programme,
        cohort=cohort,
        shares=shares(cohort.criteria),
        is_closed=not cohort.takes_applications(local_today()),
        applying_for=applying_for(session),
        form=form,
        note=note,
        register=has_register(),
    )


def application_page(session: Session, found: Application, form: Form) -> str:
    cohort = session.get_one(Cohort, found.cohort_id)
    person = signed_in_person()
    is_own = person.may("buyer", found.programme, found.organisation_id)
    log = decision_log(session, application_id=found.id)
    for key, answer in found.answers.items():
        form.values.setdefault(f"answers.{key}", answer)
    return render_template(
        "application.html",
        application=found,
        cohort=cohort,
        organisation=session.get_one(Organisation, found.organisation_id),
        contact=session.get_one(Person, found.contact_id),
        decider=session.get(Person, found.decided_by) if found.decided_by else None,
        taken=queries.places_taken(session, cohort.id),
        may_decide=person.may("manager", found.programme),
        is_own=is_own,
        kept=attachments_of(session, found.id),
        file_address=lambda file_id: url_for(
            "applications.download", application_id=found.id, attachment_id=file_id
        ),
        reviews=[] if is_own else reviews_visible_to(session, found.id, person.person_id),
        log=[] if is_own else log,
        claimed=claimed_organisation(session, found.id),
        first_waiting=first_waiting_name(session, cohort),
        can_come_back=found.can_come_back(runtime().clock()),
        today=local_today(),
        has_lapsed=any(line.decision.verdict is Verdict.LAPSE for line in log),
        form=form,
    )


def claimed_organisation(session: Session, application_id: UUID) -> Organisation | None:
    """The organisation whose SIRET the application names, until the team has said whether it is that one."""
    request = open_claim(session, application_id)
    return session.get(Organisation, request.organisation_id) if request else None


def first_waiting_name(session: Session, cohort: Cohort) -> str | None:
    """Who gets the next place that becomes free, by name."""
    waiting = first_waiting(session, cohort.id)
    return session.get_one(Organisation, waiting.organisation_id).name if waiting else None
