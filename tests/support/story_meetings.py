"""The story's workshops and appointments: all that can happen to them, and to those who come."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.console.demo.cast import BUYERS
from services.console.player.enrolment import EnrolmentPlayer
from services.enrolment.domain.appointment import Appointment
from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.domain.workshop import WorkshopDetails
from services.enrolment.handlers import (
    appointments,
    assignments,
    attendance,
    people,
    workshop_registrations,
    workshops,
)

COHORT = "2023"
Happening = Callable[[UnitOfWork], object]


class Meetings:
    """Two workshops, of which one is cancelled, and two appointments, of which one is."""

    def __init__(self, cast: EnrolmentPlayer) -> None:
        self.cast = cast
        self.buyer = next(
            cast.buyers[buyer.key] for buyer in BUYERS if buyer.cohort == COHORT and buyer.key in cast.buyers
        )
        self.adviser, _ = cast.staff[Role.ADVISER]
        self.workshops: list[UUID] = []
        self.slots: list[UUID] = []
        self.registrations: list[UUID] = []
        self.appointments: list[UUID] = []

    def happenings(self) -> Iterator[tuple[timedelta, Happening]]:
        """What happens, each with the time that has passed since the last."""
        yield timedelta(days=1), self.announce
        yield timedelta(days=1), self.register
        yield timedelta(days=1), self.change
        yield timedelta(days=1), self.step_back
        yield timedelta(days=16), self.take_place
        yield timedelta(days=1), self.follow
        yield timedelta(days=1), self.book
        yield timedelta(days=1), self.move_and_cancel
        yield timedelta(days=20), self.meet

    def announce(self, work: UnitOfWork) -> None:
        for title in ("Cartographier ses achats", "Trouver des fournisseurs locaux"):
            command = workshops.ScheduleWorkshop(
                programme=self.cast.programme, cohort_label=COHORT, details=self._details(title, work.now)
            )
            self.workshops.append(workshops.schedule_workshop(command, work).id)
            work.session.flush()

    def register(self, work: UnitOfWork) -> None:
        for workshop_id in self.workshops:
            for name in ("Ada", "Basile", "Chloé"):
                command = workshop_registrations.Register(
                    workshop_id=workshop_id,
                    organisation_id=self.buyer,
                    name=f"{name} Aubrac",
                    email=f"{name.lower()}@mairie.example",
                )
                self.registrations.append(workshop_registrations.register(command, work).id)

    def change(self, work: UnitOfWork) -> None:
        details = self._details("Cartographier ses achats", work.now - timedelta(days=2))
        elsewhere = WorkshopDetails(**{**vars(details), "place": "Mairie de Sète"})
        workshops.change_workshop(self.workshops[0], elsewhere, work)

    def step_back(self, work: UnitOfWork) -> None:
        workshop_registrations.unregister(self.registrations[1], work)
        workshops.cancel_workshop(self.workshops[1], "L’intervenante est souffrante.", work)

    def take_place(self, work: UnitOfWork) -> None:
        workshop_registrations.mark_attendance(self.workshops[0], set(self.registrations), work)
        workshop_registrations.mark_attendance(self.workshops[0], {self.registrations[0]}, work)
        workshops.hold_workshop(self.workshops[0], None, work)
        correction = attendance.CorrectAttendance(
            workshop_id=self.workshops[0],
            present={self.registrations[0]},
            reason="Une personne a signé la feuille sans être pointée.",
            by=self.adviser,
            added=attendance.WalkIn(self.buyer, "Denise Aubrac"),
        )
        attendance.correct_attendance(correction, work)

    def follow(self, work: UnitOfWork) -> None:
        assignments.assign_adviser(self.cast.programme, self.buyer, self.adviser, None, work)

    def book(self, work: UnitOfWork) -> None:
        grant = PersonGrant(Role.BUYER, self.cast.programme, self.buyer)
        registration = people.RegisterPerson(name="Ada Aubrac", email="ada@mairie.example", grant=grant)
        person = people.register_person(registration, work)
        command = appointments.PublishSlots(
            programme=self.cast.programme,
            adviser_id=self.adviser,
            starts_at=work.now + timedelta(days=7),
            ends_at=work.now + timedelta(days=7, hours=1),
            place="CCI Hérault",
            video_url="https://visio.example/cesar",
            weeks=3,
        )
        self.slots = [slot.id for slot in appointments.publish_slots(command, work)]
        for slot_id in self.slots[:2]:
            booking = appointments.Book(
                slot_id=slot_id,
                organisation_id=self.buyer,
                person_id=person.id,
                subject="Nos critères pour la restauration",
            )
            self.appointments.append(appointments.book(booking, work).id)

    def move_and_cancel(self, work: UnitOfWork) -> None:
        appointments.move(self.appointments[0], self.slots[2], work)
        appointments.cancel(self.appointments[1], "Un conseil municipal ce jour-là.", work)

    def meet(self, work: UnitOfWork) -> None:
        appointment = work.get(Appointment, self.appointments[0])
        appointments.hold(appointment.id, work)
        appointments.write_report(appointment.id, "Deux critères sont retenus.", work)
        appointments.write_note(appointment.id, self.adviser, "Relancer la direction en juin.", work)

    def _details(self, title: str, now: datetime) -> WorkshopDetails:
        return WorkshopDetails(
            title=title,
            theme="Analyse des achats",
            starts_at=now + timedelta(days=18),
            ends_at=now + timedelta(days=18, hours=3),
            place="CCI Hérault",
            video_url="https://visio.example/atelier",
            capacity=2,
            description="Apportez l’export de vos factures.",
        )
