"""Reviews: the list of assessments for the team of the programme, and the page on which one is reviewed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.assessment.domain.actions import best_actions
from services.assessment.domain.assessment import Assessment
from services.assessment.handlers import reviewing
from services.assessment.referentials import referential_of
from services.assessment.storage import review_list
from services.assessment.storage.review_list import SORTABLE
from services.assessment.web.presentation import answer_lines, shown_lines, theme_axes
from services.assessment.web.schemas import ReviewSchema
from services.assessment.web.visibility import accompanied_assessment, accompanied_by, acting_person
from services.chassis.model import DomainError
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form
from services.chassis.web.i18n import gettext as _
from services.chassis.web.paging import Page, list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work

pages = Blueprint("reviews", __name__, url_prefix="/reviews")


@pages.get("")
@requires("manager", "adviser")
def review_index() -> str:
    query = list_query(SORTABLE, default="-submitted")
    with reading() as session:
        chosen = accompanied_by(signed_in_person(), session, request.args.get("state") or None)
        rows, total = review_list.page(session, chosen, query)
        return render_template(
            "reviews.html",
            page=Page(rows, total, query),
            state=chosen.state,
            search=query.search,
            counts=review_list.count_by_state(session, chosen),
        )


@pages.get("/<uuid:assessment_id>")
@requires("manager", "adviser")
def review(assessment_id: UUID) -> str:
    with reading() as session:
        assessment = accompanied_assessment(session, assessment_id)
        verified = [key for key, answer in assessment.answers.items() if answer.verified_at]
        return _page(assessment, blank_form(ReviewSchema(), {"verified": verified}))


@pages.post("/<uuid:assessment_id>/start")
@requires("manager", "adviser")
def start(assessment_id: UUID) -> Response:
    with reading() as session:
        accompanied_assessment(session, assessment_id)
    with unit_of_work() as work:
        reviewing.start_review(assessment_id, acting_person(), work)
    return redirect(url_for("reviews.review", assessment_id=assessment_id), 303)


@pages.post("/<uuid:assessment_id>")
@requires("manager", "adviser")
def decide(assessment_id: UUID) -> Response | tuple[str, int]:
    """Keep the checks, and validate or ask for changes when that is what was pressed."""
    with reading() as session:
        accompanied_assessment(session, assessment_id)
    form = load_form(ReviewSchema())
    if form.is_valid:
        try:
            _decide(assessment_id, form)
        except DomainError as error:
            if error.field is None:
                raise
            form.refuse(error)
        else:
            return redirect(url_for("reviews.review", assessment_id=assessment_id), 303)
    with reading() as session:
        return _page(accompanied_assessment(session, assessment_id), form), 422


def _decide(assessment_id: UUID, form: Form) -> None:
    with unit_of_work() as work:
        reviewing.review(assessment_id, reviewing.Review(**form.data), acting_person(), work)
    match form.data["decision"]:
        case "validate":
            message = _("The assessment is validated. The supplier is told by e-mail.")
        case "request_changes":
            message = _("The assessment is sent back. The supplier is told by e-mail.")
        case _:
            message = _("Your checks are saved.")
    flash(message, "success")


def _page(assessment: Assessment, form: Form) -> str:
    referential = referential_of(assessment)
    result = assessment.result(referential)
    return render_template(
        "review.html",
        assessment=assessment,
        result=result,
        axes=theme_axes(result),
        actions=best_actions(result),
        answer_lines=answer_lines,
        shown_lines=shown_lines,
        form=form,
    )
