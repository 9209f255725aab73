"""Which adviser follows which buyer."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import DomainError, Forbidden
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.assignment import Assignment
from services.enrolment.domain.organisation import Organisation
from services.enrolment.events.appointments import assignment_snapshot
from services.enrolment.storage import appointments, queries


def assign_advisers(
    programme: str, advisers: Mapping[UUID, UUID | None], by: UUID | None, unit_of_work: UnitOfWork
) -> None:
    """Let each of these organisations be followed by its adviser, or by nobody; all of them or none.

    Raises what ``assign_adviser`` raises, with the row's field: ``adviser.ID`` of the organisation.
    """
    for organisation_id, adviser_id in advisers.items():
        try:
            assign_adviser(programme, organisation_id, adviser_id, by, unit_of_work)
        except DomainError as error:
            error.field = f"adviser.{organisation_id}"
            raise


def assign_adviser(
    programme: str, organisation_id: UUID, adviser_id: UUID | None, by: UUID | None, unit_of_work: UnitOfWork
) -> None:
    """Let an adviser follow a buyer, or nobody (None).

    Raises Forbidden for an organisation that is no buyer of the programme, DomainError for a person who is
    not one of its advisers.
    """
    session = unit_of_work.session
    # Locked, so that two managers who assign the same buyer take their turns.
    queries.programme_by_slug(session, programme, lock=True)
    if not queries.holds_a_place(session, programme, organisation_id):
        raise Forbidden("This organisation is not one of the programme's buyers.")
    advisers = {adviser.id for adviser in appointments.advisers_of(session, programme)}
    if adviser_id is not None and adviser_id not in advisers:
        raise DomainError("This person is not an adviser of the programme.", field="adviser_id")
    assignment = appointments.assignment_of(session, programme, organisation_id)
    if assignment is None:
        if adviser_id is None:
            return
        assignment = Assignment(
            id=new_id(),
            programme=programme,
            organisation_id=organisation_id,
            adviser_id=None,
            assigned_by=by,
            assigned_at=unit_of_work.now,
        )
        session.add(assignment)
    if assignment.give_to(adviser_id, by, unit_of_work.now):
        snapshot = assignment_snapshot(assignment, unit_of_work.get(Organisation, organisation_id))
        unit_of_work.record(assignment, "enrolment.adviser_assignment.changed", snapshot)
