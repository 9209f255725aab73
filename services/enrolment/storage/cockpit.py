"""The buyers of a cohort for its cockpit: a fixed number of queries, however many buyers and suppliers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from services.enrolment.domain.agreement import Party
from services.enrolment.domain.application import ApplicationState
from services.enrolment.domain.appointment import AppointmentState
from services.enrolment.domain.cockpit import Buyer, Milestone
from services.enrolment.domain.contacts import Call
from services.enrolment.domain.programme import Cohort
from services.enrolment.storage.accompanied import Accompanied
from services.enrolment.storage.contacts import count_notes, last_calls
from services.enrolment.storage.signs_of_life import last_signs
from services.enrolment.storage.tables import (
    agreement_signatures,
    agreements,
    applications,
    appointments,
    assignments,
    organisations,
    people,
    phones,
    supplier_assessments,
    supplier_enrolments,
    supplier_inviters,
    workshop_registrations,
    workshops,
)

# Whoever was declined or went away has no way to go on; whoever waits for a place has none yet.
_OVER = (
    ApplicationState.DECLINED,
    ApplicationState.WAITLISTED,
    ApplicationState.WITHDRAWN,
    ApplicationState.LEFT,
)
_advisers = people.alias("adviser")


@dataclass(frozen=True)
class _Meetings:
    first_held: datetime | None
    last_held: datetime | None
    scheduled: int


@dataclass(frozen=True)
class _Invited:
    first: datetime
    last: datetime
    suppliers: int
    assessed: int
    first_assessed: datetime | None


def buyers_of(session: Session, cohort: Cohort, accompanied: Accompanied) -> list[Buyer]:
    """Those buyers of a cohort whom somebody accompanies, by name; not those whose way is over."""
    rows = session.execute(_applications(cohort, accompanied)).all()
    ids = [row.organisation_id for row in rows]
    workshop = _workshops(session, cohort, ids)
    meetings = _appointments(session, cohort.programme, ids)
    invited = _suppliers(session, cohort.programme, ids)
    seen = last_signs(session, cohort.programme, ids)
    called = last_calls(session, cohort.programme, ids)
    notes = count_notes(session, cohort.programme, ids)
    return [
        _buyer(
            row,
            workshop.get(row.organisation_id),
            meetings.get(row.organisation_id),
            invited.get(row.organisation_id),
            seen.get(row.organisation_id),
            called.get(row.organisation_id),
            notes.get(row.organisation_id, 0),
        )
        for row in rows
    ]


def _applications(cohort: Cohort, accompanied: Accompanied) -> Select[Any]:
    return (
        select(
            applications.c.id,
            applications.c.organisation_id,
            applications.c.state,
            applications.c.submitted_at,
            applications.c.decided_at,
            organisations.c.name,
            organisations.c.siret,
            people.c.id.label("contact_id"),
            people.c.name.label("contact_name"),
            people.c.email.label("contact_email"),
            phones.c.number.label("phone"),
            agreements.c.state.label("agreement"),
            _advisers.c.name.label("adviser"),
            _signed_at(Party.CHAMBER).label("signed_at"),
            _signed_at(Party.BUYER).label("signed_by_buyer_at"),
        )
        .join(organisations, organisations.c.id == applications.c.organisation_id)
        .join(people, people.c.id == applications.c.contact_id)
        .outerjoin(phones, phones.c.person_id == people.c.id)
        .outerjoin(agreements, agreements.c.application_id == applications.c.id)
        .outerjoin(
            assignments,
            (assignments.c.organisation_id == applications.c.organisation_id)
            & (assignments.c.programme == applications.c.programme),
        )
        .outerjoin(_advisers, _advisers.c.id == assignments.c.adviser_id)
        .where(
            applications.c.cohort_id == cohort.id,
            applications.c.state.not_in(_OVER),
            accompanied.applications(),
        )
        .order_by(func.lower(organisations.c.name))
    )


def _signed_at(party: Party) -> Any:
    return (
        select(agreement_signatures.c.signed_at)
        .where(agreement_signatures.c.agreement_id == agreements.c.id, agreement_signatures.c.party == party)
        .correlate(agreements)
        .scalar_subquery()
    )


def _workshops(session: Session, cohort: Cohort, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When each first came to a workshop of the cohort."""
    table = workshop_registrations
    query = (
        select(table.c.organisation_id, func.min(workshops.c.starts_at, type_=workshops.c.starts_at.type))
        .join(workshops, workshops.c.id == table.c.workshop_id)
        .where(
            workshops.c.cohort_id == cohort.id,
            table.c.organisation_id.in_(ids),
            table.c.present_at.is_not(None),
        )
        .group_by(table.c.organisation_id)
    )
    return dict(session.execute(query).all())


