"""The questionnaire: one theme to a page, then a summary from which it is submitted, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from services.assessment.domain.answers import Given
from services.assessment.domain.assessment import Assessment
from services.assessment.domain.referential import Referential, Theme
from services.assessment.handlers import answering
from services.assessment.referentials import referential_of
from services.assessment.web.presentation import NOT_APPLICABLE, answer_lines, asked_in, shown_lines
from services.assessment.web.visibility import acting_person, own_assessment
from services.chassis.model import DomainError
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.access import requires
from services.chassis.web.forms import Errors, load_form
from services.chassis.web.i18n import error_message
from services.chassis.web.i18n import gettext as _
from services.chassis.web.work import reading, unit_of_work

pages = Blueprint("questionnaire", __name__, url_prefix="/<uuid:assessment_id>")


@pages.get("/questions/<int:number>")
@requires("supplier")
def questions(assessment_id: UUID, number: int) -> str | Response:
    with reading() as session:
        assessment = own_assessment(session, assessment_id)
        if assessment.is_handed_in:
            return redirect(url_for("result.result", assessment_id=assessment_id), 303)
        return _page(assessment, number)


@pages.post("/questions/<int:number>")
@requires("supplier")
def save(assessment_id: UUID, number: int) -> str | Response | tuple[str, int]:
    """Keep what was answered. What cannot be read comes back with the reason; the rest is kept."""
    with reading() as session:
        theme = _theme(referential_of(own_assessment(session, assessment_id)), number)
    given = _given(theme)
    with unit_of_work() as work:
        problems = answering.save_answers(assessment_id, given, work)
        problems |= _keep_proofs(assessment_id, given, work)
    errors: Errors = {field: [error_message(error)] for field, error in problems.items()}
    with reading() as session:
        assessment = own_assessment(session, assessment_id)
        if errors:
            return _page(assessment, number, given, errors), 422
        if request.headers.get("X-Requested-With") == "autosave":
            return _page(assessment, number)
        opened = [
            asked.question.key
            for asked in asked_in(theme, assessment, referential_of(assessment))
            if asked.question.key not in given
        ]
    return _onwards(assessment_id, number, opened)


@pages.get("/summary")
@requires("supplier")
def summary(assessment_id: UUID) -> str | Response:
    with reading() as session:
        assessment = own_assessment(session, assessment_id)
        if assessment.is_handed_in:
            return redirect(url_for("result.result", assessment_id=assessment_id), 303)
        return _summary_page(session, assessment, {})


@pages.post("/submit")
@requires("supplier")
def submit(assessment_id: UUID) -> Response | tuple[str, int]:
    with reading() as session:
        own_assessment(session, assessment_id)
    try:
        with unit_of_work() as work:
            accepted = request.form.get("accept_unanswered") == "1"
            answering.submit(assessment_id, acting_person(), work, accept_unanswered=accepted)
    except DomainError as error:
        if error.field is None:
            raise
        with reading() as session:
            errors = {error.field: [error_message(error)]}
            return _summary_page(session, own_assessment(session, assessment_id), errors), 422
    flash(_("Thank you! Your assessment is submitted. You can take it back for 24 hours."), "success")
    return redirect(url_for("result.result", assessment_id=assessment_id), 303)


@pages.post("/undo")
@requires("supplier")
def undo(assessment_id: UUID) -> Response:
    with reading() as session:
        own_assessment(session, assessment_id)
    with unit_of_work() as work:
        answering.undo_submission(assessment_id, acting_person(), work)
    flash(_("Your submission is taken back: you can change your answers."), "info")
    return redirect(url_for("questionnaire.summary", assessment_id=assessment_id), 303)


def _theme(referential: Referential, number: int) -> Theme:
    if not 1 <= number <= len(referential.themes):
        raise NotFound
    return referential.themes[number - 1]


def _given(theme: Theme) -> dict[str, Given]:
    """What the form says about the questions that it asked, also about those without a tick."""
    names = {question.key: fields.List(fields.String()) for question in theme.questions}
    reasons = {f"{question.key}--reason": fields.String() for question in theme.questions}
    schema = Schema.from_dict({"asked": fields.List(fields.String()), **names, **reasons})
    typed = load_form(schema()).values
    return {
        question.key: Given(
            values=tuple(value for value in typed[question.key] if value != NOT_APPLICABLE),
            not_applicable=NOT_APPLICABLE in typed[question.key],
            reason=typed[f"{question.key}--reason"],
        )
        for question in theme.questions
        if question.key in typed["asked"]
    }


def _keep_proofs(assessment_id: UUID, given: Mapping[str, Given], work: UnitOfWork) -> dict[str, DomainError]:
    problems: dict[str, DomainError] = {}
    for key in given:
        for upload in request.files.getlist(f"{key}--proof"):
            if not upload.filename:
                continue
            try:
                answering.add_proof(assessment_id, key, upload.filename, upload.read(), work)
            except DomainError as error:
                problems[f"{key}--proof"] = error
    if unwanted := request.form.get("remove_proof", type=UUID):
        answering.remove_proof(assessment_id, unwanted, work)
    return problems


def _onwards(assessment_id: UUID, number: int, opened: list[str]) -> Response:
    """Where the pressed button leads; a page whose answers open further questions comes first."""
    here = url_for("questionnaire.questions", assessment_id=assessment_id, number=number)
    if "remove_proof" in request.form or request.form.get("go") == "stay":
        return redirect(here, 303)
    if opened and request.form.get("go") == "next":
        flash(_("Your answer opens further questions on this page."), "info")
        return redirect(f"{here}#question-{opened[0]}", 303)
    match request.form.get("go"):
        case "leave":
            flash(_("Your answers are saved. Come back whenever you like."), "success")
            return redirect(url_for("home.home"), 303)
        case "previous":
            return redirect(_page_address(assessment_id, number - 1), 303)
        case _:
            return redirect(_page_address(assessment_id, number + 1), 303)


def _page_address(assessment_id: UUID, number: int) -> str:
    """The page of a theme; past the last one stands the summary, before the first one the home."""
    if number < 1:
        return url_for("home.home")
    with reading() as session:
        themes = referential_of(own_assessment(session, assessment_id)).themes
    if number > len(themes):
        return url_for("questionnaire.summary", assessment_id=assessment_id)
    return url_for("questionnaire.questions", assessment_id=assessment_id, number=number)


def _page(
    assessment: Assessment,
    number: int,
    typed: Mapping[str, Given] | None = None,
    errors: Errors | None = None,
) -> str:
    referential = referential_of(assessment)
    theme = _theme(referential, number)
    return render_template(
        "questions.html",
        assessment=assessment,
        referential=referential,
        page_theme=theme,
        number=number,
        asked=asked_in(theme, assessment, referential, typed),
        gates={question.only_if.question for question in theme.questions if question.only_if},
        result=assessment.result(referential),
        errors=errors or {},
    )


def _summary_page(session: Session, assessment: Assessment, errors: Errors) -> str:
    result = assessment.result(referential_of(assessment))
    themes = [replace(theme, lines=tuple(shown_lines(theme.lines))) for theme in result.themes]
    return render_template(
        "summary.html",
        assessment=assessment,
        themes=themes,
        result=result,
        answer_lines=answer_lines,
        errors=errors,
    )
