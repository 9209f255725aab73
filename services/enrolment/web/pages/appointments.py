"""Appointments: the times of an adviser, and what a buyer and their adviser do with them."""

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
from werkzeug.wrappers import Response as AnyResponse

from services.chassis.model import Forbidden
from services.chassis.web.access import requires
from services.chassis.web.exports import table_response
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import gettext as _
from services.chassis.web.paging import Page, list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.appointment import AppointmentState
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.handlers import appointments as use_cases
from services.enrolment.storage import appointment_list, appointments
from services.enrolment.storage.meeting_order import COMING_FIRST
from services.enrolment.web.meetings import (
    advised_appointment,
    advisers_of_buyer,
    is_adviser_of,
    is_buyer_of,
    own_appointment,
    visible_appointment,
    visible_appointments,
)
from services.enrolment.web.schemas.meetings import (
    BookingSchema,
    MoveSchema,
    NoteSchema,
    ReasonSchema,
    ReportSchema,
)

pages = Blueprint("appointments", __name__)
_MOST_EXPORTED = 10_000


@pages.get("/appointments")
@requires("manager", "adviser", "buyer")
def appointment_index() -> str:
    """The appointments that this person may see, those to come first."""
    query = list_query(appointment_list.SORTABLE, default=COMING_FIRST)
    person = signed_in_person()
    chosen = visible_appointments(person, request.args)
    with reading() as session:
        rows, total = appointment_list.page(session, chosen, query, runtime().clock())
        return render_template(
            "appointments.html",
            page=Page(rows, total, query),
            chosen=chosen,
            search=query.search,
            may_book=bool(advisers_of_buyer(person, session)),
        )


@pages.get("/appointments.<any(csv, xlsx):file_format>")
@requires("manager", "adviser", "buyer")
def export(file_format: str) -> Response:
    """The whole list, as it is filtered. Notes and reports are not in it."""
    query = list_query(appointment_list.SORTABLE, default=COMING_FIRST)
    with reading() as session:
        rows = appointment_list.everything(
            session, visible_appointments(signed_in_person(), request.args), query, most=_MOST_EXPORTED
        )
    word = get_template_attribute("words.html", "meeting_state_word")
    return table_response(
        file_format,
        _("appointments"),
        [_("Buyer"), _("Adviser"), _("Begins"), _("Ends"), _("Place"), _("Subject"), _("State")],
        (
            (
                row.organisation.name,
                row.adviser.name,
                row.appointment.starts_at,
                row.appointment.ends_at,
                row.appointment.place or row.appointment.video_url,
                row.appointment.subject,
                str(word(row.appointment.state)).strip(),
            )
            for row in rows
        ),
    )


@pages.get("/appointments/book")
@requires("buyer")
def booking_form() -> str:
    return _booking_page(blank_form(BookingSchema()))


@pages.post("/appointments/book")
@requires("buyer")
def book() -> AnyResponse | tuple[str, int]:
    person = signed_in_person()
    form = load_form(BookingSchema())
    if form.is_valid:
        if form.data["organisation_id"] not in person.organisations("buyer"):
            raise Forbidden("You can make appointments for your own organisation only.")
        with unit_of_work_for(form) as work:
            command = use_cases.Book(person_id=person.person_id, **form.data)
            appointment = use_cases.book(command, work)
    if form.is_valid:
        flash(_("The appointment is made; both of you get it for your calendars."), "success")
        return redirect(url_for("appointments.appointment", appointment_id=appointment.id), 303)
    return _booking_page(form), 422


@pages.get("/appointments/<uuid:appointment_id>")
@requires("manager", "adviser", "buyer")
def appointment(appointment_id: UUID) -> str:
    return _appointment_page(appointment_id, blank_form(ReasonSchema()))


@pages.post("/appointments/<uuid:appointment_id>/move")
@requires("adviser", "buyer")
def move(appointment_id: UUID) -> AnyResponse | tuple[str, int]:
    with reading() as session:
        own_appointment(session, appointment_id)
    form = load_form(MoveSchema())
    if form.is_valid:
        with unit_of_work_for(form) as work:
            use_cases.move(appointment_id, form.data["slot_id"], work)
    if form.is_valid:
        flash(_("The appointment is moved; both of you are told."), "success")
        return _back_to(appointment_id)
    return _appointment_page(appointment_id, form), 422


