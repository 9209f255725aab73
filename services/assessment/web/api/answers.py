"""A supplier's answers, for programs: given, handed in, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.assessment.domain.answers import LONGEST_REASON, LONGEST_TEXT, Given
from services.assessment.domain.assessment import Assessment
from services.assessment.domain.referential import Theme
from services.assessment.handlers import answering
from services.assessment.referentials import referential_of
from services.assessment.web.api.proofs import ProofSchema
from services.assessment.web.presentation import Asked, asked_in
from services.assessment.web.schemas import AssessmentRowSchema
from services.assessment.web.visibility import acting_person, own_assessment
from services.chassis.model import DomainError
from services.chassis.web.access import requires
from services.chassis.web.i18n import current_locale, error_message
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.work import reading, unit_of_work

answers_api = Blueprint(
    "answers_api",
    __name__,
    url_prefix="/assessments/<uuid:assessment_id>",
    description="The answers of a supplier.",
)

_MOST_VALUES = 50


class ChoiceSchema(Schema):
    key = fields.String()
    label = fields.String()


class GivenSchema(Schema):
    """As a form sends it: ``values`` are texts (yes, no, a number, keys of choices); none takes it back."""

    values = fields.List(
        fields.String(validate=validate.Length(max=LONGEST_TEXT + 1)),
        load_default=list,
        validate=validate.Length(max=_MOST_VALUES),
    )
    not_applicable = fields.Boolean(load_default=False)
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON + 1))


class QuestionSchema(GivenSchema):
    key = fields.String()
    theme = fields.String()
    type = fields.String(metadata={"description": "single_choice, multiple_choice, yes_no, number or text"})
    wording = fields.String()
    optional = fields.Boolean()
    choices = fields.List(fields.Nested(ChoiceSchema))
    proofs = fields.List(fields.Nested(ProofSchema))


class AnswersSchema(Schema):
    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(max=60)),
        values=fields.Nested(GivenSchema),
        required=True,
        validate=validate.Length(1, 500),
        metadata={"description": "By the key of the question. What is not named stays as it is."},
    )


class WrongAnswerSchema(Schema):
    question = fields.String()
    detail = fields.String()


class KeptSchema(Schema):
    assessment = fields.Nested(AssessmentRowSchema)
    wrong = fields.List(
        fields.Nested(WrongAnswerSchema),
        metadata={"description": "What could not be read and was not kept; the others were."},
    )


class SubmissionSchema(Schema):
    accept_unanswered = fields.Boolean(
        load_default=False, metadata={"description": "Hand it in although answers are missing."}
    )


@answers_api.get("/questions")
@requires("supplier")
@lists()
@answers_api.response(200, page_of(QuestionSchema))
def list_questions(assessment_id: UUID) -> dict[str, Any]:
    """The questions that are asked now, with what was answered; an answer can open further ones."""
    with reading() as session:
        assessment = own_assessment(session, assessment_id)
        referential = referential_of(assessment)
        return page_of_rows(
            [
                _question(theme, asked)
                for theme in referential.themes
                for asked in asked_in(theme, assessment, referential)
            ]
        )


@answers_api.patch("/answers")
@requires("supplier")
@answers_api.arguments(AnswersSchema)
@answers_api.response(200, KeptSchema)
def save_answers(details: dict[str, Any], assessment_id: UUID) -> dict[str, Any]:
    """Keep answers, in place of those given before. 409 once the assessment is handed in."""
    with reading() as session:
        known = {each.key for each in referential_of(own_assessment(session, assessment_id)).questions}
    given: dict[str, dict[str, Any]] = details["answers"]
    if unknown := sorted(given.keys() - known):
        raise DomainError(
            "There is no such question: %(key)s.", field=f"answers.{unknown[0]}", key=unknown[0]
        )
    with unit_of_work() as work:
        problems = answering.save_answers(
            assessment_id,
            {key: Given(**{**each, "values": tuple(each["values"])}) for key, each in given.items()},
            work,
        )
        return {
            "assessment": work.get(Assessment, assessment_id),
            "wrong": [{"question": key, "detail": error_message(error)} for key, error in problems.items()],
        }


@answers_api.post("/submission")
@requires("supplier")
@answers_api.arguments(SubmissionSchema)
@answers_api.response(200, AssessmentRowSchema)
def submit(details: dict[str, Any], assessment_id: UUID) -> Assessment:
    """Hand the assessment in. 409 when it was handed in before."""
    with reading() as session:
        own_assessment(session, assessment_id)
    with unit_of_work() as work:
        return answering.submit(assessment_id, acting_person(), work, **details)


@answers_api.delete("/submission")
@requires("supplier")
@answers_api.response(200, AssessmentRowSchema)
def undo_submission(assessment_id: UUID) -> Assessment:
    """Take it back, for some hours and by whoever handed it in. 409 when it is too late."""
    with reading() as session:
        own_assessment(session, assessment_id)
    with unit_of_work() as work:
        return answering.undo_submission(assessment_id, acting_person(), work)


def _question(theme: Theme, asked: Asked) -> dict[str, Any]:
    question, locale = asked.question, current_locale()
    return {
        "key": question.key,
        "theme": theme.key,
        "type": question.type,
        "wording": question.wording.to(locale),
        "optional": question.optional,
        "choices": [{"key": each.key, "label": each.label.to(locale)} for each in question.choices],
        "values": list(asked.values),
        "not_applicable": asked.set_aside,
        "reason": asked.reason,
        "proofs": asked.answer.proofs if asked.answer else [],
    }
