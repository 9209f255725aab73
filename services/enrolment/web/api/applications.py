"""Applications, from being handed in to the decision, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint

from services.chassis.model import Forbidden
from services.chassis.web.access import requires
from services.chassis.web.i18n import current_locale
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import local_today, reading, unit_of_work
from services.enrolment.domain.decision import Decision, Verdict
from services.enrolment.domain.person import Person
from services.enrolment.events.applications import ApplicationSnapshot, application_snapshot
from services.enrolment.handlers import applications, decisions, offers
from services.enrolment.storage import queries
from services.enrolment.storage.application_queries import decision_log
from services.enrolment.web.application_details import application_detail
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.api import (
    ApplicationDetail,
    ApplyBody,
    LoggedDecisionDetail,
    OfferBody,
    SittingBody,
    VerdictBody,
)
from services.enrolment.web.visible_applications import (
    own_application,
    visible_application,
    visible_applications,
)

applications_api = Blueprint("applications_api", __name__, description="Applications and decisions.")

_COHORT = "/programmes/<slug>/cohorts/<label>"
_ONE = "/applications/<uuid:application_id>"


@applications_api.get(f"{_COHORT}/applications")
@requires("manager", "adviser", "jury")
@lists((), "state")
@applications_api.response(200, page_of(ApplicationSnapshot))
def list_applications(slug: str, label: str) -> dict[str, Any]:
    """The applications of a cohort, the first submitted first."""
    state = request.args.get("state")
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        return page_of_rows(
            [
                application_snapshot(
                    application, cohort, organisation, session.get_one(Person, application.contact_id)
                )
                for application, organisation in visible_applications(session, cohort)
                if state in (None, "", application.state)
            ]
        )


@applications_api.post(f"{_COHORT}/applications")
@requires()
@applications_api.arguments(ApplyBody)
@applications_api.response(201, ApplicationDetail)
def apply(details: dict[str, Any], slug: str, label: str) -> dict[str, Any]:
    """Hand an application in, for oneself: ``contact_email`` is the caller's address."""
    if details["contact_email"].casefold() != signed_in_person().email.casefold():
        raise Forbidden("Only the applicant may do this.")
    command = applications.Apply(
        programme=slug,
        cohort_label=label,
        locale=current_locale(),
        today=local_today(),
        applicant_id=signed_in_person().person_id,
        **details,
    )
    with unit_of_work() as work:
        return application_detail(work.session, applications.apply(command, work))


@applications_api.get(_ONE)
@requires("manager", "adviser", "jury", "buyer")
@applications_api.etag
@applications_api.response(200, ApplicationDetail)
def get_application(application_id: UUID) -> dict[str, Any]:
    """One application, for its team, its jury and its applicant."""
    with reading() as session:
        return application_detail(session, visible_application(session, application_id))


@applications_api.put(f"{_ONE}/decision")
@requires("manager")
@applications_api.etag
@applications_api.arguments(VerdictBody)
@applications_api.response(200, ApplicationDetail)
def decide(details: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """Decide on one application: ``accept``, ``waitlist`` or ``decline``. The tag is the application's."""
    with reading() as session:
        check_may(visible_application(session, application_id).programme, "manager")
    with unit_of_work() as work:
        application, cohort = decisions.locked(application_id, work)
        applications_api.check_etag(application_detail(work.session, application), ApplicationDetail)
        decision = Decision(application_id=application_id, **details)
        decisions.decide_all(cohort.id, [decision], signed_in_person().person_id, work)
        return application_detail(work.session, application)


@applications_api.post(f"{_COHORT}/decisions")
@requires("manager")
@applications_api.arguments(SittingBody)
@applications_api.response(201, ApplicationDetail(many=True))
def decide_all(details: dict[str, Any], slug: str, label: str) -> list[dict[str, Any]]:
    """All decisions of a sitting, or none of them. The waiting list gets their order."""
    check_may(slug, "manager")
    with unit_of_work() as work:
        cohort = queries.cohort_by_label(work.session, slug, label)
        chosen = [Decision(**decision) for decision in details["decisions"]]
        decided = decisions.decide_all(cohort.id, chosen, signed_in_person().person_id, work)
        return [application_detail(work.session, application) for application in decided]


@applications_api.get(f"{_COHORT}/decisions")
@requires("manager", "adviser")
@lists()
@applications_api.response(200, page_of(LoggedDecisionDetail))
def list_decisions(slug: str, label: str) -> dict[str, Any]:
    """Who decided what, when and why, the latest first; without a person, the calendar did."""
    check_may(slug, "manager", "adviser")
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        visible = visible_applications(session, cohort)
        # What concerns the whole cohort is about no application.
        seen = {None, *(application.id for application, _organisation in visible)}
        return page_of_rows(
            [
                {**_logged(line.decision), "organisation": line.organisation, "by": line.by}
                for line in decision_log(session, cohort_id=cohort.id)
                if line.decision.application_id in seen
            ]
        )


@applications_api.post(f"{_ONE}/offer")
@requires("buyer")
@applications_api.arguments(OfferBody)
@applications_api.response(201, ApplicationDetail)
def answer_offer(details: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """Take the place that is offered, or leave it to the next on the waiting list."""
    by = _applicant(application_id)
    with unit_of_work() as work:
        if details["answer"] == "take":
            return application_detail(work.session, offers.take_offer(application_id, by, work))
        return application_detail(work.session, offers.withdraw(application_id, work, by))


@applications_api.post(f"{_ONE}/withdrawal")
@requires("buyer")
@applications_api.response(201, ApplicationDetail)
def withdraw(application_id: UUID) -> dict[str, Any]:
    """Give the application up; a place that it holds goes to the next on the waiting list."""
    by = _applicant(application_id)
    with unit_of_work() as work:
        return application_detail(work.session, offers.withdraw(application_id, work, by))


def _applicant(application_id: UUID) -> UUID:
    """The caller, whose application it is. Raises Forbidden."""
    with reading() as session:
        own_application(session, application_id)
    return signed_in_person().person_id


def _logged(decision: Any) -> dict[str, Any]:
    names = ("application_id", "reason", "decided_at")
    return {"verdict": Verdict(decision.verdict), **{name: getattr(decision, name) for name in names}}
