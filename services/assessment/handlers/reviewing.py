"""What advisers do: read, verify answers, validate or ask for changes."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from services.assessment.domain.assessment import Assessment, Person
from services.assessment.handlers.recording import record
from services.assessment.referentials import referential_of
from services.chassis.unit_of_work import UnitOfWork


def start_review(assessment_id: UUID, by: Person, unit_of_work: UnitOfWork) -> Assessment:
    """Raises Conflict unless it is submitted and nobody reviews it."""
    assessment = unit_of_work.get(Assessment, assessment_id, lock=True)
    assessment.start_review(by)
    return record(assessment, "review_started", unit_of_work)


def verify_answers(
    assessment_id: UUID, questions: Collection[str], by: Person, unit_of_work: UnitOfWork
) -> Assessment:
    """Mark exactly the answers to ``questions`` as verified. Raises Conflict unless it is in review."""
    assessment = unit_of_work.get(Assessment, assessment_id, lock=True)
    assessment.verify(frozenset(questions), referential_of(assessment), by, unit_of_work.now)
    return assessment


def validate(assessment_id: UUID, comment: str, by: Person, unit_of_work: UnitOfWork) -> Assessment:
    """Agree with the answers, which are frozen from now on. Raises Conflict unless it is in review."""
    assessment = unit_of_work.get(Assessment, assessment_id, lock=True)
    assessment.validate(comment, by, unit_of_work.now)
    return record(assessment, "validated", unit_of_work)


def request_changes(assessment_id: UUID, comment: str, unit_of_work: UnitOfWork) -> Assessment:
    """Send it back with a comment. Raises Conflict unless it is in review, DomainError without a comment."""
    assessment = unit_of_work.get(Assessment, assessment_id, lock=True)
    assessment.request_changes(comment)
    return record(assessment, "changes_requested", unit_of_work)
