"""Who came to a workshop, as its team says afterwards: walk-ins, corrections, the sheet signed on paper."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import insert

from services.chassis.events import new_id
from services.chassis.model import Conflict, DomainError
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.uploads import check_upload
from services.enrolment.attendance_rules import correctable_until
from services.enrolment.attendance_sheet import draw_sheet
from services.enrolment.domain.person import Person, no_address
from services.enrolment.domain.workshop import Workshop, WorkshopState
from services.enrolment.domain.workshop_registration import Presence, Registration, RegistrationState
from services.enrolment.events.people import person_snapshot
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.handlers.workshop_registrations import (
    check_takes_part,
    record_registration,
    registration_of,
)
from services.enrolment.handlers.workshops import record_workshop
from services.enrolment.storage import attendance_proofs, workshops
from services.enrolment.storage.attendance_proofs import Correction
from services.enrolment.storage.tables import attendance_corrections, signed_sheets

MOST_PAGES = 20


@dataclass(frozen=True)
class WalkIn:
    """Somebody who came unannounced, for one of the cohort's buyers; with an address if they gave one."""

    organisation_id: UUID
    name: str
    email: str | None = None


@dataclass(frozen=True, kw_only=True)
class CorrectAttendance:
    """``present`` are the registrations of all who came, ``added`` somebody who was on no list."""

    workshop_id: UUID
    present: Collection[UUID]
    reason: str
    by: UUID
    added: WalkIn | None = None


def add_walk_in(workshop_id: UUID, walk_in: WalkIn, unit_of_work: UnitOfWork) -> Registration:
    """Put somebody who has come on the list, as present; the same twice is once, and no place is needed.

    Raises NotFound; Conflict before it begins or once it is closed; Forbidden for an organisation that does
    not take part in the cohort.
    """
    workshop = unit_of_work.get(Workshop, workshop_id, lock=True)
    workshop.check_attendance_is_open()
    workshop.check_has_begun(unit_of_work.now)
    registration, _ = _walk_in(workshop, walk_in, Presence.LIST, unit_of_work)
    return registration


def correct_attendance(command: CorrectAttendance, unit_of_work: UnitOfWork) -> Workshop:
    """Say of a workshop that is closed who came in truth: a new sheet is the proof from then on.

    The sheets before it are kept. Nothing happens when nothing is said to be otherwise. Raises NotFound;
    Conflict when it is not closed yet, or too late; DomainError without a reason.
    """
    session, now = unit_of_work.session, unit_of_work.now
    workshop = unit_of_work.get(Workshop, command.workshop_id, lock=True)
    if workshop.state is WorkshopState.HELD:
        until = correctable_until(attendance_proofs.closed_at(session, workshop.id))
    else:
        until = now
    workshop.check_correction(until, command.reason, now)
    changes = _corrected(workshop, command.present, unit_of_work)
    if command.added is not None:
        added, is_new = _walk_in(workshop, command.added, Presence.CORRECTION, unit_of_work)
        if is_new:
            changes[added.id] = True
    if not changes:
        return workshop
    session.flush()
    by = session.get(Person, command.by)
    name = by.name if by else None
    correction = Correction(now, command.by, name, command.reason.strip(), len(changes))
    corrections = [*attendance_proofs.corrections_of(session, workshop.id), correction]
    content = draw_sheet(session, workshop, now, corrections)
    session.execute(
        insert(attendance_corrections).values(
            id=new_id(),
            workshop_id=workshop.id,
            corrected_at=now,
            corrected_by=command.by,
            reason=correction.reason,
            changes=[{"registration_id": str(each), "present": came} for each, came in changes.items()],
            sha256=sha256(content).hexdigest(),
            content=content,
        )
    )
    return record_workshop(workshop, "corrected", unit_of_work)


def add_signed_sheet(
    workshop_id: UUID, name: str, content: bytes, by: UUID, unit_of_work: UnitOfWork
) -> UUID:
    """Keep a page of the sheet that people signed on paper; its id. What is kept once stays.

    Raises NotFound; Conflict before it begins, when it was cancelled, or when there are too many pages;
    DomainError for a file that cannot be taken.
    """
    session = unit_of_work.session
    workshop = unit_of_work.get(Workshop, workshop_id, lock=True)
    if workshop.state is WorkshopState.CANCELLED:
        raise Conflict("This workshop is cancelled: nobody has signed for it.")
    workshop.check_has_begun(unit_of_work.now)
    if attendance_proofs.count_signed_sheets(session, workshop_id) >= MOST_PAGES:
        raise Conflict("A workshop has at most %(most)s pages of its signed sheet.", most=MOST_PAGES)
    try:
        checked = check_upload(name, content)
    except DomainError as error:
        error.field = "file"
        raise
    sheet_id = new_id()
    session.execute(
        insert(signed_sheets).values(
            id=sheet_id,
            workshop_id=workshop_id,
            added_at=unit_of_work.now,
            added_by=by,
            name=checked.name,
            media_type=checked.media_type,
            size=len(content),
            sha256=sha256(content).hexdigest(),
            content=content,
        )
    )
    return sheet_id


def _corrected(workshop: Workshop, present: Collection[UUID], unit_of_work: UnitOfWork) -> dict[UUID, bool]:
    """Note who came and who did not after all; those of whom that is news, with what it says."""
    changes: dict[UUID, bool] = {}
    for registration in workshops.open_registrations(unit_of_work.session, workshop.id):
        if registration.state is not RegistrationState.REGISTERED:
            continue
        came = registration.id in present
        if came:
            is_news = registration.note_presence(Presence.CORRECTION, unit_of_work.now)
        else:
            is_news = registration.note_absence()
        if is_news:
            changes[registration.id] = came
            record_registration(registration, workshop, "attended" if came else "absent", unit_of_work)
    return changes


def _walk_in(
    workshop: Workshop, walk_in: WalkIn, presence: Presence, unit_of_work: UnitOfWork
) -> tuple[Registration, bool]:
    """The registration of somebody who came, and whether that is news."""
    check_takes_part(workshop, walk_in.organisation_id, unit_of_work)
    person = _person(workshop, walk_in, unit_of_work)
    registration = registration_of(workshop, person, walk_in.organisation_id, unit_of_work)
    is_news = registration.walk_in(presence, unit_of_work.now)
    if is_news:
        registration.organisation_id = walk_in.organisation_id
        unit_of_work.session.flush()
        record_registration(registration, workshop, "attended", unit_of_work)
    return registration, is_news


def _person(workshop: Workshop, walk_in: WalkIn, unit_of_work: UnitOfWork) -> Person:
    """Who it is: known by their address, or else by the name that is on the list for the organisation."""
    if walk_in.email:
        command = RegisterPerson(name=walk_in.name, email=walk_in.email, grant=None)
        return register_person(command, unit_of_work)
    on_list = workshops.participants(
        unit_of_work.session,
        workshop.id,
        RegistrationState.REGISTERED,
        RegistrationState.WAITING,
        organisation_ids=[walk_in.organisation_id],
    )
    for each in on_list:
        if each.person.name.casefold() == walk_in.name.casefold():
            return each.person
    identifier = new_id()
    person = Person(id=identifier, name=walk_in.name, email=no_address(identifier))
    unit_of_work.session.add(person)
    unit_of_work.record(person, "enrolment.person.registered", person_snapshot(person))
    return person
