"""Workshops: the list, one of them, and what a manager does with them."""

from __future__ import annotations

from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    get_template_attribute,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from services.chassis.web.access import requires
from services.chassis.web.exports import table_response
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import gettext as _
from services.chassis.web.paging import Page, list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime
from services.enrolment.domain.programme import Cohort
from services.enrolment.domain.workshop_registration import RegistrationState
from services.enrolment.handlers import workshops as use_cases
from services.enrolment.storage import queries, workshop_list, workshops
from services.enrolment.storage.meeting_order import COMING_FIRST
from services.enrolment.web.identities import check_may
from services.enrolment.web.meetings import (
    is_team_at,
    managed_workshop,
    organisations_in,
    visible_buyers_at,
    visible_workshop,
    visible_workshops,
)
from services.enrolment.web.schemas.meetings import (
    ParticipantSchema,
    ReasonSchema,
    WorkshopSchema,
    workshop_details,
    workshop_values,
)

pages = Blueprint("workshops", __name__)
_MOST_EXPORTED = 10_000
_MOST_COHORTS = 2  # of each programme, to schedule for at once: the one that goes on and the next


@pages.get("/workshops")
@requires("manager", "adviser", "buyer")
def workshop_index() -> str:
    """The workshops that this person may see, those to come first."""
    query = list_query(workshop_list.SORTABLE, default=COMING_FIRST)
    person = signed_in_person()
    with reading() as session:
        chosen = visible_workshops(person, session, request.args)
        rows, total = workshop_list.page(session, chosen, query, runtime().clock())
        managed = person.programmes("manager")
        names = workshop_list.programme_names(session, chosen, managed)
        return render_template(
            "workshops.html",
            page=Page(rows, total, query),
            chosen=chosen,
            search=query.search,
            cohort_options=[(label, label) for label in workshop_list.cohort_labels(session, chosen)],
            programme_names=names if len(names) > 1 else {},
            schedulable=[
                (slug, label) for slug in managed for label in _open_cohorts(session, slug)[:_MOST_COHORTS]
            ],
        )


@pages.get("/workshops.<any(csv, xlsx):file_format>")
@requires("manager", "adviser", "buyer")
def export(file_format: str) -> Response:
    """The whole list, as it is filtered."""
    query = list_query(workshop_list.SORTABLE, default=COMING_FIRST)
    with reading() as session:
        chosen = visible_workshops(signed_in_person(), session, request.args)
        rows = workshop_list.everything(session, chosen, query, most=_MOST_EXPORTED)
        names = workshop_list.programme_names(session, chosen)
    word = get_template_attribute("words.html", "meeting_state_word")
    header = [_("Workshop"), _("Theme"), _("Programme"), _("Cohort"), _("Begins"), _("Ends"), _("Place")]
    return table_response(
        file_format,
        _("workshops"),
        [*header, _("Video link"), _("State"), _("People registered"), _("Places")],
        (
            (
                row.workshop.title,
                row.workshop.theme,
                names[row.workshop.programme],
                row.cohort_label,
                row.workshop.starts_at,
                row.workshop.ends_at,
                row.workshop.place,
                row.workshop.video_url,
                str(word(row.workshop.state)).strip(),
                row.registered,
                row.workshop.capacity,
            )
            for row in rows
        ),
    )


@pages.get("/programmes/<slug>/cohorts/<label>/workshops/new")
@requires("manager")
def new_workshop(slug: str, label: str) -> str:
    check_may(slug, "manager")
    known = {"capacity": 20, "starts": "09:00", "ends": "12:30"}
    return _form_page(slug, label, blank_form(WorkshopSchema(), known))


@pages.post("/programmes/<slug>/cohorts/<label>/workshops/new")
@requires("manager")
def schedule(slug: str, label: str) -> AnyResponse | tuple[str, int]:
    check_may(slug, "manager")
    form = load_form(WorkshopSchema())
    if form.is_valid:
        with unit_of_work_for(form) as work:
            command = use_cases.ScheduleWorkshop(
                programme=slug, cohort_label=label, details=workshop_details(form.data)
            )
            workshop = use_cases.schedule_workshop(command, work)
    if form.is_valid:
        flash(_("The workshop is scheduled; the buyers of the cohort are told by e-mail."), "success")
        return redirect(url_for("workshops.workshop", workshop_id=workshop.id), 303)
    return _form_page(slug, label, form), 422


