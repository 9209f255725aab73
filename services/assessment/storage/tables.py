"""Assessment's tables, and how its entities are mapped onto them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import attribute_keyed_dict, composite, registry, relationship
from sqlalchemy.types import TypeDecorator

from services.assessment.domain.answers import Answer, Proof
from services.assessment.domain.assessment import Assessment, Contact, State
from services.assessment.domain.referential import Profile, Value
from services.assessment.domain.sharing import Scope, Sharing
from services.chassis.columns import Instant, Word
from services.chassis.messages import service_metadata

metadata = service_metadata()


class AnswerValue(TypeDecorator[Value]):
    """The value of an answer as JSON: a text, a list of texts, true or false, a number; NULL when open."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Value | None, dialect: Dialect) -> Any:
        return list(value) if isinstance(value, tuple) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Value | None:
        match value:
            case list():
                return tuple(value)
            case int() if not isinstance(value, bool):
                return float(value)
            case _:
                return value


class Scopes(TypeDecorator[frozenset[Scope]]):
    """What is shared, as a JSON list in the order of the enumeration."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Collection[Scope] | None, dialect: Dialect) -> Any:
        return [part.value for part in Scope if part in (value or ())]

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[Scope]:
        return frozenset(Scope(part) for part in value or ())


assessments = Table(
    "assessment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), nullable=False),
    Column("enrolment_id", Uuid, nullable=False, index=True),
    Column("organisation_id", Uuid, nullable=False, index=True),
    Column("organisation_name", String(200), nullable=False),
    Column("contact_person_id", Uuid),
    Column("contact_name", String(200), nullable=False),
    Column("contact_email", String(254), nullable=False),
    Column("contact_locale", String(5), nullable=False),
    Column("referential", String(60), nullable=False),
    Column("referential_version", String(12), nullable=False),
    Column("size", String(12)),
    Column("sector", String(6)),
    Column("legal_form", String(12)),
    Column("state", Word(State), nullable=False),
    Column("assigned_at", Instant, nullable=False),
    Column("saved_at", Instant),
    Column("started_at", Instant),
    Column("submitted_at", Instant),
    Column("submitted_by", Uuid),
    Column("reviewer_id", Uuid),
    Column("reviewer_name", String(200)),
    Column("validated_at", Instant),
    Column("comment", Text),
    Column("score", Float),
    Column("level", Integer),
    Column("answered", Integer, nullable=False),
    Column("applicable", Integer, nullable=False),
)
Index("ix_assessment_programme_state", assessments.c.programme, assessments.c.state)

answers = Table(
    "answer",
    metadata,
    Column("assessment_id", Uuid, ForeignKey(assessments.c.id), primary_key=True),
    Column("question", String(60), primary_key=True),
    Column("value", AnswerValue),
    Column("reason", Text),
    Column("given_at", Instant),
    Column("verified_at", Instant),
    Column("verified_by", String(200)),
)

proofs = Table(
    "proof",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("assessment_id", Uuid, nullable=False),
    Column("question", String(60), nullable=False),
    Column("name", String(200), nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("size", Integer, nullable=False, comment="bytes"),
    Column("added_at", Instant, nullable=False),
    ForeignKeyConstraint(["assessment_id", "question"], [answers.c.assessment_id, answers.c.question]),
    Index("ix_proof_assessment_id_question", "assessment_id", "question"),
)

# Apart from the proof, so that reading answers never reads files.
proof_contents = Table(
    "proof_content",
    metadata,
    Column("proof_id", Uuid, ForeignKey(proofs.c.id, ondelete="CASCADE"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

sharings = Table(
    "sharing",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), nullable=False),
    Column("assessment_id", Uuid, ForeignKey(assessments.c.id), nullable=False),
    Column("supplier_organisation_id", Uuid, nullable=False),
    Column("supplier_name", String(200), nullable=False),
    Column("buyer_organisation_id", Uuid, nullable=False, index=True),
    Column("buyer_name", String(200), nullable=False),
    Column("scope", Scopes, nullable=False),
    Column("granted_at", Instant),
    Column("revoked_at", Instant),
    UniqueConstraint("assessment_id", "buyer_organisation_id"),
)

# What other services told; each row carries the version of the snapshot that it comes from.

programmes = Table(
    "programme",
    metadata,
    Column("slug", String(60), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("version", Integer, nullable=False),
)

organisations = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("legal_form", String(12)),
    Column("naf_code", String(6)),
    Column("size", String(12)),
    Column("version", Integer, nullable=False),
)

suppliers = Table(
    "supplier",
    metadata,
    Column("enrolment_id", Uuid, primary_key=True),
    Column("programme", String(60), nullable=False),
    Column("organisation_id", Uuid, nullable=False, index=True),
    Column("organisation_name", String(200), nullable=False),
    Column("naf_code", String(6)),
    Column("size", String(12)),
    Column("contact", JSON, nullable=False),
    Column("invited_by", JSON, nullable=False),
    Column("version", Integer, nullable=False),
)

buyers = Table(
    "buyer",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("programme", String(60), nullable=False, index=True),
    Column("organisation_id", Uuid, nullable=False),
    Column("organisation_name", String(200), nullable=False),
    Column("state", String(24), nullable=False),
    Column("version", Integer, nullable=False),
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

PROJECTIONS = (programmes, organisations, suppliers, buyers, adviser_assignments)

_mapper = registry(metadata=metadata)
_mapper.map_imperatively(Proof, proofs)
_mapper.map_imperatively(
    Answer,
    answers,
    properties={
        "proofs": relationship(
            Proof, cascade="all, delete-orphan", order_by=proofs.c.added_at, lazy="selectin"
        )
    },
)
_columns = assessments.c
_mapper.map_imperatively(
    Assessment,
    assessments,
    # The unit of work counts versions; the database only refuses an update that comes from an older one.
    version_id_col=_columns.version,
    version_id_generator=False,
    properties={
        "contact": composite(
            Contact,
            _columns.contact_person_id,
            _columns.contact_name,
            _columns.contact_email,
            _columns.contact_locale,
        ),
        "profile": composite(
            Profile, _columns.size, _columns.sector, _columns.legal_form, return_none_on=None
        ),
        "answers": relationship(
            Answer, collection_class=attribute_keyed_dict("question"), cascade="all, delete-orphan"
        ),
    },
)
_mapper.map_imperatively(Sharing, sharings, version_id_col=sharings.c.version, version_id_generator=False)
