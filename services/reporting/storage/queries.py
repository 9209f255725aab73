"""What reporting's pages ask of the read models."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.reporting.domain import events
from services.reporting.domain.figures import Evidence
from services.reporting.domain.records import (
    EVER,
    PARIS,
    Assessment,
    Attendance,
    Buyer,
    Cohort,
    Period,
    Programme,
    Sharing,
    State,
    Supplier,
    ThemeScore,
    Trust,
)
from services.reporting.domain.sectors import section_of
from services.reporting.storage.merged import kept_organisations
from services.reporting.storage.tables import (
    applications,
    assessments,
    cohorts,
    facts,
    organisations,
    programmes,
    sharings,
    suppliers,
    workshop_registrations,
    workshops,
)
from services.reporting.territory import epci_of


@dataclass(frozen=True)
class Fact:
    """An event as it was recorded. ``counterpart`` names the buyer that it also concerns."""

    event_id: UUID
    type: str
    subject: UUID
    time: datetime
    organisation: str | None = None
    counterpart: str | None = None


def all_programmes(session: Session) -> list[Programme]:
    """The programmes by name."""
    return [_programme(row) for row in session.execute(select(programmes).order_by(programmes.c.name))]


def revision(session: Session) -> int:
    """A number that grows with every event that is taken in."""
    return session.scalar(select(func.max(facts.c.number))) or 0


def load_state(
    session: Session,
    slug: str,
    now: datetime,
    period: Period = EVER,
    *,
    buyers: frozenset[UUID] | None = None,
) -> State:
    """Everything known of a programme; with ``buyers``, what an adviser sees who follows these.

    ``period`` limits only which facts are counted as seen. Raises NotFound.
    """
    row = session.execute(select(programmes).where(programmes.c.slug == slug)).first()
    if row is None:
        raise NotFound("There is no programme “%(slug)s”.", slug=slug)
    state = State(
        programme=_programme(row),
        now=now,
        cohorts=_cohorts(session, slug),
        buyers=_buyers(session, slug),
        suppliers=_suppliers(session, slug),
        sharings=_sharings(session, slug),
        attendances=_attendances(session, slug),
        seen=_seen(session, slug, period),
    )
    return state if buyers is None else state.of_buyers(buyers)


def latest_facts(
    session: Session,
    slug: str,
    event_types: Sequence[str],
    number: int,
    *,
    among: Collection[UUID] | None = None,
) -> list[Fact]:
    """The latest facts of these types with the names of those concerned, the newest first.

    With ``among``, only what concerns these organisations and no other buyer.
    """
    counterparts = organisations.alias("counterpart")
    query = (
        select(facts, organisations.c.name.label("organisation"), counterparts.c.name.label("counterpart"))
        .outerjoin(organisations, organisations.c.id == facts.c.organisation_id)
        .outerjoin(counterparts, counterparts.c.id == facts.c.counterpart_id)
        .where(facts.c.programme == slug, facts.c.type.in_(event_types))
        .order_by(facts.c.time.desc(), facts.c.number.desc())
        .limit(number)
    )
    if among is not None:
        query = query.where(
            facts.c.organisation_id.in_(among),
            or_(facts.c.counterpart_id.is_(None), facts.c.counterpart_id.in_(among)),
        )
    return [
        Fact(row.event_id, row.type, row.subject, row.time, row.organisation, row.counterpart)
        for row in session.execute(query)
    ]


def event_ids(session: Session, evidence: Iterable[Evidence]) -> Mapping[tuple[UUID, str], UUID]:
    """The id of the newest event of each fact, by its subject and type."""
    wanted = list(evidence)
    query = (
        select(facts.c.subject, facts.c.type, facts.c.event_id)
        .where(facts.c.subject.in_({item.subject for item in wanted}))
        .where(facts.c.type.in_({item.event_type for item in wanted}))
        .order_by(facts.c.time, facts.c.number)
    )
    return {(row.subject, row.type): row.event_id for row in session.execute(query)}


def _programme(row: Row[Any]) -> Programme:
    return Programme(
        slug=row.slug, name=row.name, buyer_target=row.buyer_target, supplier_target=row.supplier_target
    )


def _cohorts(session: Session, slug: str) -> tuple[Cohort, ...]:
    query = select(cohorts).where(cohorts.c.programme == slug).order_by(cohorts.c.label)
    return tuple(
        Cohort(id=row.id, label=row.label, state=row.state, capacity=row.capacity)
        for row in session.execute(query)
    )


def _buyers(session: Session, slug: str) -> tuple[Buyer, ...]:
    enrolled = dict(
        session.execute(
            select(facts.c.subject, func.min(facts.c.time, type_=facts.c.time.type))
            .where(facts.c.programme == slug, facts.c.type == events.APPLICATION_ENROLLED)
            .group_by(facts.c.subject)
        ).all()
    )
    # As for suppliers: the organisation's own events are the newest about its name.
    name = func.coalesce(organisations.c.name, applications.c.organisation_name)
    query = (
        select(applications, name.label("name"))
        .outerjoin(organisations, organisations.c.id == applications.c.organisation_id)
        .where(applications.c.programme == slug)
    )
    return tuple(
        Buyer(
            id=row.id,
            organisation_id=row.organisation_id,
            name=row.name,
            cohort=row.cohort_label,
            legal_form=row.legal_form,
            state=row.state,
            enrolled_at=enrolled.get(row.id),
        )
        for row in session.execute(query.order_by(name))
    )


def _suppliers(session: Session, slug: str) -> tuple[Supplier, ...]:
    of_organisation = _assessments(session, slug)
    # The organisation's own events are the newest about it; the enrolment only knows it as it was then.
    query = (
        select(suppliers, *(column.label(f"its_{column.name}") for column in organisations.c))
        .outerjoin(organisations, organisations.c.id == suppliers.c.organisation_id)
        .where(suppliers.c.programme == slug, suppliers.c.merged_into.is_(None))
        .order_by(suppliers.c.organisation_name)
    )
    return tuple(
        Supplier(
            id=row.id,
            organisation_id=row.organisation_id,
            name=row.its_name or row.organisation_name,
            state=row.state,
            siret=row.its_siret,
            commune=row.its_commune_code,
            epci=epci_of(row.its_commune_code),
            department=row.its_department,
            sector=section_of(row.its_naf_code),
            size=row.its_size,
            latitude=row.its_latitude,
            longitude=row.its_longitude,
            invited_at=row.invited_at,
            enrolled_at=row.enrolled_at,
            inviters=None if row.inviters is None else frozenset(UUID(each) for each in row.inviters),
            assessments=tuple(of_organisation[row.organisation_id]),
        )
        for row in session.execute(query)
    )


def _assessments(session: Session, slug: str) -> defaultdict[UUID, list[Assessment]]:
    found: defaultdict[UUID, list[Assessment]] = defaultdict(list)
    kept = kept_organisations(session)
    for row in session.execute(select(assessments).where(assessments.c.programme == slug)):
        found[kept.get(row.organisation_id, row.organisation_id)].append(
            Assessment(
                id=row.id,
                state=row.state,
                started_at=row.started_at,
                submitted_at=row.submitted_at,
                validated_at=row.validated_at,
                score=row.score,
                level=row.level,
                themes=tuple(ThemeScore(**theme) for theme in row.themes),
                trust=Trust(**row.trust) if row.trust else None,
            )
        )
    return found


def _sharings(session: Session, slug: str) -> tuple[Sharing, ...]:
    query = select(sharings).where(sharings.c.programme == slug)
    kept = kept_organisations(session)
    return tuple(
        Sharing(
            id=row.id,
            supplier_id=kept.get(row.supplier_organisation_id, row.supplier_organisation_id),
            buyer_id=row.buyer_organisation_id,
            active=row.active,
            granted_at=row.changed_at,
        )
        for row in session.execute(query)
    )


def _attendances(session: Session, slug: str) -> tuple[Attendance, ...]:
    table = workshop_registrations
    query = (
        select(table)
        .join(workshops, workshops.c.id == table.c.workshop_id)
        .where(table.c.programme == slug, table.c.state == "registered", workshops.c.state == "held")
        .order_by(table.c.starts_at, table.c.id)
    )
    return tuple(
        Attendance(
            id=row.id,
            organisation_id=row.organisation_id,
            cohort=row.cohort_label,
            starts_at=row.starts_at,
            present=row.present_at is not None,
        )
        for row in session.execute(query)
    )


def _seen(session: Session, slug: str, period: Period) -> dict[str, int]:
    query = (
        select(facts.c.type, func.count())
        .where(facts.c.programme == slug, *_within(period))
        .group_by(facts.c.type)
    )
    return dict(session.execute(query).all())


def _within(period: Period) -> list[ColumnElement[bool]]:
    bounds: list[ColumnElement[bool]] = []
    if period.first is not None:
        bounds.append(facts.c.time >= _midnight(period.first))
    if period.last is not None:
        bounds.append(facts.c.time < _midnight(period.last + timedelta(days=1)))
    return bounds


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS).astimezone(UTC)