@pages.get("/workshops/<uuid:workshop_id>")
@requires("manager", "adviser", "buyer")
def workshop(workshop_id: UUID) -> str:
    return workshop_page(workshop_id, blank_form(ParticipantSchema()), blank_form(ReasonSchema()))


@pages.get("/workshops/<uuid:workshop_id>/edit")
@requires("manager")
def edit(workshop_id: UUID) -> str:
    with reading() as session:
        found = managed_workshop(session, workshop_id)
        label = session.get_one(Cohort, found.cohort_id).label
    form = blank_form(WorkshopSchema(), workshop_values(found))
    return _form_page(found.programme, label, form, workshop_id)


@pages.post("/workshops/<uuid:workshop_id>/edit")
@requires("manager")
def change(workshop_id: UUID) -> AnyResponse | tuple[str, int]:
    with reading() as session:
        found = managed_workshop(session, workshop_id)
        label = session.get_one(Cohort, found.cohort_id).label
    form = load_form(WorkshopSchema())
    if form.is_valid:
        with unit_of_work_for(form) as work:
            details = workshop_details(form.data)
            use_cases.change_workshop(workshop_id, details, work, seen_version=form.data["seen_version"])
    if form.is_valid:
        flash(_("Saved. Whoever is registered is told when time or place has changed."), "success")
        return redirect(url_for("workshops.workshop", workshop_id=workshop_id), 303)
    return _form_page(found.programme, label, form, workshop_id), 422


@pages.post("/workshops/<uuid:workshop_id>/cancel")
@requires("manager")
def cancel(workshop_id: UUID) -> AnyResponse | tuple[str, int]:
    with reading() as session:
        managed_workshop(session, workshop_id)
    form = load_form(ReasonSchema())
    if form.is_valid:
        with unit_of_work_for(form) as work:
            use_cases.cancel_workshop(workshop_id, form.data["reason"], work)
    if form.is_valid:
        flash(_("The workshop is cancelled; whoever was registered is told by e-mail."), "info")
        return redirect(url_for("workshops.workshop", workshop_id=workshop_id), 303)
    return workshop_page(workshop_id, blank_form(ParticipantSchema()), form), 422


def workshop_page(workshop_id: UUID, form: Form, reason_form: Form) -> str:
    """The page of one workshop: the team sees those it accompanies, a buyer their own people."""
    person = signed_in_person()
    with reading() as session:
        found = visible_workshop(session, workshop_id)
        team = is_team_at(person, session, found)
        mine = organisations_in(person, session, found)
        taking_part = workshops.buyers_taking_part(session, found.cohort_id)
        shown = visible_buyers_at(person, session, found)
        own = workshops.registration_of(session, found.id, person.person_id)
        return render_template(
            "workshop.html",
            workshop=found,
            programme=queries.programme_by_slug(session, found.programme),
            cohort=session.get_one(Cohort, found.cohort_id),
            registered=workshops.count_registered(session, found.id),
            waiting_count=workshops.count_waiting(session, found.id),
            people=workshops.participants(
                session, found.id, RegistrationState.REGISTERED, organisation_ids=shown
            ),
            waiting=workshops.participants(
                session, found.id, RegistrationState.WAITING, organisation_ids=shown
            ),
            own=own if own and own.is_open else None,
            organisation_options=[
                (organisation.id, organisation.name)
                for organisation in taking_part
                if shown is None or organisation.id in shown
            ],
            contacts=workshops.contacts_to_register(session, found.id, shown) if team else [],
            is_team=team,
            is_buyer=bool(mine),
            manages=person.may("manager", found.programme),
            is_open=found.takes_registrations(runtime().clock()),
            has_begun=runtime().clock() >= found.starts_at,
            form=form,
            reason_form=reason_form,
        )


def _open_cohorts(session: Session, slug: str) -> list[str]:
    return [each.label for each in queries.cohorts_of(session, slug) if each.state != "completed"]


def _form_page(slug: str, label: str, form: Form, workshop_id: UUID | None = None) -> str:
    with reading() as session:
        return render_template(
            "workshop_form.html",
            programme=queries.programme_by_slug(session, slug),
            cohort=queries.cohort_by_label(session, slug, label),
            workshop_id=workshop_id,
            form=form,
        )
