"""Assessments and their results, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint

from services.assessment.domain.actions import best_actions
from services.assessment.domain.assessment import Assessment
from services.assessment.domain.scoring import Line, ThemeScore
from services.assessment.referentials import referential_of
from services.assessment.storage import review_list
from services.assessment.storage.review_list import SORTABLE, AssessmentFilter
from services.assessment.web.presentation import answer_lines
from services.assessment.web.schemas import AssessmentRowSchema, ResultSchema
from services.assessment.web.visibility import TEAM, accompanied_by, visible_assessment
from services.chassis.model import Conflict
from services.chassis.web.access import requires
from services.chassis.web.i18n import current_locale
from services.chassis.web.lists import lists, page_of
from services.chassis.web.paging import list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading

assessments_api = Blueprint(
    "assessments_api", __name__, url_prefix="/assessments", description="Assessments and their results."
)


@assessments_api.get("")
@requires("manager", "adviser", "supplier")
@lists(SORTABLE, "state")
@assessments_api.response(200, page_of(AssessmentRowSchema))
def list_assessments() -> dict[str, Any]:
    """The assessments that the caller may see."""
    person = signed_in_person()
    state = request.args.get("state") or None
    chosen = AssessmentFilter(organisation_ids=person.organisations("supplier"), state=state)
    with reading() as session:
        if person.has_any_role(TEAM):
            chosen = accompanied_by(person, session, state)
        rows, total = review_list.page(session, chosen, list_query(SORTABLE, default="name"))
    return {"total": total, "items": rows}


@assessments_api.get("/<uuid:assessment_id>")
@requires("manager", "adviser", "supplier")
@assessments_api.response(200, AssessmentRowSchema)
def get_assessment(assessment_id: UUID) -> Assessment:
    """One assessment."""
    with reading() as session:
        return visible_assessment(session, assessment_id)


@assessments_api.get("/<uuid:assessment_id>/result")
@requires("manager", "adviser", "supplier")
@assessments_api.response(200, ResultSchema)
@assessments_api.alt_response(409, "CONFLICT")
def get_result(assessment_id: UUID) -> dict[str, Any]:
    """The score with the answer behind every point, and the five actions that gain most for least effort."""
    with reading() as session:
        assessment = visible_assessment(session, assessment_id)
        if not assessment.is_handed_in:
            raise Conflict("This assessment is being filled in: there is a result once it is submitted.")
        result = assessment.result(referential_of(assessment))
        return {
            "score": result.score,
            "level": result.level,
            "trust": result.trust,
            "themes": [_theme(each) for each in result.themes],
            "actions": [
                {
                    "key": each.advice.key,
                    "title": each.advice.title.to(current_locale()),
                    "effort": each.advice.effort,
                    "gain": round(each.gain, 1),
                    "question": each.question.key,
                }
                for each in best_actions(result)
            ],
        }


def _theme(theme: ThemeScore) -> dict[str, Any]:
    return {
        "key": theme.theme.key,
        "label": theme.theme.label.to(current_locale()),
        "score": theme.score,
        "answered": theme.answered,
        "applicable": theme.applicable,
        "lines": [_line(line) for line in theme.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "question": line.question.key,
        "wording": line.question.wording.to(current_locale()),
        "standing": line.standing,
        "answer": answer_lines(line.question, line.answer),
        "points": round(line.points, 2),
        "available": round(line.available, 2),
        "trust": line.answer.trust if line.answered and line.answer else None,
    }
