"""What tests of workshops and appointments begin with: buyers with a signed agreement, advisers, times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.enrolment.domain.appointment import Appointment, Slot
from services.enrolment.domain.person import Person, Role
from services.enrolment.domain.workshop import Workshop, WorkshopDetails
from services.enrolment.domain.workshop_registration import Registration
from services.enrolment.handlers import appointments as appointment_cases
from services.enrolment.handlers import assignments, decisions, workshop_registrations, workshops
from tests.unit.enrolment.world import World

JULIEN, NADIA = "julien@cci.example", "nadia@cci.example"
CLAIRE = "claire@mauguio.example"


@dataclass
class MeetingWorld:
    """A world in which workshops are held and appointments made."""

    world: World

    def in_days(self, days: float) -> datetime:
        return self.world.clock() + timedelta(days=days)

    def details(self, **changes: object) -> WorkshopDetails:
        details = WorkshopDetails(
            title="Cartographier ses achats",
            theme="Analyse des achats",
            starts_at=self.in_days(10),
            ends_at=self.in_days(10) + timedelta(hours=3),
            place="CCI Hérault, salle Méditerranée",
            video_url=None,
            capacity=12,
        )
        return replace(details, **changes)  # type: ignore[arg-type]

    def workshop(self, cohort: str = "2027", **changes: object) -> Workshop:
        command = workshops.ScheduleWorkshop(
            programme="cesar", cohort_label=cohort, details=self.details(**changes)
        )
        return self.world.do(workshops.schedule_workshop, command)

    def buyer(self, name: str = "Ville de Mauguio") -> UUID:
        """A buyer whose agreement is signed."""
        application = self.world.accept(self.world.apply(name))
        self.world.do(decisions.enrol, application.id)
        return application.organisation_id

    def register(
        self, workshop: Workshop, organisation_id: UUID, email: str = CLAIRE, name: str = "Claire Martin"
    ) -> Registration:
        command = workshop_registrations.Register(
            workshop_id=workshop.id, organisation_id=organisation_id, name=name, email=email
        )
        return self.world.do(workshop_registrations.register, command)

    def adviser(self, email: str = JULIEN, name: str = "Julien Valmary") -> Person:
        return self.world.person(email, Role.ADVISER, name=name)

    def follow(self, adviser: Person, organisation_id: UUID) -> None:
        self.world.do(assignments.assign_adviser, "cesar", organisation_id, adviser.id, None)

    def slot(self, adviser: Person, days: float = 5, **changes: object) -> Slot:
        [slot] = self.slots(adviser, days, **changes)
        return slot

    def slots(self, adviser: Person, days: float = 5, weeks: int = 1) -> list[Slot]:
        command = appointment_cases.PublishSlots(
            programme="cesar",
            adviser_id=adviser.id,
            starts_at=self.in_days(days),
            ends_at=self.in_days(days) + timedelta(hours=1),
            place="CCI Hérault",
            video_url=None,
            weeks=weeks,
        )
        return self.world.do(appointment_cases.publish_slots, command)

    def book(self, slot: Slot, organisation_id: UUID, email: str = CLAIRE) -> Appointment:
        person = self.world.person(email, Role.BUYER)
        command = appointment_cases.Book(
            slot_id=slot.id, organisation_id=organisation_id, person_id=person.id, subject="Nos clauses"
        )
        return self.world.do(appointment_cases.book, command)
