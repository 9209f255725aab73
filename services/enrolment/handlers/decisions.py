"""Decisions on applications, one by one or in one sitting. Each is kept with who took it, when and why.

Whatever is decided locks the cohort first and the application second, so that those who decide at the same
instant take their turns, never wait for each other crosswise, and the cohort's capacity holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.chassis.model import Conflict, DomainError
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.application import Application, ReturnReason
from services.enrolment.domain.decision import Decision, Verdict
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers.application_log import record_application, record_decision
from services.enrolment.storage import queries
from services.enrolment.storage.application_queries import cohort_id_of, last_waiting_rank


def start_review(application_id: UUID, unit_of_work: UnitOfWork) -> Application:
    application = unit_of_work.get(Application, application_id, lock=True)
    application.start_review()
    return record_application(application, "review_started", unit_of_work)


def accept(application_id: UUID, by: UUID | None, unit_of_work: UnitOfWork) -> Application:
    """Give the application a place. Raises Conflict when the cohort is full or somebody decided before."""
    application, cohort = locked(application_id, unit_of_work)
    # Whoever has an offer holds the place already.
    if not application.has_place:
        cohort.check_place_left(queries.places_taken(unit_of_work.session, cohort.id))
    application.accept(by, unit_of_work.now)
    return record_decision(application, Verdict.ACCEPT, "accepted", by, unit_of_work)


def put_on_waiting_list(application_id: UUID, by: UUID | None, unit_of_work: UnitOfWork) -> Application:
    """Behind those who are on it already. Raises Conflict when somebody decided before."""
    application, cohort = locked(application_id, unit_of_work)
    rank = last_waiting_rank(unit_of_work.session, cohort.id) + 1
    application.put_on_waiting_list(by, unit_of_work.now, rank)
    return record_decision(application, Verdict.WAITLIST, "waitlisted", by, unit_of_work)


def decline(application_id: UUID, by: UUID | None, reason: str, unit_of_work: UnitOfWork) -> Application:
    """Raises Conflict when somebody decided before, DomainError without a reason."""
    application, _cohort = locked(application_id, unit_of_work)
    application.decline(by, unit_of_work.now, reason)
    return record_decision(
        application, Verdict.DECLINE, "declined", by, unit_of_work, reason=application.reason or ""
    )


def hand_back(
    application_id: UUID,
    return_reason: ReturnReason,
    reason: str,
    unit_of_work: UnitOfWork,
    by: UUID | None = None,
) -> Application:
    """Ask for a correction. Raises Conflict when somebody decided before, or when it would come too late;
    DomainError without words."""
    application, cohort = locked(application_id, unit_of_work)
    cohort.check_takes_corrections()
    application.hand_back(return_reason, reason)
    return record_decision(
        application, Verdict.RETURN, "returned", by, unit_of_work, reason=application.reason or ""
    )


def enrol(application_id: UUID, unit_of_work: UnitOfWork, by: UUID | None = None) -> Application:
    """The agreement is signed. Raises Conflict unless the application is accepted."""
    application, _cohort = locked(application_id, unit_of_work)
    application.enrol()
    return record_decision(application, Verdict.ENROL, "enrolled", by, unit_of_work)


def decide_all(
    cohort_id: UUID, decisions: Sequence[Decision], by: UUID, unit_of_work: UnitOfWork
) -> list[Application]:
    """Take all decisions of a sitting, or none of them. The waiting list gets the order in which they come.

    Raises what the single decisions raise, with the row's field: ``verdict.ID`` or ``reason.ID``.
    """
    unit_of_work.get(Cohort, cohort_id, lock=True)
    return [_decide(cohort_id, decision, by, unit_of_work) for decision in decisions]


def locked(application_id: UUID, unit_of_work: UnitOfWork) -> tuple[Application, Cohort]:
    """The application and its cohort, both locked. Raises NotFound."""
    cohort_id = cohort_id_of(unit_of_work.session, application_id)
    cohort = unit_of_work.get(Cohort, cohort_id, lock=True)
    return unit_of_work.get(Application, application_id, lock=True), cohort


def _decide(cohort_id: UUID, decision: Decision, by: UUID, unit_of_work: UnitOfWork) -> Application:
    application_id = decision.application_id
    try:
        if cohort_id_of(unit_of_work.session, application_id) != cohort_id:
            raise Conflict("This application is for another cohort.")
        match decision.verdict:
            case Verdict.ACCEPT:
                return accept(application_id, by, unit_of_work)
            case Verdict.WAITLIST:
                return put_on_waiting_list(application_id, by, unit_of_work)
            case Verdict.DECLINE:
                return decline(application_id, by, decision.reason, unit_of_work)
            case _:
                raise DomainError("In a sitting one accepts, puts on the waiting list, or declines.")
    except DomainError as error:
        error.field = f"{error.field or 'verdict'}.{application_id}"
        raise
