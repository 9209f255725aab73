"""Places that become free, offered to the waiting list one after another."""

from __future__ import annotations

from uuid import UUID

from services.chassis.service import Runtime
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.working_days import next_working_day
from services.enrolment.domain.application import Application
from services.enrolment.domain.decision import Verdict, offer_ends
from services.enrolment.domain.programme import Cohort, CohortState
from services.enrolment.handlers.agreements import make_agreement_void
from services.enrolment.handlers.application_log import record_decision
from services.enrolment.handlers.decisions import locked
from services.enrolment.storage import queries
from services.enrolment.storage.application_queries import ended_offers, first_waiting

_AT_ONCE = 100


def withdraw(application_id: UUID, unit_of_work: UnitOfWork, by: UUID | None = None) -> Application:
    """The applicant gives up, or does not want the place that is offered; it goes to the next.

    Raises Conflict when the agreement is signed already.
    """
    application, cohort = locked(application_id, unit_of_work)
    frees_place = application.has_place
    application.withdraw(unit_of_work.now)
    record_decision(application, Verdict.WITHDRAW, "withdrawn", by, unit_of_work)
    return _let_go(application, cohort, unit_of_work, frees_place=frees_place)


def withdraw_on_behalf(application_id: UUID, by: UUID, reason: str, unit_of_work: UnitOfWork) -> Application:
    """The applicant has given up and does not say so here: the team notes it, and the place goes to the next.

    The applicant reads ``reason``. Raises Conflict when the agreement is signed already, DomainError without
    a reason.
    """
    application, cohort = locked(application_id, unit_of_work)
    frees_place = application.has_place
    application.withdraw_on_behalf(by, unit_of_work.now, reason)
    record_decision(
        application,
        Verdict.WITHDRAW_ON_BEHALF,
        "withdrawn",
        by,
        unit_of_work,
        reason=application.reason or "",
    )
    return _let_go(application, cohort, unit_of_work, frees_place=frees_place)


def take_offer(application_id: UUID, by: UUID | None, unit_of_work: UnitOfWork) -> Application:
    """The applicant wants the place. Raises Conflict when it is not offered, or not any more."""
    application, _cohort = locked(application_id, unit_of_work)
    application.take_offered_place(by, unit_of_work.now)
    return record_decision(application, Verdict.TAKE_OFFER, "accepted", by, unit_of_work)


def offer_free_place(cohort: Cohort, unit_of_work: UnitOfWork) -> Application | None:
    """Offer one place to the first who waits, if there is one of either. The cohort is locked by the caller.

    The time to answer ends on a working day, at 18:00 in Paris.
    """
    session = unit_of_work.session
    session.flush()
    application = first_waiting(session, cohort.id)
    is_full = queries.places_taken(session, cohort.id) >= cohort.capacity
    if application is None or is_full or cohort.state is CohortState.COMPLETED:
        return None
    application.offer_place(offer_ends(unit_of_work.now, cohort.offer_days, next_working_day))
    with unit_of_work.by_itself():
        return record_decision(application, Verdict.OFFER, "place_offered", None, unit_of_work)


def let_ended_offers_lapse(runtime: Runtime) -> int:
    """Withdraw what was not answered in time and offer each place to the next; how many there were.

    Called by the clock, again and again: each offer ends in a transaction of its own.
    """
    with runtime.read() as session:
        ended = ended_offers(session, runtime.clock(), _AT_ONCE)
    for application_id in ended:
        with runtime.unit_of_work() as unit_of_work:
            let_offer_lapse(application_id, unit_of_work)
    return len(ended)


def let_offer_lapse(application_id: UUID, unit_of_work: UnitOfWork) -> None:
    """Nothing happens when the applicant has answered meanwhile."""
    application, cohort = locked(application_id, unit_of_work)
    if application.offered_until is None or unit_of_work.now < application.offered_until:
        return
    application.let_offer_lapse(unit_of_work.now)
    record_decision(application, Verdict.LAPSE, "withdrawn", None, unit_of_work)
    offer_free_place(cohort, unit_of_work)


def _let_go(
    application: Application, cohort: Cohort, unit_of_work: UnitOfWork, *, frees_place: bool
) -> Application:
    make_agreement_void(application, unit_of_work)
    if frees_place:
        offer_free_place(cohort, unit_of_work)
    return application
