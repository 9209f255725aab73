"""The home of each person, and the public face of the programmes."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.chassis.web.access import public
from services.chassis.web.identity import Identity
from services.chassis.web.session import current_person
from services.chassis.web.work import local_today, reading, runtime
from services.enrolment.domain.cockpit import Milestone
from services.enrolment.domain.person import Person, Role
from services.enrolment.domain.programme import Cohort, CohortState, Programme
from services.enrolment.personal_links import draft_token
from services.enrolment.storage import queries, views
from services.enrolment.storage.application_queries import open_drafts_of
from services.enrolment.web.accompanying import accompanied_by
from services.enrolment.web.cockpit_view import TEAM, Glance, glance
from services.enrolment.web.coming_up import coming_up
from services.enrolment.web.identities import manages_by_now

pages = Blueprint("home", __name__)


@pages.get("/")
@public
def home() -> str | Response:
    """Each person's home; for visitors, the programmes."""
    person = current_person()
    if person is None:
        return _public_home()
    if person.has_any_role({"manager", "adviser", "jury"}):
        return _team_home(person)
    if "buyer" in person.roles:
        return _buyer_home(person)
    if "supplier" in person.roles:
        return redirect("/assessment/", 303)
    if "funder" in person.roles:
        return redirect("/reporting/", 303)
    if "operator" in person.roles:
        return redirect("/operations", 303)
    # Somebody who only came to see what is held of them, by a link opened in whatever browser.
    return _public_home() if person.roles else redirect("/account/data", 303)


@pages.get("/favicon.ico")
@public
def icon() -> Response:
    """Where browsers look for it when a file of ours has no head that names it."""
    return redirect(url_for("static", name="favicon.svg"), 301)


@pages.get("/programmes")
@public
def programme_index() -> str:
    """All programmes; the only one there is, at once."""
    return _public_home()


@pages.get("/programmes/<slug>")
@public
def programme(slug: str) -> str:
    """The public page of a programme: what it is, the call that is open, who takes part."""
    with reading() as session:
        return _programme_page(session, slug)


def _public_home() -> str:
    with reading() as session:
        programmes = queries.all_programmes(session)
        if len(programmes) == 1:
            return _programme_page(session, programmes[0].slug)
        return render_template("programmes.html", programmes=programmes)


def _programme_page(session: Session, slug: str) -> str:
    programme = queries.programme_by_slug(session, slug)
    today = local_today()
    cohorts = views.cohorts_with_members(session, slug)
    return render_template(
        "programme.html",
        programme=programme,
        cohorts=cohorts,
        open_cohorts=[view.cohort for view in cohorts if view.cohort.takes_applications(today)],
        invited=views.count_invited(session, slug),
        may_plan=manages_by_now(slug, session),
    )


def _team_home(person: Identity) -> str:
    with reading() as session:
        programmes = [
            programme
            for programme in queries.all_programmes(session)
            if any(person.may(role, programme.slug) for role in ("manager", "adviser", "jury"))
        ]
        accompanied = accompanied_by(person, session)
        return render_template(
            "home_team.html",
            programmes=[
                views.programme_overview(
                    session, programme, None if person.may("jury", programme.slug) else accompanied
                )
                for programme in programmes
            ],
            ahead=coming_up(person, session),
            cockpits=_cockpits(session, person, programmes),
            milestones=list(Milestone),
            may_manage={programme.slug: person.may("manager", programme.slug) for programme in programmes},
            may_accompany={programme.slug: _accompanies(person, programme.slug) for programme in programmes},
            sees_all={
                programme.slug: person.may("manager", programme.slug) or person.may("jury", programme.slug)
                for programme in programmes
            },
        )


def _accompanies(person: Identity, programme: str) -> bool:
    return any(person.may(role, programme) for role in TEAM)


def _cockpits(session: Session, person: Identity, programmes: Sequence[Programme]) -> list[Glance]:
    """Those of the cohorts that are running, as far as the person accompanies somebody there."""
    found = [
        glance(session, cohort)
        for programme in programmes
        if _accompanies(person, programme.slug)
        for cohort in queries.cohorts_of(session, programme.slug)
        if cohort.state is CohortState.RUNNING
    ]
    return [each for each in found if each is not None]


def _awaited_elsewhere(session: Session, person: Identity) -> list[views.BuyerPath]:
    """What is to be done for other organisations of the person's than the one that they act for."""
    found = session.get(Person, person.person_id)
    others = {each.organisation_id for each in found.grants if each.role is Role.BUYER} if found else set()
    others -= {None, *person.organisations("buyer")}
    paths = views.buyer_paths(session, [each for each in others if each is not None])
    return [path for path in paths if path.awaited]


def _buyer_home(person: Identity) -> str:
    with reading() as session:
        return render_template(
            "home_buyer.html",
            paths=views.buyer_paths(session, person.organisations("buyer")),
            elsewhere=_awaited_elsewhere(session, person),
            ahead=coming_up(person, session),
            drafts=[
                (session.get_one(Cohort, draft.cohort_id), draft_token(runtime().settings, draft.id))
                for draft in open_drafts_of(session, person.email)
            ],
        )
