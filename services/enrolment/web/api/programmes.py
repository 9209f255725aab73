"""Programmes, cohorts and their calls, for programs."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from services.chassis.web.access import public, requires
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import local_today, reading, unit_of_work
from services.enrolment.domain.call import Criterion, Question
from services.enrolment.domain.programme import Calendar, Cohort, Funder
from services.enrolment.events.programmes import (
    CohortSnapshot,
    ProgrammeSnapshot,
    cohort_snapshot,
    programme_snapshot,
)
from services.enrolment.handlers import programmes
from services.enrolment.storage import queries
from services.enrolment.web.chambers import check_chamber
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.api import CallBody, CohortDetail, ProgrammeBody
from services.enrolment.web.schemas.cohorts import (
    ChangeCohortSchema,
    CohortSchema,
    OpenCallSchema,
    StartCohortSchema,
)
from services.enrolment.web.schemas.programmes import NewProgrammeSchema

programmes_api = Blueprint(
    "programmes_api", __name__, url_prefix="/programmes", description="Programmes, cohorts and their calls."
)


@programmes_api.get("")
@public
@lists()
@programmes_api.response(200, page_of(ProgrammeSnapshot))
def list_programmes() -> dict[str, Any]:
    """All programmes."""
    with reading() as session:
        return page_of_rows([programme_snapshot(each) for each in queries.all_programmes(session)])


@programmes_api.post("")
@requires("manager", "operator")
@programmes_api.arguments(NewProgrammeSchema)
@programmes_api.response(201, ProgrammeSnapshot)
def create_programme(details: dict[str, Any]) -> dict[str, Any]:
    """A programme with its manager; a manager creates those of their own chamber."""
    name, email = details.pop("manager_name"), details.pop("manager_email")
    with unit_of_work() as work:
        check_chamber(details["chamber"], signed_in_person(), work.session)
        command = programmes.CreateProgramme(budget_funded=Decimal(0), **details)
        return programme_snapshot(programmes.create_programme_with_manager(command, name, email, work))


@programmes_api.get("/<slug>")
@public
@programmes_api.etag
@programmes_api.response(200, ProgrammeSnapshot)
def get_programme(slug: str) -> dict[str, Any]:
    """One programme."""
    with reading() as session:
        return programme_snapshot(queries.programme_by_slug(session, slug))


@programmes_api.put("/<slug>")
@requires("manager")
@programmes_api.etag
@programmes_api.arguments(ProgrammeBody)
@programmes_api.response(200, ProgrammeSnapshot)
def change_programme(details: dict[str, Any], slug: str) -> dict[str, Any]:
    """Change what can change of a programme; its short name cannot."""
    check_may(slug, "manager")
    funders = [Funder(**funder) for funder in details.pop("funders")]
    with unit_of_work() as work:
        found = queries.programme_by_slug(work.session, slug, lock=True)
        programmes_api.check_etag(programme_snapshot(found), ProgrammeSnapshot)
        check_chamber(details["chamber"], signed_in_person(), work.session)
        command = programmes.ChangeProgramme(slug=slug, funders=funders, **details)
        return programme_snapshot(programmes.change_programme(command, work))


@programmes_api.get("/<slug>/cohorts")
@public
@lists()
@programmes_api.response(200, page_of(CohortSnapshot))
def list_cohorts(slug: str) -> dict[str, Any]:
    """The cohorts of a programme, the latest first."""
    with reading() as session:
        queries.programme_by_slug(session, slug)
        return page_of_rows([cohort_snapshot(cohort) for cohort in queries.cohorts_of(session, slug)])


@programmes_api.post("/<slug>/cohorts")
@requires("manager")
@programmes_api.arguments(CohortSchema)
@programmes_api.response(201, CohortSnapshot)
def plan_cohort(details: dict[str, Any], slug: str) -> dict[str, Any]:
    """Plan a cohort; with ``copy_from``, taking over another one's calendar, form and criteria."""
    check_may(slug, "manager")
    with unit_of_work() as work:
        return cohort_snapshot(programmes.plan_cohort(programmes.PlanCohort(programme=slug, **details), work))


@programmes_api.get("/<slug>/cohorts/<label>")
@public
@programmes_api.etag
@programmes_api.response(200, CohortDetail)
def get_cohort(slug: str, label: str) -> dict[str, Any]:
    """One cohort with its calendar and places."""
    with reading() as session:
        return _cohort(session, queries.cohort_by_label(session, slug, label))


