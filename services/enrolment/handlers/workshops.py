"""Workshops: scheduled, changed, cancelled, held."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import insert

from services.chassis.events import new_id
from services.chassis.model import Conflict
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.attendance_sheet import draw_sheet
from services.enrolment.domain.programme import Cohort, CohortState
from services.enrolment.domain.workshop import Workshop, WorkshopDetails, WorkshopState
from services.enrolment.events.workshops import workshop_snapshot
from services.enrolment.handlers.supplier_changes import changed_meanwhile
from services.enrolment.handlers.workshop_registrations import fill_free_places, record_registration
from services.enrolment.storage import queries, workshops
from services.enrolment.storage.tables import attendance_sheets


@dataclass(frozen=True, kw_only=True)
class ScheduleWorkshop:
    programme: str
    cohort_label: str
    details: WorkshopDetails


def schedule_workshop(command: ScheduleWorkshop, unit_of_work: UnitOfWork) -> Workshop:
    """Announce a workshop to the buyers of a cohort.

    Raises NotFound for an unknown cohort, Conflict for one that is over, DomainError for wrong details or a
    moment that is over.
    """
    session = unit_of_work.session
    cohort = queries.cohort_by_label(session, command.programme, command.cohort_label)
    if cohort.state is CohortState.COMPLETED:
        raise Conflict("The accompaniment of this cohort is over: it has no more workshops.")
    command.details.check()
    command.details.check_is_not_over(unit_of_work.now)
    workshop = Workshop(
        id=new_id(), programme=command.programme, cohort_id=cohort.id, **vars(command.details)
    )
    session.add(workshop)
    invited = workshops.people_invited(session, cohort.id)
    snapshot = workshop_snapshot(workshop, cohort, registered=0, invited=invited)
    unit_of_work.record(workshop, "enrolment.workshop.scheduled", snapshot)
    return workshop


def change_workshop(
    workshop_id: UUID,
    details: WorkshopDetails,
    unit_of_work: UnitOfWork,
    *,
    seen_version: int | None = None,
) -> Workshop:
    """Take other details; whoever is registered is told when time or place is another.

    ``seen_version`` is the workshop's that the person has seen. Raises NotFound; Conflict when somebody has
    changed it meanwhile; Conflict and DomainError as ``Workshop.change``.
    """
    workshop = unit_of_work.get(Workshop, workshop_id, lock=True)
    if seen_version not in (None, workshop.version):
        raise changed_meanwhile()
    registered = workshops.count_registered(unit_of_work.session, workshop.id)
    tell = workshop.change(details, registered, unit_of_work.now)
    unit_of_work.session.flush()
    if tell:
        for registration in workshops.open_registrations(unit_of_work.session, workshop.id):
            record_registration(registration, workshop, "changed", unit_of_work)
    fill_free_places(workshop, unit_of_work)
    return record_workshop(workshop, "changed", unit_of_work)


def cancel_workshop(workshop_id: UUID, reason: str, unit_of_work: UnitOfWork) -> Workshop:
    """Tell everybody that it does not take place. Raises NotFound, Conflict, DomainError without a reason."""
    workshop = unit_of_work.get(Workshop, workshop_id, lock=True)
    workshop.cancel(reason)
    for registration in workshops.open_registrations(unit_of_work.session, workshop.id):
        registration.cancel()
        record_registration(registration, workshop, "cancelled", unit_of_work)
    return record_workshop(workshop, "cancelled", unit_of_work)


def hold_workshop(workshop_id: UUID, by: UUID | None, unit_of_work: UnitOfWork) -> Workshop:
    """It has taken place: its attendance is frozen, and the sheet that proves it is kept as it is now.

    Raises NotFound; Conflict before its end or when it is closed.
    """
    workshop = unit_of_work.get(Workshop, workshop_id, lock=True)
    workshop.hold(unit_of_work.now)
    unit_of_work.session.flush()
    content = draw_sheet(unit_of_work.session, workshop, unit_of_work.now)
    unit_of_work.session.execute(
        insert(attendance_sheets).values(
            workshop_id=workshop.id,
            made_at=unit_of_work.now,
            made_by=by,
            sha256=sha256(content).hexdigest(),
            content=content,
        )
    )
    return record_workshop(workshop, "held", unit_of_work)


def record_workshop(workshop: Workshop, what_happened: str, unit_of_work: UnitOfWork) -> Workshop:
    """Tell of a workshop as it is now; how many were there once it is closed."""
    unit_of_work.session.flush()
    is_held = workshop.state is WorkshopState.HELD
    snapshot = workshop_snapshot(
        workshop,
        unit_of_work.get(Cohort, workshop.cohort_id),
        registered=workshops.count_registered(unit_of_work.session, workshop.id),
        present=workshops.count_present(unit_of_work.session, workshop.id) if is_held else None,
    )
    unit_of_work.record(workshop, f"enrolment.workshop.{what_happened}", snapshot)
    return workshop
