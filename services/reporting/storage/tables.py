"""Reporting's tables: one read model for each kind of aggregate, and the facts.

A row of a read model is what the newest event of its aggregate said; ``version`` is that event's sequence.
There are no foreign keys between them: an event may come before the one that it refers to.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, Identity, Index, Integer, String, Table, Uuid

from services.chassis.columns import Instant, RowNumber
from services.chassis.messages import service_metadata

metadata = service_metadata()

programmes = Table(
    "programme",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("slug", String(60), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("buyer_target", Integer),
    Column("supplier_target", Integer),
)

cohorts = Table(
    "cohort",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), nullable=False, index=True),
    Column("label", String(40), nullable=False),
    Column("state", String(24), nullable=False),
    Column("capacity", Integer, nullable=False),
)

organisations = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("siret", String(14)),
    Column("commune_code", String(5)),
    Column("department", String(3)),
    Column("naf_code", String(6)),
    Column("size", String(12)),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("merged_into", Uuid, comment="the organisation that it turned out to be"),
)

applications = Table(
    "application",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), nullable=False, index=True),
    Column("cohort_label", String(40), nullable=False),
    Column("organisation_id", Uuid, nullable=False),
    Column("organisation_name", String(200), nullable=False),
    Column("legal_form", String(12), nullable=False),
    Column("state", String(24), nullable=False),
)

suppliers = Table(
    "supplier",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), nullable=False, index=True),
    Column("organisation_id", Uuid, nullable=False),
    Column("organisation_name", String(200), nullable=False),
    Column("state", String(24), nullable=False),
    Column("invited_at", Instant),
    Column("enrolled_at", Instant),
    Column("merged_into", Uuid, comment="the enrolment that counts in its place"),
    Column("inviters", JSON, comment="ids of the buyers that invited it; empty for rows from before"),
)

assessments = Table(
    "assessment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), nullable=False, index=True),
    Column("organisation_id", Uuid, nullable=False),
    Column("state", String(24), nullable=False),
    Column("started_at", Instant),
    Column("submitted_at", Instant),
    Column("validated_at", Instant),
    Column("score", Float),
    Column("level", Integer),
    Column("themes", JSON, nullable=False, comment="list of {key, label, score}"),
    Column("trust", JSON, comment="{declared, evidenced, verified}, shares of the score"),
)

sharings = Table(
    "sharing",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), nullable=False, index=True),
    Column("supplier_organisation_id", Uuid, nullable=False),
    Column("buyer_organisation_id", Uuid, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

workshops = Table(
    "workshop",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), nullable=False, index=True),
    Column("state", String(24), nullable=False),
)

workshop_registrations = Table(
    "workshop_registration",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), nullable=False, index=True),
    Column("cohort_label", String(40), nullable=False),
    Column("organisation_id", Uuid, nullable=False),
    Column("workshop_id", Uuid, nullable=False),
    Column("starts_at", Instant, nullable=False, comment="of the workshop"),
    Column("state", String(24), nullable=False),
    Column("present_at", Instant),
)

adviser_assignments = Table(
    "adviser_assignment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), nullable=False),
    Column("organisation_id", Uuid, nullable=False),
    Column("adviser_id", Uuid, index=True),
)

facts = Table(
    "fact",
    metadata,
    Column("number", RowNumber, Identity(), primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("programme", String(60)),
    Column("type", String(120), nullable=False),
    Column("subject", Uuid, nullable=False, comment="the aggregate that the event is about"),
    Column("organisation_id", Uuid),
    Column("counterpart_id", Uuid, comment="the buyer that invited, or that is shown a result"),
    Column("time", Instant, nullable=False),
)
Index("ix_fact_programme_time", facts.c.programme, facts.c.time)
Index("ix_fact_subject_type", facts.c.subject, facts.c.type)

PROJECTIONS = (
    programmes,
    cohorts,
    organisations,
    applications,
    suppliers,
    assessments,
    sharings,
    workshops,
    workshop_registrations,
    adviser_assignments,
    facts,
)
