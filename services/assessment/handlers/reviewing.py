"""What advisers do: read, verify answers, validate or ask for changes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from services.assessment.domain.assessment import Assessment, Person
from services.assessment.handlers.recording import record
from services.assessment.referentials import referential_of
from services.chassis.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Review:
    """``verified`` are the questions whose answers were checked; ``decision`` is keep, validate or
    request_changes."""

    verified: Collection[str]
    decision: str
    comment: str = ""


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


def review(assessment_id: UUID, command: Review, by: Person, unit_of_work: UnitOfWork) -> Assessment:
    """Keep the checks, and decide when that is asked. Raises like what it does."""
    checked = verify_answers(assessment_id, command.verified, by, unit_of_work)
    match command.decision:
        case "validate":
            return validate(assessment_id, command.comment, by, unit_of_work)
        case "request_changes":
            return request_changes(assessment_id, command.comment, unit_of_work)
        case _:
            return checked
