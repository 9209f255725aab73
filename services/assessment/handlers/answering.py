"""What suppliers do: answer, prove, submit, and take a submission back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import insert

from services.assessment.domain.answers import Given, Proof
from services.assessment.domain.assessment import Assessment, Person, State
from services.assessment.handlers.recording import record
from services.assessment.referentials import referential_of
from services.assessment.storage.tables import proof_contents
from services.chassis.events import new_id
from services.chassis.model import DomainError
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.uploads import check_upload


def save_answers(
    assessment_id: UUID, given: Mapping[str, Given], unit_of_work: UnitOfWork
) -> dict[str, DomainError]:
    """Keep the answers that can be read; returns what is wrong with the others, by question.

    Raises Conflict when the answers are closed.
    """
    assessment = unit_of_work.get(Assessment, assessment_id, lock=True)
    was_assigned = assessment.state is State.ASSIGNED
    problems = assessment.answer(given, referential_of(assessment), unit_of_work.now)
    if was_assigned and assessment.state is State.IN_PROGRESS:
        record(assessment, "started", unit_of_work)
    return problems


def add_proof(
    assessment_id: UUID, question: str, name: str, content: bytes, unit_of_work: UnitOfWork
) -> Proof:
    """Keep a file that shows that an answer is true.

    Raises DomainError for a file that cannot be taken, Conflict when the answers are closed.
    """
    assessment = unit_of_work.get(Assessment, assessment_id, lock=True)
    file = check_upload(name, content)
    proof = Proof(
        id=new_id(), name=file.name, media_type=file.media_type, size=len(content), added_at=unit_of_work.now
    )
    assessment.add_proof(question, proof)
    assessment.take_stock(referential_of(assessment))
    unit_of_work.session.flush()
    unit_of_work.session.execute(insert(proof_contents).values(proof_id=proof.id, content=content))
    return proof


def remove_proof(assessment_id: UUID, proof_id: UUID, unit_of_work: UnitOfWork) -> None:
    """Raises Conflict when the answers are closed, NotFound when there is no such file."""
    assessment = unit_of_work.get(Assessment, assessment_id, lock=True)
    assessment.remove_proof(proof_id)
    assessment.take_stock(referential_of(assessment))


def submit(
    assessment_id: UUID, by: Person, unit_of_work: UnitOfWork, *, accept_unanswered: bool = False
) -> Assessment:
    """Hand the answers in. Raises Conflict when it was done before, DomainError while answers miss."""
    assessment = unit_of_work.get(Assessment, assessment_id, lock=True)
    assessment.submit(referential_of(assessment), by, unit_of_work.now, accept_unanswered=accept_unanswered)
    return record(assessment, "submitted", unit_of_work)


def undo_submission(assessment_id: UUID, by: Person, unit_of_work: UnitOfWork) -> Assessment:
    """Take a submission back. Raises Conflict when it is too late, Forbidden unless by its author."""
    assessment = unit_of_work.get(Assessment, assessment_id, lock=True)
    assessment.undo_submission(by, unit_of_work.now)
    return record(assessment, "reopened", unit_of_work)