@programmes_api.put("/<slug>/cohorts/<label>")
@requires("manager")
@programmes_api.etag
@programmes_api.arguments(ChangeCohortSchema)
@programmes_api.response(200, CohortDetail)
def change_cohort(details: dict[str, Any], slug: str, label: str) -> dict[str, Any]:
    """Change calendar and places."""
    check_may(slug, "manager")
    capacity, offer_days = details.pop("capacity"), details.pop("offer_days")
    with unit_of_work() as work:
        found = queries.cohort_by_label(work.session, slug, label, lock=True)
        programmes_api.check_etag(_cohort(work.session, found), CohortDetail)
        command = programmes.ChangeCohort(
            cohort_id=found.id, capacity=capacity, offer_days=offer_days, calendar=Calendar(**details)
        )
        return _cohort(work.session, programmes.change_cohort(command, work))


@programmes_api.post("/<slug>/cohorts/<label>/open")
@requires("manager")
@programmes_api.arguments(OpenCallSchema)
@programmes_api.response(200, CohortDetail)
def open_call(details: dict[str, Any], slug: str, label: str) -> dict[str, Any]:
    """Open the call for applications. 409 when it was opened before."""
    check_may(slug, "manager")
    with unit_of_work() as work:
        command = programmes.OpenCall(
            cohort_id=queries.cohort_by_label(work.session, slug, label).id,
            opens_on=details["call_opens_on"],
            closes_on=details["call_closes_on"],
            today=local_today(),
        )
        return _cohort(work.session, programmes.open_call(command, work))


@programmes_api.post("/<slug>/cohorts/<label>/start")
@requires("manager")
@programmes_api.arguments(StartCohortSchema, required=False)
@programmes_api.response(200, CohortDetail)
def start_cohort(details: dict[str, Any], slug: str, label: str) -> dict[str, Any]:
    """Begin the accompaniment. What is not decided, or not handed in again, is declined for ``reason``.

    409 when it has begun already, 422 when there is such an application and no reason.
    """
    check_may(slug, "manager")
    with unit_of_work() as work:
        found = queries.cohort_by_label(work.session, slug, label)
        by = signed_in_person().person_id
        return _cohort(work.session, programmes.start_cohort(found.id, work, by, details["reason"]))


@programmes_api.post("/<slug>/cohorts/<label>/<any(review, complete):step>")
@requires("manager")
@programmes_api.response(200, CohortDetail)
def advance_cohort(slug: str, label: str, step: str) -> dict[str, Any]:
    """Bring the cohort to its next state. 409 when it is not there yet, or further already."""
    check_may(slug, "manager")
    advance = programmes.STEPS[step]
    with unit_of_work() as work:
        found = queries.cohort_by_label(work.session, slug, label)
        return _cohort(work.session, advance(found.id, work))


@programmes_api.get("/<slug>/cohorts/<label>/call")
@public
@programmes_api.etag
@programmes_api.response(200, CallBody)
def get_call(slug: str, label: str) -> dict[str, Any]:
    """What the call says and asks, and its criteria."""
    with reading() as session:
        return _call(queries.cohort_by_label(session, slug, label))


@programmes_api.put("/<slug>/cohorts/<label>/call")
@requires("manager")
@programmes_api.etag
@programmes_api.arguments(CallBody)
@programmes_api.response(200, CallBody)
def describe_call(details: dict[str, Any], slug: str, label: str) -> dict[str, Any]:
    """Describe the call; after the first application only optional questions can be added."""
    check_may(slug, "manager")
    with unit_of_work() as work:
        found = queries.cohort_by_label(work.session, slug, label, lock=True)
        programmes_api.check_etag(_call(found), CallBody)
        command = programmes.DescribeCall(
            cohort_id=found.id,
            call_text=details["call_text"],
            questions=[
                Question(**{**question, "choices": tuple(question["choices"])})
                for question in details["questions"]
            ],
            criteria=[Criterion(**criterion) for criterion in details["criteria"]],
        )
        return _call(programmes.describe_call(command, work))


def _cohort(session: Session, cohort: Cohort) -> dict[str, Any]:
    return {
        **cohort_snapshot(cohort),
        "offer_days": cohort.offer_days,
        "places_taken": queries.places_taken(session, cohort.id),
    }


def _call(cohort: Cohort) -> dict[str, Any]:
    return {
        "call_text": cohort.call_text,
        "questions": [asdict(question) for question in cohort.questions],
        "criteria": [asdict(criterion) for criterion in cohort.criteria],
    }
