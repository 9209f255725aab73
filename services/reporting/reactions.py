"""What reporting takes from other services' events: the newest state of each aggregate, and the fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from services.chassis.events import Event
from services.chassis.privacy.taking_part import answer_requests
from services.chassis.projections import keep_newest, record_fact
from services.chassis.reactions import Reactions
from services.chassis.sessions import heed_ended_sessions
from services.chassis.unit_of_work import UnitOfWork
from services.reporting.domain import events
from services.reporting.reads import (
    AdviserAssignmentRead,
    ApplicationRead,
    AssessmentRead,
    CohortRead,
    NotedRead,
    OrganisationRead,
    ProgrammeRead,
    RegistrationRead,
    SharingRead,
    SupplierRead,
    WorkshopRead,
)
from services.reporting.storage.tables import (
    adviser_assignments,
    applications,
    assessments,
    cohorts,
    facts,
    metadata,
    organisations,
    programmes,
    sharings,
    suppliers,
    workshop_registrations,
    workshops,
)

reactions = Reactions("reporting")
answer_requests(reactions, metadata)
heed_ended_sessions(reactions, "enrolment.session.ended")


@reactions.on("enrolment.programme.created", "enrolment.programme.updated", reads=ProgrammeRead)
def programme_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _take_over(unit_of_work, programmes, event, event.data)
    _note(unit_of_work, event, programme=event.data["slug"])


@reactions.on(
    "enrolment.cohort.planned",
    "enrolment.cohort.updated",
    "enrolment.cohort.opened",
    "enrolment.cohort.review_started",
    "enrolment.cohort.started",
    "enrolment.cohort.completed",
    reads=CohortRead,
)
def cohort_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _take_over(unit_of_work, cohorts, event, event.data)
    _note(unit_of_work, event, programme=event.data["programme"])


@reactions.on(
    "enrolment.organisation.registered",
    "enrolment.organisation.updated",
    "enrolment.organisation.merged",
    "enrolment.organisation.unmerged",
    reads=OrganisationRead,
)
def organisation_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _take_over(unit_of_work, organisations, event, event.data)
    _note(unit_of_work, event, programme=None, organisation_id=event.data["id"])


@reactions.on(
    events.APPLICATION_SUBMITTED,
    "enrolment.application.returned",
    "enrolment.application.review_started",
    events.APPLICATION_ACCEPTED,
    "enrolment.application.waitlisted",
    "enrolment.application.declined",
    "enrolment.application.withdrawn",
    events.APPLICATION_ENROLLED,
    events.APPLICATION_COMPLETED,
    events.APPLICATION_LEFT,
    events.APPLICATION_RESUMED,
    reads=ApplicationRead,
)
def application_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _take_over(unit_of_work, applications, event, event.data)
    _note(
        unit_of_work,
        event,
        programme=event.data["programme"],
        organisation_id=event.data["organisation_id"],
    )


@reactions.on(*events.ENTRIES, *events.CORRECTIONS, reads=SupplierRead)
def supplier_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    values = dict(event.data)
    inviters = values.pop("invited_by")
    buyers = (each["organisation_id"] for each in inviters)
    values["inviters"] = sorted({str(buyer) for buyer in buyers if buyer is not None})
    _take_over(unit_of_work, suppliers, event, values)
    _note(
        unit_of_work,
        event,
        programme=values["programme"],
        organisation_id=values["organisation_id"],
        counterpart_id=inviters[-1]["organisation_id"] if inviters else None,
    )


@reactions.on(*events.ASSESSMENTS, reads=AssessmentRead)
def assessment_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _take_over(unit_of_work, assessments, event, event.data)
    _note(
        unit_of_work,
        event,
        programme=event.data["programme"],
        organisation_id=event.data["organisation_id"],
    )


@reactions.on(*events.SHARINGS, reads=SharingRead)
def sharing_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    values = {**event.data, "active": event.type == events.SHARING_GRANTED, "changed_at": event.time}
    _take_over(unit_of_work, sharings, event, values)
    _note(
        unit_of_work,
        event,
        programme=event.data["programme"],
        organisation_id=event.data["supplier_organisation_id"],
        counterpart_id=event.data["buyer_organisation_id"],
    )


@reactions.on(*events.WORKSHOPS, reads=WorkshopRead)
def workshop_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _take_over(unit_of_work, workshops, event, event.data)
    _note(unit_of_work, event, programme=event.data["programme"])


@reactions.on(*events.REGISTRATIONS, reads=RegistrationRead)
def workshop_registration_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    values = dict(event.data)
    meeting = values.pop("meeting")
    values |= {"workshop_id": meeting["id"], "starts_at": meeting["starts_at"]}
    _take_over(unit_of_work, workshop_registrations, event, values)
    _note(unit_of_work, event, programme=values["programme"], organisation_id=values["organisation_id"])


@reactions.on(events.ADVISER_CHANGED, reads=AdviserAssignmentRead)
def adviser_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _take_over(unit_of_work, adviser_assignments, event, event.data)
    _note(
        unit_of_work,
        event,
        programme=event.data["programme"],
        organisation_id=event.data["organisation_id"],
    )


@reactions.on(*events.NOTED, reads=NotedRead)
def something_happened(event: Event, unit_of_work: UnitOfWork) -> None:
    _note(unit_of_work, event, programme=event.data["programme"])


def _take_over(unit_of_work: UnitOfWork, table: Table, event: Event, data: Mapping[str, Any]) -> None:
    values = dict(data)
    keep_newest(unit_of_work, table, {"id": values.pop("id")}, event, values)


def _note(
    unit_of_work: UnitOfWork,
    event: Event,
    *,
    programme: str | None,
    organisation_id: UUID | None = None,
    counterpart_id: UUID | None = None,
) -> None:
    record_fact(
        unit_of_work,
        facts,
        event,
        {
            "programme": programme,
            "type": event.type,
            "subject": event.subject,
            "organisation_id": organisation_id,
            "counterpart_id": counterpart_id,
            "time": event.time,
        },
    )
