"""Appointments: slots published, booked, moved, cancelled, held.

Whoever books a slot locks it first; that no two appointments occupy one is also a rule of the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Conflict, DomainError, Forbidden, NotFound
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.appointment import LONGEST_SERIES, AdviserNote, Appointment, Slot
from services.enrolment.domain.local_time import same_hour_after
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.events.appointments import appointment_snapshot
from services.enrolment.storage import appointments

_DAYS_OF_WEEK = 7


@dataclass(frozen=True, kw_only=True)
class PublishSlots:
    """A time at which an adviser can be booked, repeated in as many ``weeks`` at the same hour."""

    programme: str
    adviser_id: UUID
    starts_at: datetime
    ends_at: datetime
    place: str | None
    video_url: str | None
    weeks: int = 1


@dataclass(frozen=True, kw_only=True)
class Book:
    slot_id: UUID
    organisation_id: UUID
    person_id: UUID
    subject: str


def publish_slots(command: PublishSlots, unit_of_work: UnitOfWork) -> list[Slot]:
    """Raises DomainError for times that make no sense, Conflict where they overlap with earlier ones."""
    if command.ends_at <= command.starts_at:
        raise DomainError("The appointment has to end after it begins.", field="ends")
    if command.starts_at <= unit_of_work.now:
        raise DomainError("Choose a time that is still to come.", field="day")
    if not command.place and not command.video_url:
        raise DomainError("Say where it takes place, or give a video link.", field="place")
    if not 1 <= command.weeks <= LONGEST_SERIES:
        raise DomainError("Choose from 1 to %(most)s weeks.", field="weeks", most=LONGEST_SERIES)
    # The adviser is locked, so that two series published at the same instant cannot overlap.
    adviser = unit_of_work.get(Person, command.adviser_id, lock=True)
    return [_publish_slot(command, adviser.id, week, unit_of_work) for week in range(command.weeks)]


def withdraw_slot(slot_id: UUID, adviser_id: UUID, unit_of_work: UnitOfWork) -> None:
    """Take a slot back that nobody has booked. Raises NotFound, Conflict when it is booked."""
    slot = unit_of_work.get(Slot, slot_id, lock=True)
    if slot.adviser_id != adviser_id:
        raise NotFound("This does not exist, or no longer.")
    if appointments.is_booked(unit_of_work.session, slot.id):
        raise Conflict("This time is booked: cancel the appointment instead.")
    unit_of_work.session.delete(slot)


def book(command: Book, unit_of_work: UnitOfWork) -> Appointment:
    """Make an appointment of a buyer with the adviser who follows it.

    Raises NotFound, Conflict when the slot is booked or past, Forbidden when the adviser follows others.
    """
    session = unit_of_work.session
    slot = _free_slot(command.slot_id, unit_of_work)
    if appointments.adviser_of(session, slot.programme, command.organisation_id) != slot.adviser_id:
        raise Forbidden("This adviser does not follow your organisation.")
    _check_buyer_is_free(command.organisation_id, slot, unit_of_work)
    appointment = Appointment(
        id=new_id(),
        programme=slot.programme,
        adviser_id=slot.adviser_id,
        organisation_id=command.organisation_id,
        person_id=command.person_id,
        slot_id=slot.id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        place=slot.place,
        video_url=slot.video_url,
        subject=command.subject,
    )
    session.add(appointment)
    return _record(appointment, "booked", unit_of_work)


def move(appointment_id: UUID, slot_id: UUID, unit_of_work: UnitOfWork) -> Appointment:
    """Another time with the same adviser. Raises NotFound; Conflict when either cannot be had any more."""
    appointment = unit_of_work.get(Appointment, appointment_id, lock=True)
    slot = _free_slot(slot_id, unit_of_work)
    _check_buyer_is_free(appointment.organisation_id, slot, unit_of_work, besides=appointment.id)
    appointment.move(slot, unit_of_work.now)
    return _record(appointment, "moved", unit_of_work)


def cancel(appointment_id: UUID, reason: str, unit_of_work: UnitOfWork) -> Appointment:
    """Its slot can be booked again. Raises NotFound, Conflict, DomainError without a reason."""
    appointment = unit_of_work.get(Appointment, appointment_id, lock=True)
    appointment.cancel(reason, unit_of_work.now)
    return _record(appointment, "cancelled", unit_of_work)


def hold(appointment_id: UUID, unit_of_work: UnitOfWork) -> Appointment:
    """It has taken place. Raises NotFound, Conflict."""
    appointment = unit_of_work.get(Appointment, appointment_id, lock=True)
    appointment.hold(unit_of_work.now)
    return _record(appointment, "held", unit_of_work)


def write_report(appointment_id: UUID, report: str, unit_of_work: UnitOfWork) -> Appointment:
    """What both keep of it. Raises NotFound, Conflict, DomainError without words."""
    appointment = unit_of_work.get(Appointment, appointment_id, lock=True)
    appointment.write_report(report)
    return _record(appointment, "reported", unit_of_work)


def write_note(appointment_id: UUID, adviser_id: UUID, text: str, unit_of_work: UnitOfWork) -> None:
    """What the adviser notes for themselves; it tells nobody. Raises NotFound for anybody else."""
    appointment = unit_of_work.get(Appointment, appointment_id)
    if appointment.adviser_id != adviser_id:
        raise NotFound("This does not exist, or no longer.")
    note = AdviserNote(
        appointment_id=appointment.id, adviser_id=adviser_id, text=text, written_at=unit_of_work.now
    )
    unit_of_work.session.merge(note)


def _publish_slot(command: PublishSlots, adviser_id: UUID, week: int, unit_of_work: UnitOfWork) -> Slot:
    starts_at = same_hour_after(command.starts_at, week * _DAYS_OF_WEEK)
    ends_at = same_hour_after(command.ends_at, week * _DAYS_OF_WEEK)
    if appointments.slots_around(unit_of_work.session, adviser_id, starts_at, ends_at):
        raise Conflict("One of these times overlaps with one that is published already.", field="starts")
    slot = Slot(
        id=new_id(),
        programme=command.programme,
        adviser_id=adviser_id,
        starts_at=starts_at,
        ends_at=ends_at,
        place=command.place,
        video_url=command.video_url,
    )
    unit_of_work.session.add(slot)
    unit_of_work.session.flush()
    return slot


def _free_slot(slot_id: UUID, unit_of_work: UnitOfWork) -> Slot:
    """The slot, for this transaction alone. Raises NotFound, Conflict."""
    slot = unit_of_work.get(Slot, slot_id, lock=True)
    if slot.starts_at <= unit_of_work.now:
        raise Conflict("This time is past: choose another one.", field="slot_id")
    if appointments.is_booked(unit_of_work.session, slot.id):
        raise Conflict("Somebody else has just booked this time: choose another one.", field="slot_id")
    return slot


def _check_buyer_is_free(
    organisation_id: UUID, slot: Slot, unit_of_work: UnitOfWork, *, besides: UUID | None = None
) -> None:
    if appointments.has_appointment_between(
        unit_of_work.session, organisation_id, slot.starts_at, slot.ends_at, besides=besides
    ):
        raise Conflict("Your organisation has another appointment at this time.", field="slot_id")


def _record(appointment: Appointment, what_happened: str, unit_of_work: UnitOfWork) -> Appointment:
    unit_of_work.session.flush()
    snapshot = appointment_snapshot(
        appointment,
        unit_of_work.get(Organisation, appointment.organisation_id),
        unit_of_work.get(Person, appointment.adviser_id),
        unit_of_work.get(Person, appointment.person_id),
    )
    unit_of_work.record(appointment, f"enrolment.appointment.{what_happened}", snapshot)
    return appointment
