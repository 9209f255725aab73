"""How people call what has an id: for the audit log, which keeps ids and nobody's name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import FromClause, Table, select, union_all
from sqlalchemy.orm import Session

from services.enrolment.storage.tables import (
    agreements,
    applications,
    appointments,
    assignments,
    cohorts,
    join_requests,
    jurors,
    organisations,
    people,
    programmes,
    role_invitations,
    slots,
    supplier_enrolments,
    workshop_registrations,
    workshops,
)

_AT_ONCE = 1000


def _beside(table: Table, reference: str, named: Table) -> FromClause:
    return table.join(named, named.c.id == table.c[reference])


_of_an_agreement = _beside(agreements, "application_id", applications).join(
    organisations, organisations.c.id == applications.c.organisation_id
)
# From where, the id, the name. An id is of one table only, so that it can be looked for in all at once.
_SOURCES = (
    *((table, table.c.id, table.c.name) for table in (organisations, people, programmes)),
    *((table, table.c.id, table.c.name) for table in (join_requests, role_invitations)),
    (cohorts, cohorts.c.id, cohorts.c.label),
    (workshops, workshops.c.id, workshops.c.title),
    *(
        (_beside(table, "organisation_id", organisations), table.c.id, organisations.c.name)
        for table in (applications, appointments, assignments, supplier_enrolments)
    ),
    *(
        (_beside(table, "person_id", people), table.c.id, people.c.name)
        for table in (jurors, workshop_registrations)
    ),
    (_beside(slots, "adviser_id", people), slots.c.id, people.c.name),
    (_of_an_agreement, agreements.c.id, organisations.c.name),
)


def names_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The names of those of these that have one: an organisation's, a person's, a workshop's title."""
    wanted, found = list(ids), dict[UUID, str]()
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        queries = (
            select(identifier, name).select_from(source).where(identifier.in_(some))
            for source, identifier, name in _SOURCES
        )
        found |= {identifier: name for identifier, name in session.execute(union_all(*queries))}
    return found
