"""The people of an organisation that is part of another now, and the way back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.events.people import person_snapshot
from services.enrolment.handlers.user_sessions import end_what_acts_as
from services.enrolment.storage import merges


def move_people(
    merged_id: UUID, kept_id: UUID, unit_of_work: UnitOfWork, *, programme: str | None = None
) -> list[dict[str, Any]]:
    """Let those of the merged organisation act for the kept one, in all programmes or in one.

    What they had, to be given back.
    """
    moved: list[dict[str, Any]] = []
    for person in merges.people_of(unit_of_work.session, merged_id):
        had = [
            grant
            for grant in person.grants
            if grant.organisation_id == merged_id and programme in (None, grant.programme)
        ]
        given = [PersonGrant(grant.role, grant.programme, kept_id) for grant in had]
        new = [grant for grant in given if grant not in person.grants]
        person.grants = [grant for grant in person.grants if grant not in had] + new
        _record(person, unit_of_work)
        _end(person, had, unit_of_work)
        moved.append({"id": str(person.id), "had": _stored(had), "given": _stored(new)})
    return moved


def give_back_people(
    moved: list[dict[str, Any]], merged_id: UUID, kept_id: UUID, unit_of_work: UnitOfWork
) -> None:
    """Let them act for their own organisation again, and for the other only if they did before.

    A role that was taken from them meanwhile stays taken.
    """
    for each in moved:
        person = unit_of_work.get(Person, UUID(each["id"]), lock=True)
        had, given = _grants(each["had"], merged_id), _grants(each["given"], kept_id)
        back = [grant for grant in had if PersonGrant(grant.role, grant.programme, kept_id) in person.grants]
        kept = [grant for grant in person.grants if grant not in given]
        person.grants = kept + [grant for grant in back if grant not in kept]
        _record(person, unit_of_work)
        _end(person, given, unit_of_work)


def _stored(grants: list[PersonGrant]) -> list[tuple[str, str | None]]:
    return [(grant.role.value, grant.programme) for grant in grants]


def _grants(stored: list[tuple[str, str | None]], organisation_id: UUID) -> list[PersonGrant]:
    return [PersonGrant(Role(role), programme, organisation_id) for role, programme in stored]


def _end(person: Person, lost: list[PersonGrant], unit_of_work: UnitOfWork) -> None:
    for grant in lost:
        end_what_acts_as(person, grant, unit_of_work)


def _record(person: Person, unit_of_work: UnitOfWork) -> None:
    unit_of_work.record(person, "enrolment.person.updated", person_snapshot(person))
