"""Reviews of assessments by those who accompany the supplier, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.assessment.domain.assessment import Assessment
from services.assessment.handlers import reviewing
from services.assessment.web.schemas import AssessmentRowSchema, ReviewSchema
from services.assessment.web.visibility import TEAM, accompanied_assessment, acting_person
from services.chassis.web.access import requires
from services.chassis.web.work import reading, unit_of_work

reviews_api = Blueprint(
    "reviews_api",
    __name__,
    url_prefix="/assessments/<uuid:assessment_id>/review",
    description="The review of an assessment.",
)


@reviews_api.post("")
@requires(*TEAM)
@reviews_api.response(201, AssessmentRowSchema)
def start_review(assessment_id: UUID) -> Assessment:
    """Begin the review. 409 unless it is handed in and nobody reviews it."""
    with reading() as session:
        accompanied_assessment(session, assessment_id)
    with unit_of_work() as work:
        return reviewing.start_review(assessment_id, acting_person(), work)


@reviews_api.put("")
@requires(*TEAM)
@reviews_api.arguments(ReviewSchema)
@reviews_api.response(200, AssessmentRowSchema)
def decide(details: dict[str, Any], assessment_id: UUID) -> Assessment:
    """Keep which answers were checked, and ``validate`` it or ``request_changes``. 409 unless in review."""
    with reading() as session:
        accompanied_assessment(session, assessment_id)
    with unit_of_work() as work:
        return reviewing.review(assessment_id, reviewing.Review(**details), acting_person(), work)