def _appointments(session: Session, programme: str, ids: Sequence[UUID]) -> dict[UUID, _Meetings]:
    held = appointments.c.state == AppointmentState.HELD
    starts = appointments.c.starts_at
    query = (
        select(
            appointments.c.organisation_id,
            func.min(starts, type_=starts.type).filter(held),
            func.max(starts, type_=starts.type).filter(held),
            func.count().filter(appointments.c.state == AppointmentState.SCHEDULED),
        )
        .where(appointments.c.programme == programme, appointments.c.organisation_id.in_(ids))
        .group_by(appointments.c.organisation_id)
    )
    return {row[0]: _Meetings(*row[1:]) for row in session.execute(query)}


def _suppliers(session: Session, programme: str, ids: Sequence[UUID]) -> dict[UUID, _Invited]:
    """How many suppliers each has invited, and how many of these have handed an assessment in."""
    at, handed_in = supplier_inviters.c.invited_at, supplier_assessments.c.submitted_at
    query = (
        select(
            supplier_inviters.c.organisation_id,
            func.min(at, type_=at.type),
            func.max(at, type_=at.type),
            func.count(supplier_inviters.c.supplier_id.distinct()),
            func.count(supplier_inviters.c.supplier_id.distinct()).filter(handed_in.is_not(None)),
            func.min(handed_in, type_=handed_in.type),
        )
        .join(supplier_enrolments, supplier_enrolments.c.id == supplier_inviters.c.supplier_id)
        .outerjoin(
            supplier_assessments,
            (supplier_assessments.c.organisation_id == supplier_enrolments.c.organisation_id)
            & (supplier_assessments.c.programme == supplier_enrolments.c.programme),
        )
        .where(
            supplier_enrolments.c.programme == programme,
            supplier_enrolments.c.merged_into.is_(None),
            supplier_inviters.c.organisation_id.in_(ids),
        )
        .group_by(supplier_inviters.c.organisation_id)
    )
    return {row[0]: _Invited(*row[1:]) for row in session.execute(query)}


def _buyer(
    row: Row[Any],
    first_workshop: datetime | None,
    meetings: _Meetings | None,
    invited: _Invited | None,
    seen_at: datetime | None,
    call: Call | None,
    notes: int,
) -> Buyer:
    has_a_place = row.state in (
        ApplicationState.ACCEPTED,
        ApplicationState.ENROLLED,
        ApplicationState.COMPLETED,
    )
    signed_at = row.signed_at or (row.decided_at if row.state in _SIGNED else None)
    reached: Mapping[Milestone, datetime | None] = {
        Milestone.APPLIED: row.submitted_at,
        Milestone.ACCEPTED: row.decided_at if has_a_place else None,
        Milestone.AGREEMENT: signed_at,
        Milestone.WORKSHOP: first_workshop,
        Milestone.APPOINTMENT: meetings.first_held if meetings else None,
        Milestone.SUPPLIERS: invited.first if invited else None,
        Milestone.ASSESSED: invited.first_assessed if invited else None,
    }
    signs = (
        row.submitted_at,
        row.signed_by_buyer_at,
        meetings.last_held if meetings else None,
        invited.last if invited else None,
        seen_at,
    )
    return Buyer(
        application_id=row.id,
        organisation_id=row.organisation_id,
        name=row.name,
        state=row.state,
        contact_id=row.contact_id,
        contact_name=row.contact_name,
        contact_email=row.contact_email,
        phone=row.phone,
        agreement=row.agreement,
        adviser=row.adviser,
        reached={milestone: at for milestone, at in reached.items() if at is not None},
        seen_at=max((each for each in signs if each is not None), default=None),
        has_siret=row.siret is not None,
        has_appointment=bool(meetings and meetings.scheduled),
        suppliers=invited.suppliers if invited else 0,
        assessed=invited.assessed if invited else 0,
        notes=notes,
        call=call,
    )


# Those whose agreement was signed outside of the application have no signature here.
_SIGNED = (ApplicationState.ENROLLED, ApplicationState.COMPLETED)
