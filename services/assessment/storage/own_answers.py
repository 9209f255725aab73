"""The answers that a person gets with the copy of their data: they are theirs to take along."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from services.assessment.domain.referential import Question, Value, chosen
from services.assessment.referentials import library
from services.assessment.storage.tables import answers, assessments
from services.chassis.privacy.subject import Subject


def own_answers(session: Session, subject: Subject) -> list[dict[str, Any]]:
    """Those of the assessments that they handed in, or are the contact of and still belong to.

    What a colleague has answered since they left is not theirs.
    """
    query = (
        select(assessments, answers)
        .join(answers, answers.c.assessment_id == assessments.c.id)
        .where(
            or_(
                assessments.c.submitted_by == subject.person_id,
                and_(
                    assessments.c.contact_person_id == subject.person_id,
                    assessments.c.organisation_id.in_(subject.organisations),
                ),
            )
        )
        .order_by(assessments.c.assigned_at, answers.c.given_at)
    )
    rows = [_told(row) for row in session.execute(query)]
    if not rows:
        return []
    return [
        {
            "table": answers.name,
            "title": "Vos réponses à l’état des lieux",
            "purpose": "Répondre à l’état des lieux et en tirer un plan d’action.",
            "retention": "Durée du programme, puis trois ans pour comparer les années",
            "rows": rows,
        }
    ]


def _told(row: Any) -> dict[str, Any]:
    """In the words in which it was asked and answered, with the keys beside them for programs."""
    question = library().get(row.referential, row.referential_version).question.get(row.question)
    locale = row.contact_locale
    return {
        "organisation_name": row.organisation_name,
        "question": question.wording.to(locale) if question else row.question,
        "answer": _answer(row.value, question, locale),
        "reason": row.reason,
        "given_at": row.given_at.isoformat() if row.given_at else None,
        "verified_at": row.verified_at.isoformat() if row.verified_at else None,
        "question_id": row.question,
        "value_id": list(row.value) if isinstance(row.value, tuple) else row.value,
    }


def _answer(value: Value | None, question: Question | None, locale: str) -> Any:
    if question is None or value is None or not question.choices:
        return list(value) if isinstance(value, tuple) else value
    known = question.choice
    return [known[key].label.to(locale) if key in known else key for key in chosen(value)]
