"""The last sign of life of a buyer: when any of its people was last there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, select, union_all
from sqlalchemy.orm import Session

from services.enrolment.storage.contacts import people_of_buyers
from services.enrolment.storage.tables import sign_in_links, user_sessions, workshop_registrations


def last_signs(session: Session, programme: str, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When somebody of each was last there: signed in, registered for a workshop, or came to one."""
    wanted = set(ids)
    of_buyers = {key: found for key, found in people_of_buyers(session, programme).items() if key in wanted}
    everybody = {person.id for found in of_buyers.values() for person in found}
    links, uses = sign_in_links.c, user_sessions.c
    signs = union_all(
        _signs(links.person_id, links.used_at, everybody),
        _signs(uses.person_id, uses.started_at, everybody),
        _signs(uses.person_id, uses.used_at, everybody),
    ).subquery()
    last_of_person = _latest(session.execute(select(signs.c.whose, signs.c.at)))
    table = workshop_registrations.c
    of_organisation = union_all(
        _signs(table.organisation_id, table.asked_at, wanted),
        _signs(table.organisation_id, table.present_at, wanted),
    ).subquery()
    found = _latest(session.execute(select(of_organisation.c.whose, of_organisation.c.at)))
    for organisation_id, theirs in of_buyers.items():
        instants = [last_of_person[person.id] for person in theirs if person.id in last_of_person]
        if instants:
            found[organisation_id] = max([*instants, found.get(organisation_id, instants[0])])
    return found


def _signs(whose: ColumnElement[Any], at: ColumnElement[Any], wanted: Iterable[UUID]) -> Select[Any]:
    return select(whose.label("whose"), at.label("at")).where(whose.in_(wanted), at.is_not(None))


def _latest(rows: Iterable[Row[Any]]) -> dict[UUID, datetime]:
    found: dict[UUID, datetime] = {}
    for row in rows:
        found[row.whose] = max(row.at, found.get(row.whose, row.at))
    return found
