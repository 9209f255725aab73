"""An applicant who has given up without withdrawing the application, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.chassis.web.access import requires
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.handlers import offers
from services.enrolment.handlers.decisions import locked
from services.enrolment.web.application_details import application_detail
from services.enrolment.web.schemas.api import ApplicationDetail
from services.enrolment.web.schemas.applications import WithdrawalSchema
from services.enrolment.web.visible_applications import managed_application

withdrawal_api = Blueprint(
    "withdrawal_api",
    __name__,
    url_prefix="/applications/<uuid:application_id>/withdrawal",
    description="Applicants who have given up without withdrawing.",
)


@withdrawal_api.put("")
@requires("manager")
@withdrawal_api.etag
@withdrawal_api.arguments(WithdrawalSchema)
@withdrawal_api.response(200, ApplicationDetail)
def withdraw_on_behalf(details: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """Withdraw an application on the applicant's behalf. The tag is the application's.

    The place goes to the first on the waiting list, if anybody waits. 409 once the agreement is signed, or
    when the application was declined or withdrawn.
    """
    with reading() as session:
        managed_application(session, application_id)
    with unit_of_work() as work:
        application, _cohort = locked(application_id, work)
        withdrawal_api.check_etag(application_detail(work.session, application), ApplicationDetail)
        by = signed_in_person().person_id
        return application_detail(
            work.session, offers.withdraw_on_behalf(application_id, by, details["reason"], work)
        )
