"""The jury's scores and the ranking, for programs. Nobody gets others' scores before giving their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.chassis.web.access import requires
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.jury import JuryReview
from services.enrolment.domain.person import Person
from services.enrolment.handlers import juries
from services.enrolment.storage import jury_queries, queries
from services.enrolment.storage.jury_queries import Member, RankedApplication, ToScore
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.api import PlaceDetail, ReviewBody, ReviewDetail
from services.enrolment.web.schemas.applications import JurorSchema
from services.enrolment.web.schemas.juries import (
    CompletenessDetail,
    JurorDetail,
    LiftConflictBody,
    MemberDetail,
    ToScoreDetail,
)
from services.enrolment.web.visible_applications import managed_application, visible_application

jury_api = Blueprint("jury_api", __name__, description="Juries, scores and rankings.")

_COHORT = "/programmes/<slug>/cohorts/<label>"
_REVIEWS = "/applications/<uuid:application_id>/reviews"


@jury_api.get("/jury/applications")
@requires("jury")
@lists()
@jury_api.response(200, page_of(ToScoreDetail))
def list_to_score() -> dict[str, Any]:
    """What the caller is asked to score, cohort by cohort, and how far they are."""
    with reading() as session:
        return page_of_rows(
            [_to_score(row) for row in jury_queries.to_score(session, signed_in_person().person_id)]
        )


@jury_api.get(f"{_COHORT}/jury")
@requires("manager")
@lists()
@jury_api.response(200, page_of(MemberDetail))
def list_jury(slug: str, label: str) -> dict[str, Any]:
    """The members of the jury by name, and how far each is."""
    check_may(slug, "manager")
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        return page_of_rows([_member(each) for each in jury_queries.members_of(session, cohort.id)])


@jury_api.post(f"{_COHORT}/jury")
@requires("manager")
@jury_api.arguments(JurorSchema)
@jury_api.response(201, JurorDetail)
def invite_juror(details: dict[str, Any], slug: str, label: str) -> dict[str, Any]:
    """A member of the jury of this cohort."""
    check_may(slug, "manager")
    with unit_of_work() as work:
        cohort = queries.cohort_by_label(work.session, slug, label)
        person = juries.invite_juror(juries.InviteJuror(cohort_id=cohort.id, **details), work)
        return {"person_id": person.id, "name": person.name}


@jury_api.delete(f"{_COHORT}/jury/<uuid:person_id>")
@requires("manager")
@jury_api.response(204)
def remove_juror(slug: str, label: str, person_id: UUID) -> None:
    """Take a member off the jury: what they have scored is kept and counts no longer."""
    check_may(slug, "manager")
    with unit_of_work() as work:
        cohort_id = queries.cohort_by_label(work.session, slug, label).id
        juries.remove_juror(cohort_id, person_id, signed_in_person().person_id, work)


@jury_api.get(f"{_COHORT}/ranking")
@requires("manager")
@lists()
@jury_api.response(200, page_of(PlaceDetail))
def get_ranking(slug: str, label: str) -> dict[str, Any]:
    """The applications, the best first; those with the same mean share a rank."""
    check_may(slug, "manager")
    with reading() as session:
        ranked = jury_queries.ranking(session, queries.cohort_by_label(session, slug, label))
        return page_of_rows([_place(row) for row in ranked])


@jury_api.get(_REVIEWS)
@requires("manager", "adviser", "jury")
@lists()
@jury_api.response(200, page_of(ReviewDetail))
def list_reviews(application_id: UUID) -> dict[str, Any]:
    """The complete reviews that the caller may read."""
    with reading() as session:
        check_may(visible_application(session, application_id).programme, "manager", "adviser", "jury")
        person_id = signed_in_person().person_id
        found = jury_queries.reviews_visible_to(session, application_id, person_id)
        return page_of_rows([_review(review, person) for review, person in found])


@jury_api.post(_REVIEWS)
@requires("jury")
@jury_api.arguments(ReviewBody)
@jury_api.response(201, CompletenessDetail)
def score(details: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """The caller's own scores, in place of those given before; what is missing can follow."""
    command = juries.ScoreApplication(
        application_id=application_id, person_id=signed_in_person().person_id, **details
    )
    with unit_of_work() as work:
        return {"is_complete": juries.score_application(command, work).is_complete}


@jury_api.post("/applications/<uuid:application_id>/conflict-of-interest")
@requires("jury")
@jury_api.response(204)
def declare_conflict(application_id: UUID) -> None:
    """Stay out of an application; what the caller scored counts no longer."""
    with unit_of_work() as work:
        juries.declare_conflict(application_id, signed_in_person().person_id, work)


@jury_api.post("/applications/<uuid:application_id>/conflict-of-interest/withdrawal")
@requires("jury", "manager")
@jury_api.arguments(LiftConflictBody)
@jury_api.response(201, CompletenessDetail)
def lift_conflict(details: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """A conflict of interest was declared by mistake: what was scored before counts again.

    Without ``person_id`` it is the caller's own; a manager names the member.
    """
    person = signed_in_person()
    person_id = details["person_id"] or person.person_id
    if person_id != person.person_id:
        with reading() as session:
            managed_application(session, application_id)
    with unit_of_work() as work:
        review = juries.lift_conflict(application_id, person_id, person.person_id, details["reason"], work)
        return {"is_complete": review.is_complete}


def _to_score(row: ToScore) -> dict[str, Any]:
    return {
        "application_id": row.application.id,
        "organisation_name": row.organisation.name,
        "programme": row.cohort.programme,
        "cohort_label": row.cohort.label,
        "is_complete": row.review is not None and row.review.is_complete,
        "has_conflict": row.review is not None and row.review.has_conflict,
    }


def _member(member: Member) -> dict[str, Any]:
    return {
        "person_id": member.person.id,
        "name": member.person.name,
        "email": member.person.email,
        "complete": member.complete,
        "conflicts": member.conflicts,
    }


def _place(row: RankedApplication) -> dict[str, Any]:
    return {**vars(row.place), "organisation_name": row.organisation.name, "state": row.application.state}


def _review(review: JuryReview, person: Person) -> dict[str, Any]:
    names = ("is_complete", "scores", "comments")
    return {
        "person_id": person.id,
        "name": person.name,
        **{name: getattr(review, name) for name in names},
    }
