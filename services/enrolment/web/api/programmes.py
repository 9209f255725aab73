"""Programmes, cohorts and applications, for programs."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from services.chassis.web.access import public, requires
from services.chassis.web.work import reading
from services.enrolment.domain.person import Person
from services.enrolment.events.applications import ApplicationSnapshot, application_snapshot
from services.enrolment.events.programmes import (
    CohortSnapshot,
    ProgrammeSnapshot,
    cohort_snapshot,
    programme_snapshot,
)
from services.enrolment.storage import queries
from services.enrolment.web.visible_applications import check_may_see_applications_of

programmes_api = Blueprint(
    "programmes_api", __name__, url_prefix="/programmes", description="Programmes, cohorts and applications."
)


@programmes_api.get("")
@public
@programmes_api.response(200, ProgrammeSnapshot(many=True))
def list_programmes() -> list[dict[str, Any]]:
    """All programmes."""
    with reading() as session:
        return [programme_snapshot(programme) for programme in queries.all_programmes(session)]


@programmes_api.get("/<slug>/cohorts")
@public
@programmes_api.response(200, CohortSnapshot(many=True))
def list_cohorts(slug: str) -> list[dict[str, Any]]:
    """The cohorts of a programme, the latest first."""
    with reading() as session:
        queries.programme_by_slug(session, slug)
        return [cohort_snapshot(cohort) for cohort in queries.cohorts_of(session, slug)]


@programmes_api.get("/<slug>/cohorts/<label>/applications")
@requires("manager", "adviser", "jury")
@programmes_api.response(200, ApplicationSnapshot(many=True))
def list_applications(slug: str, label: str) -> list[dict[str, Any]]:
    """The applications of a cohort, the first submitted first."""
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        check_may_see_applications_of(session, cohort)
        return [
            application_snapshot(
                application, cohort, organisation, session.get_one(Person, application.contact_id)
            )
            for application, organisation in queries.applications_of(session, cohort.id)
        ]
