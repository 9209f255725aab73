"""One's own name, language of mails and telephone number."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.person import Person
from services.enrolment.events.people import person_snapshot
from services.enrolment.handlers.contacts import set_phone
from services.enrolment.handlers.profile.copies import let_suppliers_follow


@dataclass(frozen=True, kw_only=True)
class ChangeProfile:
    """``phone`` is the number at which the team reaches the person; an empty one forgets it."""

    person_id: UUID
    name: str
    locale: str
    phone: str


def change_profile(command: ChangeProfile, unit_of_work: UnitOfWork) -> Person:
    """Others learn of a name or a language that is new; what changes nothing is told to nobody."""
    person = unit_of_work.get(Person, command.person_id, lock=True)
    if (person.name, person.locale) != (command.name, command.locale):
        person.name, person.locale = command.name, command.locale
        unit_of_work.record(person, "enrolment.person.updated", person_snapshot(person))
        let_suppliers_follow(person, unit_of_work)
    set_phone(person.id, command.phone, unit_of_work)
    return person
