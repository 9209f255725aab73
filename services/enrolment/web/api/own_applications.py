"""What applicants do with an application that was handed back, for programs. The tag is the application's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.chassis.web.access import requires
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.application import Application
from services.enrolment.handlers import applications, siret_claims
from services.enrolment.web.application_details import application_detail
from services.enrolment.web.parties import party_to
from services.enrolment.web.schemas.api import ApplicationDetail, CorrectionBody
from services.enrolment.web.schemas.applications import SiretSchema
from services.enrolment.web.visible_applications import own_application

own_applications_api = Blueprint(
    "own_applications_api",
    __name__,
    url_prefix="/applications/<uuid:application_id>",
    description="One's own application, corrected and completed.",
)


@own_applications_api.put("")
@requires("buyer")
@own_applications_api.etag
@own_applications_api.arguments(CorrectionBody)
@own_applications_api.response(200, ApplicationDetail)
def correct(details: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """Keep corrections, complete or not. 409 unless the application was handed back."""
    _check_own(application_id)
    with unit_of_work() as work:
        found = work.get(Application, application_id, lock=True)
        own_applications_api.check_etag(application_detail(work.session, found), ApplicationDetail)
        applications.save_correction(application_id, details["motivation"], details["answers"], work)
        return application_detail(work.session, found)


@own_applications_api.put("/submission")
@requires("buyer")
@own_applications_api.etag
@own_applications_api.arguments(CorrectionBody)
@own_applications_api.response(200, ApplicationDetail)
def submit_again(details: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """Hand the application in again, corrected. 409 when it is too late, or was not handed back."""
    _check_own(application_id)
    with unit_of_work() as work:
        found = work.get(Application, application_id, lock=True)
        own_applications_api.check_etag(application_detail(work.session, found), ApplicationDetail)
        applications.submit_again(application_id, details["motivation"], work, details["answers"])
        return application_detail(work.session, found)


@own_applications_api.put("/siret")
@requires("buyer", "manager")
@own_applications_api.etag
@own_applications_api.arguments(SiretSchema)
@own_applications_api.response(200, ApplicationDetail)
def complete_siret(details: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """Say the SIRET that was not known when the application was handed in. 409 when it has another.

    Where another organisation has it, the team is asked to let the applicant join that one.

    For the applicant, and for a manager of the programme.
    """
    with reading() as session:
        party_to(session, application_id)
    with unit_of_work() as work:
        found = work.get(Application, application_id)
        own_applications_api.check_etag(application_detail(work.session, found), ApplicationDetail)
        siret_claims.complete_siret(found, details["siret"], work)
        return application_detail(work.session, found)


def _check_own(application_id: UUID) -> None:
    with reading() as session:
        own_application(session, application_id)
