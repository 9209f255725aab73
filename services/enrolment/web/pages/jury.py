"""The pages of a jury member: what there is to score, and each application with its criteria."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.chassis.model import Forbidden, NotFound
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.application import Application
from services.enrolment.domain.call import BEST_SCORE, Criterion
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import juries
from services.enrolment.storage.application_queries import attachments_of
from services.enrolment.storage.jury_queries import is_juror, own_review, reviews_visible_to, to_score
from services.enrolment.web.schemas.applications import LiftConflictSchema
from services.enrolment.web.visible_applications import visible_application

pages = Blueprint("jury", __name__, url_prefix="/jury")


@pages.get("")
@requires("jury")
def jury_index() -> str:
    """What this member is asked to score, and how far they are."""
    with reading() as session:
        return render_template("jury.html", rows=to_score(session, signed_in_person().person_id))


@pages.get("/<uuid:application_id>")
@requires("jury")
def review_form(application_id: UUID) -> str:
    with reading() as session:
        found, cohort = _for_member(session, application_id)
        review = own_review(session, application_id, signed_in_person().person_id)
        values: dict[str, str] = {}
        if review is not None:
            values |= {f"scores.{key}": str(score) for key, score in review.scores.items()}
            values |= {f"comments.{key}": comment for key, comment in review.comments.items()}
        return _page(session, found, cohort, Form(values))


@pages.post("/<uuid:application_id>")
@requires("jury")
def score(application_id: UUID) -> Response | tuple[str, int]:
    """Keep the scores. Those that are missing can follow; the review counts when it has all."""
    with reading() as session:
        _found, cohort = _for_member(session, application_id)
    form = load_form(_schema(cohort.criteria))
    if form.is_valid:
        command = juries.ScoreApplication(
            application_id=application_id,
            person_id=signed_in_person().person_id,
            scores=form.data.get("scores", {}),
            comments=form.data.get("comments", {}),
        )
        with unit_of_work_for(form) as work:
            is_complete = juries.score_application(command, work).is_complete
    if form.is_valid:
        if is_complete:
            flash(_("Thank you, your scores are complete."), "success")
        else:
            flash(_("Saved. The scores that are still missing can follow."), "info")
        return redirect(url_for("jury.review_form", application_id=application_id), 303)
    with reading() as session:
        found, cohort = _for_member(session, application_id)
        return _page(session, found, cohort, form), 422


@pages.post("/<uuid:application_id>/conflict")
@requires("jury")
def declare_conflict(application_id: UUID) -> Response:
    with reading() as session:
        _for_member(session, application_id)
    with unit_of_work() as work:
        juries.declare_conflict(application_id, signed_in_person().person_id, work)
    flash(_("Thank you for saying so. You stay out of this application."), "info")
    return redirect(url_for("jury.jury_index"), 303)


@pages.get("/<uuid:application_id>/conflict")
@requires("jury")
def conflict(application_id: UUID) -> str:
    """Nothing of the application but its name: whoever stays out of it does not read it."""
    with reading() as session:
        return _conflict_page(session, application_id, blank_form(LiftConflictSchema()))


@pages.post("/<uuid:application_id>/conflict/lift")
@requires("jury")
def lift_conflict(application_id: UUID) -> Response | tuple[str, int]:
    """The member has declared it by mistake."""
    form = load_form(LiftConflictSchema())
    person_id = signed_in_person().person_id
    if form.is_valid:
        with unit_of_work_for(form) as work:
            juries.lift_conflict(application_id, person_id, person_id, form.data["reason"], work)
    if form.is_valid:
        flash(_("Done. What you had scored before counts again."), "success")
        return redirect(url_for("jury.review_form", application_id=application_id), 303)
    with reading() as session:
        return _conflict_page(session, application_id, form), 422


def _conflict_page(session: Session, application_id: UUID, form: Form) -> str:
    """Raises NotFound, also for who has no conflict of interest there."""
    person_id = signed_in_person().person_id
    row = next((row for row in to_score(session, person_id) if row.application.id == application_id), None)
    if row is None or row.review is None or not row.review.has_conflict:
        raise NotFound("You cannot see this application, or it does not exist.")
    return render_template("jury_conflict.html", organisation=row.organisation, cohort=row.cohort, form=form)


def _for_member(session: Session, application_id: UUID) -> tuple[Application, Cohort]:
    """The application with its cohort. Raises Forbidden for who is not of this jury, or too close."""
    found = visible_application(session, application_id)
    if not is_juror(session, found.cohort_id, signed_in_person().person_id):
        raise Forbidden("You are not a member of the jury of this cohort.")
    return found, session.get_one(Cohort, found.cohort_id)


def _schema(criteria: Sequence[Criterion]) -> Schema:
    scale, length = validate.Range(0, BEST_SCORE), validate.Length(max=1000)
    return Schema.from_dict(
        {
            **{f"scores.{each.key}": fields.Integer(validate=scale) for each in criteria},
            **{f"comments.{each.key}": fields.String(validate=length) for each in criteria},
        }
    )()


def _page(session: Session, found: Application, cohort: Cohort, form: Form) -> str:
    person_id = signed_in_person().person_id
    review = own_review(session, found.id, person_id)
    return render_template(
        "jury_review.html",
        application=found,
        cohort=cohort,
        organisation=session.get_one(Organisation, found.organisation_id),
        kept=attachments_of(session, found.id),
        file_address=lambda file_id: url_for(
            "applications.download", application_id=found.id, attachment_id=file_id
        ),
        others=[
            (review, member)
            for review, member in reviews_visible_to(session, found.id, person_id)
            if member.id != person_id
        ],
        best=BEST_SCORE,
        is_scored=review is not None and review.is_complete,
        still_to_score=[
            row for row in to_score(session, person_id) if row.cohort.id == cohort.id and not row.is_done
        ],
        form=form,
    )
