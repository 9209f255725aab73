"""Drafts of applications: written on by whoever has the personal link, saved while they write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.chassis.model import NotFound
from services.chassis.web.access import public
from services.chassis.web.forms import Form, unit_of_work_for
from services.chassis.web.i18n import current_locale
from services.chassis.web.i18n import gettext as _
from services.chassis.web.work import local_today, reading, runtime, unit_of_work
from services.enrolment.domain.draft import ApplicationDraft
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import applications, drafts
from services.enrolment.personal_links import draft_id_of
from services.enrolment.storage import queries
from services.enrolment.storage.application_queries import attachment_content, attachments_of
from services.enrolment.web.applicants import applicant_id
from services.enrolment.web.chosen_files import keep_chosen_files
from services.enrolment.web.company_look_up import asks_to_look_up, fill_in, has_register
from services.enrolment.web.downloads import attachment_response
from services.enrolment.web.schemas.answers import load_answers, with_questions
from services.enrolment.web.schemas.applications import ApplySchema

pages = Blueprint("drafts", __name__, url_prefix="/drafts")


@pages.get("/<token>")
@public
def draft(token: str) -> Response | tuple[str, int]:
    """The draft, to be written on; when the call is closed, to be read."""
    with reading() as session:
        found, cohort = _draft(session, token)
        if not found.is_open:
            return _received(cohort)
        page = _page(session, token, found, cohort, Form(_typed_or_blank(found, cohort)))
        return page, 200 if cohort.takes_applications(local_today()) else 410


@pages.post("/<token>")
@public
def save(token: str) -> str | Response | tuple[str, int]:
    """Keep what was typed, and hand it in when that is what was asked for."""
    draft_id = draft_id_of(runtime().settings, token)
    with reading() as session:
        found, cohort = _draft(session, token)
        if not found.is_open:
            return _received(cohort)
        kept = Counter(file.question for file in attachments_of(session, draft_id))
    form = load_answers(ApplySchema, cohort.questions, kept)
    asks = asks_to_look_up()
    note = fill_in(form) if asks else ""
    with unit_of_work() as work:
        drafts.save_draft(draft_id, as_typed(form), work)
    if request.headers.get("X-Requested-With") == "autosave":
        return "", 204
    wants_to_submit = request.form.get("then") == "submit"
    if not wants_to_submit and not asks:
        form.errors.clear()
    keep_chosen_files(draft_id, form, cohort.questions)
    if wants_to_submit and form.is_valid and _submit(draft_id, cohort, form):
        return _received(cohort)
    if not wants_to_submit and not asks and form.is_valid:
        flash(_("Saved."), "success")
        return redirect(url_for("drafts.draft", token=token), 303)
    with reading() as session:
        found, cohort = _draft(session, token)
        return _page(session, token, found, cohort, form, note), 200 if asks else 422


@pages.get("/<token>/files/<uuid:attachment_id>")
@public
def download(token: str, attachment_id: UUID) -> Response:
    with reading() as session:
        found, _cohort = _draft(session, token)
        return attachment_response(*attachment_content(session, found.id, attachment_id))


def as_typed(form: Form) -> dict[str, str]:
    """The form's texts, for keeping."""
    return {name: value for name, value in form.values.items() if value}


def no_call_page(session: Session, cohort: Cohort, today: date) -> tuple[str, int]:
    """What is said instead of the form while the call is not open."""
    too_early = cohort.is_before_call(today)
    page = render_template(
        "no_call.html",
        programme=queries.programme_by_slug(session, cohort.programme),
        cohort=cohort,
        too_early=too_early,
    )
    return page, 404 if too_early else 410


def _draft(session: Session, token: str) -> tuple[ApplicationDraft, Cohort]:
    """Raises NotFound."""
    found = session.get(ApplicationDraft, draft_id_of(runtime().settings, token))
    if found is None:
        raise NotFound("This link is not valid. Check that the whole link was copied.")
    return found, session.get_one(Cohort, found.cohort_id)


def _submit(draft_id: UUID, cohort: Cohort, form: Form) -> bool:
    """Hand the draft in; false, with the reason in the form, when it cannot be."""
    command = applications.Apply(
        programme=cohort.programme,
        cohort_label=cohort.label,
        locale=current_locale(),
        today=local_today(),
        applicant_id=applicant_id(),
        **form.data,
    )
    with unit_of_work_for(form) as work:
        drafts.submit_draft(draft_id, command, work)
    return form.is_valid


def _received(cohort: Cohort) -> Response:
    return redirect(url_for("applications.received", slug=cohort.programme, label=cohort.label), 303)


def _typed_or_blank(found: ApplicationDraft, cohort: Cohort) -> dict[str, str]:
    typed: Mapping[str, str] = found.typed
    names = with_questions(ApplySchema, cohort.questions).load_fields
    return {name: typed.get(name, "") for name in names}


def _page(
    session: Session, token: str, found: ApplicationDraft, cohort: Cohort, form: Form, note: str = ""
) -> str:
    return render_template(
        "draft.html",
        programme=queries.programme_by_slug(session, cohort.programme),
        cohort=cohort,
        draft=found,
        token=token,
        is_closed=not cohort.takes_applications(local_today()),
        kept=attachments_of(session, found.id),
        file_address=lambda file_id: url_for("drafts.download", token=token, attachment_id=file_id),
        form=form,
        note=note,
        register=has_register(),
    )
