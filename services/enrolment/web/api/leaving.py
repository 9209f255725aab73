"""A buyer who gives up in the middle of the year, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.chassis.web.access import requires
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import local_today, reading, unit_of_work
from services.enrolment.handlers import leaving
from services.enrolment.handlers.decisions import locked
from services.enrolment.web.application_details import application_detail
from services.enrolment.web.schemas.api import ApplicationDetail
from services.enrolment.web.schemas.applications import BuyerLeavesSchema
from services.enrolment.web.visible_applications import managed_application

leaving_api = Blueprint(
    "leaving_api",
    __name__,
    url_prefix="/applications/<uuid:application_id>/leaving",
    description="Buyers who give up in the middle of the year.",
)


@leaving_api.put("")
@requires("manager")
@leaving_api.etag
@leaving_api.arguments(BuyerLeavesSchema)
@leaving_api.response(200, ApplicationDetail)
def note_leaving(details: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """Note that an enrolled buyer has left. The tag is the application's. 409 when it is not enrolled.

    The place goes to the first on the waiting list, if anybody waits.
    """
    _check_manages(application_id)
    by = signed_in_person().person_id
    command = leaving.NoteLeaving(application_id=application_id, by=by, today=local_today(), **details)
    with unit_of_work() as work:
        application, _cohort = locked(application_id, work)
        leaving_api.check_etag(application_detail(work.session, application), ApplicationDetail)
        return application_detail(work.session, leaving.note_leaving(command, work))


@leaving_api.delete("")
@requires("manager")
@leaving_api.etag
@leaving_api.response(200, ApplicationDetail)
def undo_leaving(application_id: UUID) -> dict[str, Any]:
    """They have not left after all: possible for two weeks, unless their place is given again (409)."""
    _check_manages(application_id)
    with unit_of_work() as work:
        application, _cohort = locked(application_id, work)
        leaving_api.check_etag(application_detail(work.session, application), ApplicationDetail)
        by = signed_in_person().person_id
        return application_detail(work.session, leaving.undo_leaving(application_id, by, work))


def _check_manages(application_id: UUID) -> None:
    with reading() as session:
        managed_application(session, application_id)
