"""The steps of the demonstration that are about workshops and appointments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.console.demo.meetings import (
    VIDEO,
    Announcement,
    Consultation,
    Following,
    Gathering,
    MeetingStep,
    Opening,
    Workshop,
)
from services.enrolment.domain.appointment import Slot
from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.domain.workshop import WorkshopDetails
from services.enrolment.handlers import appointments, assignments, people, workshop_registrations, workshops

if TYPE_CHECKING:
    from services.console.player.enrolment import EnrolmentPlayer

_PLACES = 24


@dataclass
class MeetingPlayer:
    """Takes the steps and remembers under which id each workshop and each place in one is known."""

    cast: EnrolmentPlayer
    workshops: dict[str, UUID] = field(default_factory=dict)
    places: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def take(self, step: MeetingStep, unit_of_work: UnitOfWork) -> None:
        """Do what the step says, at the unit of work's present; buyers that are not there stay away."""
        match step:
            case Announcement():
                self._announce(step.workshop, unit_of_work)
            case Gathering():
                self._gather(step.workshop, unit_of_work)
            case Following(buyer=buyer) if buyer.key in self.cast.buyers:
                manager, _ = self.cast.staff[Role.MANAGER]
                adviser = self.cast.advisers[step.adviser]
                buyer_id = self.cast.buyers[buyer.key]
                assignments.assign_adviser(self.cast.programme, buyer_id, adviser, manager, unit_of_work)
            case Consultation(buyer=buyer) if buyer.key in self.cast.buyers:
                self._consult(step, unit_of_work)
            case Opening():
                self._publish(step.adviser, step.starts_at, step.weeks, unit_of_work)

    def _announce(self, workshop: Workshop, unit_of_work: UnitOfWork) -> None:
        details = WorkshopDetails(
            title=workshop.title,
            theme=workshop.theme,
            starts_at=workshop.starts_at,
            ends_at=workshop.ends_at,
            place=workshop.place,
            video_url=VIDEO,
            capacity=_PLACES,
            description=workshop.description,
        )
        command = workshops.ScheduleWorkshop(
            programme=self.cast.programme, cohort_label=workshop.cohort, details=details
        )
        scheduled = workshops.schedule_workshop(command, unit_of_work)
        self.workshops[workshop.key] = scheduled.id
        unit_of_work.session.flush()
        for guest in workshop.guests:
            if guest.buyer.key not in self.cast.buyers:
                continue
            registration = workshop_registrations.register(
                workshop_registrations.Register(
                    workshop_id=scheduled.id,
                    organisation_id=self.cast.buyers[guest.buyer.key],
                    name=guest.person.name,
                    email=guest.person.email,
                    locale=guest.person.locale,
                ),
                unit_of_work,
            )
            self.places[workshop.key, guest.person.email] = registration.id

    def _gather(self, workshop: Workshop, unit_of_work: UnitOfWork) -> None:
        came = {
            self.places[workshop.key, guest.person.email]
            for guest in workshop.guests
            if guest.came and (workshop.key, guest.person.email) in self.places
        }
        manager, _ = self.cast.staff[Role.MANAGER]
        workshop_registrations.mark_attendance(self.workshops[workshop.key], came, unit_of_work)
        workshops.hold_workshop(self.workshops[workshop.key], manager, unit_of_work)

    def _consult(self, step: Consultation, unit_of_work: UnitOfWork) -> None:
        """Published, booked and, if there is a report, held, all in one go."""
        contact = step.buyer.contact
        buyer_id = self.cast.buyers[step.buyer.key]
        grant = PersonGrant(Role.BUYER, self.cast.programme, buyer_id)
        person = people.register_person(
            people.RegisterPerson(name=contact.name, email=contact.email, grant=grant), unit_of_work
        )
        [slot] = self._publish(step.adviser, step.starts_at, 1, unit_of_work)
        command = appointments.Book(
            slot_id=slot.id, organisation_id=buyer_id, person_id=person.id, subject=step.subject
        )
        appointment = appointments.book(command, unit_of_work)
        if step.report is not None:
            unit_of_work.now = step.starts_at + timedelta(hours=1)
            appointments.hold(appointment.id, unit_of_work)
            appointments.write_report(appointment.id, step.report, unit_of_work)

    def _publish(self, adviser: int, starts_at: datetime, weeks: int, unit_of_work: UnitOfWork) -> list[Slot]:
        command = appointments.PublishSlots(
            programme=self.cast.programme,
            adviser_id=self.cast.advisers[adviser],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            place=None,
            video_url=VIDEO,
            weeks=weeks,
        )
        return appointments.publish_slots(command, unit_of_work)
