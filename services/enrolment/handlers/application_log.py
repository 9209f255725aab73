"""How each change of an application is told to others and kept in the log of decisions."""

from __future__ import annotations

from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.application import Application
from services.enrolment.domain.decision import LoggedDecision, Verdict
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort
from services.enrolment.events.applications import application_snapshot


def record_application(application: Application, what_happened: str, unit_of_work: UnitOfWork) -> Application:
    """Let others know of the application's new state."""
    snapshot = application_snapshot(
        application,
        unit_of_work.get(Cohort, application.cohort_id),
        unit_of_work.get(Organisation, application.organisation_id),
        unit_of_work.get(Person, application.contact_id),
    )
    unit_of_work.record(application, f"enrolment.application.{what_happened}", snapshot)
    return application


def record_decision(
    application: Application,
    verdict: Verdict,
    what_happened: str,
    by: UUID | None,
    unit_of_work: UnitOfWork,
    *,
    reason: str = "",
) -> Application:
    """The same, with a line in the log: who, when, why."""
    unit_of_work.session.flush()
    unit_of_work.session.add(
        LoggedDecision(
            application_id=application.id,
            cohort_id=application.cohort_id,
            verdict=verdict,
            reason=reason,
            by=by,
            decided_at=unit_of_work.now,
        )
    )
    return record_application(application, what_happened, unit_of_work)
