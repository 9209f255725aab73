"""Enrolment's tables, and how its entities are mapped onto them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Dialect,
    Float,
    ForeignKey,
    Identity,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import registry, relationship
from sqlalchemy.types import TypeDecorator

from services.chassis.columns import Instant, RowNumber, Word
from services.chassis.messages import service_metadata
from services.enrolment.domain.application import Application, ApplicationState
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, PersonGrant, Role, SignInLink
from services.enrolment.domain.programme import Cohort, CohortState, Programme
from services.enrolment.domain.supplier import Invitation, Inviter, SupplierEnrolment, SupplierState

metadata = service_metadata()


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


programmes = Table(
    "programme",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("slug", String(60), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("description", Text, nullable=False),
    Column("chamber", String(200), nullable=False),
    Column("contact_email", String(254), nullable=False),
    Column("buyer_target", Integer, nullable=False),
    Column("supplier_target", Integer, nullable=False),
    Column("budget_total", Numeric(12, 2), nullable=False),
    Column("budget_funded", Numeric(12, 2), nullable=False),
)

cohorts = Table(
    "cohort",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("label", String(40), nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("state", Word(CohortState), nullable=False),
    Column("call_opens_on", Date),
    Column("call_closes_on", Date),
    UniqueConstraint("programme", "label"),
)

organisations = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("legal_form", String(12), nullable=False),
    Column("siret", String(14), unique=True),
    Column("email", String(254)),
    Column("commune_code", String(5)),
    Column("commune_name", String(100)),
    Column("department", String(3)),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("naf_code", String(6)),
    Column("size", String(12)),
)

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

applications = Table(
    "application",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("cohort_id", Uuid, ForeignKey(cohorts.c.id), nullable=False, index=True),
    Column("organisation_id", Uuid, ForeignKey(organisations.c.id), nullable=False, index=True),
    Column("contact_id", Uuid, ForeignKey(people.c.id), nullable=False),
    Column("motivation", Text, nullable=False),
    Column("state", Word(ApplicationState), nullable=False),
    Column("return_reason", String(12)),
    Column("reason", Text),
    Column("submitted_at", Instant),
    Column("decided_at", Instant),
    Column("decided_by", Uuid),
    UniqueConstraint("cohort_id", "organisation_id"),
)

supplier_enrolments = Table(
    "supplier_enrolment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("organisation_id", Uuid, ForeignKey(organisations.c.id), nullable=False, index=True),
    Column("contact_name", String(200), nullable=False),
    Column("contact_email", String(254), nullable=False),
    Column("contact_locale", String(5), nullable=False),
    Column("contact_id", Uuid, ForeignKey(people.c.id)),
    Column("state", Word(SupplierState), nullable=False),
    Column("invited_at", Instant),
    Column("enrolled_at", Instant),
    UniqueConstraint("programme", "organisation_id"),
)

supplier_inviters = Table(
    "supplier_inviter",
    metadata,
    Column("position", RowNumber, Identity(), primary_key=True),
    Column("supplier_id", Uuid, ForeignKey(supplier_enrolments.c.id), nullable=False, index=True),
    Column("organisation_id", Uuid, index=True),
    Column("organisation_name", String(200), nullable=False),
    Column("invited_at", Instant, nullable=False),
)

invitations = Table(
    "invitation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("supplier_id", Uuid, ForeignKey(supplier_enrolments.c.id), nullable=False, index=True),
    Column("email", String(254), nullable=False),
    Column("token_digest", String(64), nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

_mapper = registry(metadata=metadata)
_mapper.map_imperatively(Inviter, supplier_inviters)
for _entity, _table in (
    (Programme, programmes),
    (Cohort, cohorts),
    (Organisation, organisations),
    (Person, people),
    (SignInLink, sign_in_links),
    (Application, applications),
    (Invitation, invitations),
):
    # The unit of work counts versions; the database only refuses an update that comes from an older one.
    _mapper.map_imperatively(_entity, _table, version_id_col=_table.c.version, version_id_generator=False)
_mapper.map_imperatively(
    SupplierEnrolment,
    supplier_enrolments,
    version_id_col=supplier_enrolments.c.version,
    version_id_generator=False,
    properties={"invited_by": relationship(Inviter, order_by=supplier_inviters.c.position, lazy="selectin")},
)