@pages.post("/appointments/<uuid:appointment_id>/cancel")
@requires("adviser", "buyer")
def cancel(appointment_id: UUID) -> AnyResponse | tuple[str, int]:
    with reading() as session:
        own_appointment(session, appointment_id)
    form = load_form(ReasonSchema())
    if form.is_valid:
        with unit_of_work_for(form) as work:
            use_cases.cancel(appointment_id, form.data["reason"], work)
    if form.is_valid:
        flash(_("The appointment is cancelled; both of you are told."), "info")
        return _back_to(appointment_id)
    return _appointment_page(appointment_id, form), 422


@pages.post("/appointments/<uuid:appointment_id>/hold")
@requires("adviser")
def hold(appointment_id: UUID) -> AnyResponse:
    with reading() as session:
        advised_appointment(session, appointment_id)
    with unit_of_work() as work:
        use_cases.hold(appointment_id, work)
    flash(_("Noted: the appointment has taken place."), "success")
    return _back_to(appointment_id)


@pages.post("/appointments/<uuid:appointment_id>/report")
@requires("adviser")
def report(appointment_id: UUID) -> AnyResponse | tuple[str, int]:
    """What both keep of the appointment."""
    with reading() as session:
        advised_appointment(session, appointment_id)
    form = load_form(ReportSchema())
    if form.is_valid:
        with unit_of_work_for(form) as work:
            use_cases.write_report(appointment_id, form.data["report"], work)
    if form.is_valid:
        flash(_("The report is there for the buyer, who is told by e-mail."), "success")
        return _back_to(appointment_id)
    return _appointment_page(appointment_id, form), 422


@pages.post("/appointments/<uuid:appointment_id>/note")
@requires("adviser")
def note(appointment_id: UUID) -> AnyResponse | tuple[str, int]:
    """What the adviser notes for themselves."""
    with reading() as session:
        advised_appointment(session, appointment_id)
    form = load_form(NoteSchema())
    if form.is_valid:
        with unit_of_work() as work:
            use_cases.write_note(appointment_id, signed_in_person().person_id, form.data["note"], work)
        flash(_("Your note is saved; you alone can read it."), "success")
        return _back_to(appointment_id)
    return _appointment_page(appointment_id, form), 422


def _back_to(appointment_id: UUID) -> AnyResponse:
    return redirect(url_for("appointments.appointment", appointment_id=appointment_id), 303)


def _booking_page(form: Form) -> str:
    person = signed_in_person()
    with reading() as session:
        choices = [
            {
                "organisation": session.get_one(Organisation, organisation_id),
                "adviser": session.get_one(Person, adviser_id),
                "slots": appointments.free_slots(session, programme, adviser_id, runtime().clock()),
            }
            for programme, organisation_id, adviser_id in advisers_of_buyer(person, session)
        ]
        return render_template("appointment_book.html", choices=choices, form=form)


def _appointment_page(appointment_id: UUID, form: Form) -> str:
    person, now = signed_in_person(), runtime().clock()
    with reading() as session:
        found = visible_appointment(session, appointment_id)
        is_adviser = is_adviser_of(person, found)
        to_come = found.state is AppointmentState.SCHEDULED and now < found.starts_at
        slots = appointments.free_slots(session, found.programme, found.adviser_id, now) if to_come else ()
        return render_template(
            "appointment.html",
            appointment=found,
            organisation=session.get_one(Organisation, found.organisation_id),
            adviser=session.get_one(Person, found.adviser_id),
            contact=session.get_one(Person, found.person_id),
            # Only whoever wrote a note is ever given it.
            note=appointments.note_of(session, found.id, person.person_id) if is_adviser else None,
            is_adviser=is_adviser,
            is_own=is_adviser or is_buyer_of(person, found),
            to_come=to_come,
            has_begun=now >= found.starts_at,
            slots=slots,
            form=form,
        )
