"""The sitting that decides a cohort's applications: the jury, the ranking, all decisions at once."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, get_template_attribute, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.chassis.model import DomainError
from services.chassis.web.access import requires
from services.chassis.web.exports import table_response
from services.chassis.web.forms import Form, blank_form, load_form
from services.chassis.web.i18n import current_locale, error_message, ngettext
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.decision import Decision, Verdict
from services.enrolment.domain.jury import share_out
from services.enrolment.handlers import decisions, juries
from services.enrolment.storage import queries
from services.enrolment.storage.application_queries import decision_log
from services.enrolment.storage.jury_queries import RankedApplication, conflicts_in, members_of, ranking
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.applications import JurorSchema, LiftConflictSchema
from services.enrolment.web.visible_applications import check_is_for

pages = Blueprint("sittings", __name__, url_prefix="/programmes/<slug>/cohorts/<label>")

_IN_A_SITTING = (Verdict.ACCEPT, Verdict.WAITLIST, Verdict.DECLINE)


@pages.get("/jury")
@requires("manager")
def jury(slug: str, label: str) -> str:
    check_may(slug, "manager")
    return _jury_page(slug, label, blank_form(JurorSchema()))


@pages.post("/jury")
@requires("manager")
def invite_juror(slug: str, label: str) -> Response | tuple[str, int]:
    check_may(slug, "manager")
    form = load_form(JurorSchema())
    if not form.is_valid:
        return _jury_page(slug, label, form), 422
    with unit_of_work() as work:
        cohort_id = queries.cohort_by_label(work.session, slug, label).id
        command = juries.InviteJuror(cohort_id=cohort_id, locale=current_locale(), **form.data)
        name = juries.invite_juror(command, work).name
    flash(_("%(name)s is a member of the jury and is told by e-mail.", name=name), "success")
    return redirect(url_for("sittings.jury", slug=slug, label=label), 303)


@pages.post("/jury/<uuid:person_id>/remove")
@requires("manager")
def remove_juror(slug: str, label: str, person_id: UUID) -> Response:
    check_may(slug, "manager")
    with unit_of_work() as work:
        cohort_id = queries.cohort_by_label(work.session, slug, label).id
        name = juries.remove_juror(cohort_id, person_id, signed_in_person().person_id, work).name
    flash(_("%(name)s is no longer on the jury; their scores do not count any more.", name=name), "info")
    return redirect(url_for("sittings.jury", slug=slug, label=label), 303)


@pages.post("/jury/<uuid:person_id>/conflicts/<uuid:application_id>/lift")
@requires("manager")
def lift_conflict(slug: str, label: str, person_id: UUID, application_id: UUID) -> Response | tuple[str, int]:
    """The member has declared it by mistake and does not say so."""
    check_may(slug, "manager")
    form = load_form(LiftConflictSchema())
    with reading() as session:
        check_is_for(session, queries.cohort_by_label(session, slug, label), application_id)
    if not form.is_valid:
        return _jury_page(slug, label, blank_form(JurorSchema()), {(person_id, application_id): form}), 422
    by = signed_in_person().person_id
    try:
        with unit_of_work() as work:
            juries.lift_conflict(application_id, person_id, by, form.data["reason"], work)
    except DomainError as error:
        flash(error_message(error), "danger")
    else:
        flash(_("Done. The member can score this application again."), "success")
    return redirect(url_for("sittings.jury", slug=slug, label=label), 303)


@pages.get("/decisions")
@requires("manager")
def sitting(slug: str, label: str) -> str:
    """The ranking to decide on; with ``?by=ranking`` as the scores alone would have it."""
    check_may(slug, "manager")
    with reading() as session:
        values = _by_ranking(session, slug, label) if request.args.get("by") == "ranking" else {}
        return _sitting_page(session, slug, label, Form(values))


@pages.post("/decisions")
@requires("manager")
def decide(slug: str, label: str) -> Response | tuple[str, int]:
    """Take all decisions that were chosen, or none of them."""
    check_may(slug, "manager")
    form = Form(dict(request.form))
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        chosen = _chosen(ranking(session, cohort), form)
    try:
        with unit_of_work() as work:
            done = decisions.decide_all(cohort.id, chosen, signed_in_person().person_id, work)
    except DomainError as error:
        form.refuse(error)
        with reading() as session:
            return _sitting_page(session, slug, label, form), 422
    flash(
        ngettext(
            "%(num)s application is decided; the applicant is told by e-mail.",
            "%(num)s applications are decided; the applicants are told by e-mail.",
            len(done),
        ),
        "success",
    )
    return redirect(url_for("sittings.sitting", slug=slug, label=label), 303)


@pages.get("/ranking.<any(csv, xlsx):file_format>")
@requires("manager")
def export(slug: str, label: str, file_format: str) -> Response:
    """The ranking, as it is now."""
    check_may(slug, "manager")
    word = get_template_attribute("words.html", "application_state_word")
    with reading() as session:
        rows = ranking(session, queries.cohort_by_label(session, slug, label))
    header = [
        _("Rank"),
        _("Tied"),
        _("Organisation"),
        "SIRET",
        _("Mean score"),
        _("Scores given"),
        _("Scores expected"),
        _("State"),
    ]
    return table_response(
        file_format,
        _("ranking") + f"-{label}",
        header,
        (
            (
                row.place.rank,
                _("yes") if row.place.is_tied else "",
                row.organisation.name,
                row.organisation.siret,
                None if row.place.mean is None else round(float(row.place.mean), 3),
                row.place.given,
                row.place.expected,
                str(word(row.application.state)).strip(),
            )
            for row in rows
        ),
    )


def _chosen(rows: list[RankedApplication], form: Form) -> list[Decision]:
    """The decisions in the order of the ranking, which is that of the waiting list.

    Who is declined without a reason of their own reads the one that was given for all.
    """

    def typed(name: str, application_id: UUID) -> str:
        return str(form.values.get(f"{name}.{application_id}", ""))

    return [
        Decision(
            application_id=row.application.id,
            verdict=Verdict(typed("verdict", row.application.id)),
            reason=typed("reason", row.application.id) or str(form.values.get("reason", "")),
        )
        for row in rows
        if typed("verdict", row.application.id) in _IN_A_SITTING
    ]


def _by_ranking(session: Session, slug: str, label: str) -> dict[str, str]:
    """What to choose for those who wait for a first decision, in the names of the form."""
    cohort = queries.cohort_by_label(session, slug, label)
    undecided = [row.place for row in ranking(session, cohort) if row.application.is_undecided]
    free = cohort.capacity - queries.places_taken(session, cohort.id)
    getting, waiting = share_out(undecided, free)
    return {
        **{f"verdict.{application_id}": Verdict.ACCEPT.value for application_id in getting},
        **{f"verdict.{application_id}": Verdict.WAITLIST.value for application_id in waiting},
    }


def _jury_page(
    slug: str, label: str, form: Form, lifting: Mapping[tuple[UUID, UUID], Form] | None = None
) -> str:
    """``lifting`` is the form that came back, of the member and the application."""
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        return render_template(
            "cohort_jury.html",
            programme=queries.programme_by_slug(session, slug),
            cohort=cohort,
            members=members_of(session, cohort.id),
            conflicts=conflicts_in(session, cohort.id),
            lifting=lifting or {},
            undecided=sum(row.application.is_undecided for row in ranking(session, cohort)),
            form=form,
        )


def _sitting_page(session: Session, slug: str, label: str, form: Form) -> str:
    cohort = queries.cohort_by_label(session, slug, label)
    return render_template(
        "sitting.html",
        programme=queries.programme_by_slug(session, slug),
        cohort=cohort,
        taken=queries.places_taken(session, cohort.id),
        rows=ranking(session, cohort),
        log=decision_log(session, cohort_id=cohort.id),
        form=form,
    )
