"""What a manager does for many buyers at once, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.chassis.web.access import requires
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.agreement import Agreement
from services.enrolment.domain.workshop_registration import Registration
from services.enrolment.handlers import agreements, workshop_registrations
from services.enrolment.handlers.assignments import assign_advisers
from services.enrolment.storage import appointments, queries
from services.enrolment.storage.appointments import FollowedBuyer
from services.enrolment.web.identities import check_may
from services.enrolment.web.meetings import team_workshop, visible_buyers_at
from services.enrolment.web.schemas.at_once import AssignmentsInput, BuyersInput, ProposedAgreement
from services.enrolment.web.schemas.meetings_api import FollowedBuyerOutput, RegistrationOutput

at_once_api = Blueprint("at_once_api", __name__, description="What is done for many buyers at once.")


@at_once_api.post("/programmes/<slug>/cohorts/<label>/agreements")
@requires("manager")
@at_once_api.response(201, ProposedAgreement(many=True))
def propose_agreements(slug: str, label: str) -> list[Agreement]:
    """Propose an agreement to every accepted buyer with a SIRET that has none yet."""
    check_may(slug, "manager")
    with unit_of_work() as work:
        cohort_id = queries.cohort_by_label(work.session, slug, label).id
        return agreements.propose_all(cohort_id, signed_in_person().person_id, work)


@at_once_api.post("/programmes/<slug>/advisers/assignments")
@requires("manager")
@at_once_api.arguments(AssignmentsInput)
@at_once_api.response(200, FollowedBuyerOutput(many=True))
def assign_all(details: dict[str, Any], slug: str) -> list[FollowedBuyer]:
    """Let each of these buyers be followed by its adviser, or by nobody; all of them or none."""
    check_may(slug, "manager")
    chosen = {each["organisation_id"]: each["adviser_id"] for each in details["assignments"]}
    with unit_of_work() as work:
        assign_advisers(slug, chosen, signed_in_person().person_id, work)
        work.session.flush()
        return appointments.buyers_and_advisers(work.session, slug)


@at_once_api.post("/workshops/<uuid:workshop_id>/contacts")
@requires("manager", "adviser")
@at_once_api.arguments(BuyersInput)
@at_once_api.response(201, RegistrationOutput(many=True))
def register_contacts(details: dict[str, Any], workshop_id: UUID) -> Sequence[Registration]:
    """Give the contacts of several buyers that one accompanies a place, or one on the waiting list."""
    with reading() as session:
        mine = visible_buyers_at(signed_in_person(), session, team_workshop(session, workshop_id))
    chosen = [each for each in details["organisation_ids"] if mine is None or each in mine]
    with unit_of_work() as work:
        return workshop_registrations.register_contacts(workshop_id, chosen, work)
