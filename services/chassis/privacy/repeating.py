"""Erasures that outlive a restored backup: listed without anybody's name, and done again.

A backup from before an erasure has the person in it. The list is small and says nothing to those who do not
know already; kept apart from the backups, it lets every service erase again what was erased since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load
from sqlalchemy import MetaData, inspect, select

from services.chassis.events import Event, new_id
from services.chassis.messages import erased_person
from services.chassis.privacy.taking_part import ERASURE_CONFIRMED
from services.chassis.service import Runtime

_SET_ASIDE = "before_restore"


@dataclass(frozen=True)
class Erasure:
    """Who was erased, when; ``address_digests`` are those of ``privacy.subject``."""

    person_id: UUID
    address_digests: tuple[str, ...]
    erased_at: datetime


class BadList(ValueError):
    """The list of erasures cannot be read."""


class _ErasureSchema(Schema):
    person_id = fields.UUID(required=True)
    address_digests = fields.List(fields.String(), required=True)
    erased_at = fields.AwareDateTime(required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Erasure:
        return Erasure(**{**data, "address_digests": tuple(data["address_digests"])})


def erasures_of(runtime: Runtime) -> list[Erasure]:
    """Everybody whom the service has erased, the first one first."""
    with runtime.read() as session:
        return _found(session.execute(select(erased_person).order_by(erased_person.c.erased_at)).all())


def set_aside(runtime: Runtime) -> list[Erasure]:
    """Whom the service had erased before its database was put back: that state is kept beside it for a while.

    Empty where nothing is kept. See deploy/files/data/restore.sh.
    """
    before = erased_person.to_metadata(MetaData(), schema=_SET_ASIDE)
    if runtime.database.is_sqlite or not inspect(runtime.database.engine).has_table(before.name, _SET_ASIDE):
        return []
    with runtime.read() as session:
        return _found(session.execute(select(before).order_by(before.c.erased_at)).all())


def as_list(erasures: Iterable[Erasure]) -> list[dict[str, Any]]:
    """The erasures as JSON values."""
    return [_ErasureSchema().dump(erasure) for erasure in erasures]


def read_list(listed: Any) -> list[Erasure]:
    """What ``as_list`` wrote. Raises BadList."""
    try:
        return list(_ErasureSchema(many=True).load(listed))
    except ValidationError as error:
        raise BadList(f"This is no list of erasures: {error.messages}") from error


def repeat(runtime: Runtime, erasures: Iterable[Erasure]) -> int:
    """Have the service erase all of them (again); how many they were. Repeating it does no harm."""
    number = 0
    for erasure in erasures:
        with runtime.unit_of_work(replaying=True) as unit_of_work:
            runtime.service.reactions.apply(_order(erasure), unit_of_work)
        number += 1
    return number


def _found(rows: Iterable[Any]) -> list[Erasure]:
    return [Erasure(row.person_id, tuple(row.address_digests), row.erased_at) for row in rows]


def _order(erasure: Erasure) -> Event:
    identity = new_id()
    return Event(
        id=identity,
        source="enrolment",
        type=ERASURE_CONFIRMED,
        version=1,
        subject=identity,
        sequence=1,
        time=erasure.erased_at,
        data={
            "id": str(identity),
            "person_id": str(erasure.person_id),
            "address_digests": list(erasure.address_digests),
            "confirmed_at": erasure.erased_at.isoformat(),
        },
        correlation_id=identity,
    )
