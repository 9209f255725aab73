"""What the public register of companies answered, and when it may be asked again."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table

from services.chassis.columns import Instant
from services.enrolment.storage.tables.base import metadata

register_answers = Table(
    "company_register_answer",
    metadata,
    Column("siret", String(14), primary_key=True),
    Column("asked_at", Instant, nullable=False),
    Column(
        "answer", JSON(none_as_null=True), comment="what is known of it; NULL when it knows no such SIRET"
    ),
)

# One row, locked by whoever wants to ask: all processes share one rate and one circuit breaker.
register_turns = Table(
    "company_register_turn",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("next_at", Instant, nullable=False, comment="when the next one may ask"),
    Column("failures", Integer, nullable=False, comment="how many have come one after another"),
    Column("closed_until", Instant, comment="until then nobody asks"),
)
