"""Programmes and their cohorts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Integer, Numeric, String, Table, Text, UniqueConstraint, Uuid

from services.chassis.columns import Word
from services.enrolment.domain.call import Criterion, Question, QuestionKind
from services.enrolment.domain.programme import Cohort, CohortState, Funder, Programme
from services.enrolment.storage.tables.base import map_aggregate, metadata
from services.enrolment.storage.tables.records import Records


def _funder(stored: Mapping[str, Any]) -> Funder:
    days = {
        name: date.fromisoformat(stored[name]) if stored[name] else None for name in ("starts_on", "ends_on")
    }
    return Funder(name=stored["name"], amount=Decimal(stored["amount"]), **days)


def _question(stored: Mapping[str, Any]) -> Question:
    return Question(**{**stored, "kind": QuestionKind(stored["kind"]), "choices": tuple(stored["choices"])})


def _criterion(stored: Mapping[str, Any]) -> Criterion:
    return Criterion(**stored)


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
    Column("funders", Records(_funder), nullable=False, server_default="[]"),
    Column("agreement_template", Text, nullable=False, server_default=""),
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
    Column("jury_on", Date),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("offer_days", Integer, nullable=False, server_default="7"),
    Column("call_text", Text, nullable=False, server_default=""),
    Column("questions", Records(_question), nullable=False, server_default="[]"),
    Column("criteria", Records(_criterion), nullable=False, server_default="[]"),
    UniqueConstraint("programme", "label"),
)

map_aggregate(Programme, programmes)
map_aggregate(Cohort, cohorts)
