"""A buyer who gives up in the middle of the year: noted by the team, and undone when it was the wrong one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.chassis.model import Conflict
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.application import Application
from services.enrolment.domain.decision import Verdict
from services.enrolment.handlers.application_log import record_decision
from services.enrolment.handlers.decisions import locked
from services.enrolment.handlers.offers import offer_free_place
from services.enrolment.storage import queries


@dataclass(frozen=True, kw_only=True)
class NoteLeaving:
    """``left_on`` is the day on which the buyer left; the buyer reads ``reason``."""

    application_id: UUID
    left_on: date
    reason: str
    by: UUID
    today: date


def note_leaving(command: NoteLeaving, unit_of_work: UnitOfWork) -> Application:
    """The buyer takes part no longer. What it did stays, and its suppliers go on.

    A place that becomes free goes to the first on the waiting list, also in a running cohort: whoever still
    waits then can refuse it, and with nobody on the list it stays empty. Raises Conflict, DomainError.
    """
    application, cohort = locked(command.application_id, unit_of_work)
    application.leave(command.left_on, command.reason, command.today, unit_of_work.now)
    record_decision(
        application, Verdict.LEAVE, "left", command.by, unit_of_work, reason=application.reason or ""
    )
    offer_free_place(cohort, unit_of_work)
    return application


def undo_leaving(application_id: UUID, by: UUID, unit_of_work: UnitOfWork) -> Application:
    """They have not left after all. Raises Conflict when it is too late or the place is given already."""
    application, cohort = locked(application_id, unit_of_work)
    application.come_back(unit_of_work.now)
    unit_of_work.session.flush()
    if queries.places_taken(unit_of_work.session, cohort.id) > cohort.capacity:
        raise Conflict("Their place was given to the next on the waiting list: none is left.")
    return record_decision(application, Verdict.COME_BACK, "resumed", by, unit_of_work)
