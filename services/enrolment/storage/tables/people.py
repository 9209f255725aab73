"""People, what was granted to them, and their sign-in links."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Dialect, ForeignKey, Integer, String, Table, Uuid
from sqlalchemy.types import TypeDecorator

from services.chassis.columns import Instant
from services.enrolment.domain.person import Person, PersonGrant, Role, SignInLink
from services.enrolment.storage.tables.base import map_aggregate, metadata


class Grants(TypeDecorator[list[PersonGrant]]):
    """A person's grants as a JSON list: they are read and written as a whole, with the person."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: list[PersonGrant] | None, dialect: Dialect) -> Any:
        return [
            {
                "role": grant.role.value,
                "programme": grant.programme,
                "organisation_id": str(grant.organisation_id) if grant.organisation_id else None,
            }
            for grant in value or ()
        ]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[PersonGrant]:
        return [
            PersonGrant(
                Role(grant["role"]),
                grant["programme"],
                UUID(grant["organisation_id"]) if grant["organisation_id"] else None,
            )
            for grant in value or ()
        ]


people = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False, unique=True),
    Column("locale", String(5), nullable=False),
    Column("grants", Grants, nullable=False),
)

sign_in_links = Table(
    "sign_in_link",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("person_id", Uuid, ForeignKey(people.c.id), nullable=False, index=True),
    Column("token_digest", String(64), nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

map_aggregate(Person, people)
map_aggregate(SignInLink, sign_in_links)
