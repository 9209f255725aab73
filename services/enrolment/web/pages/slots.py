"""The times at which an adviser can be booked."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import gettext as _
from services.chassis.web.i18n import ngettext
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.local_time import instant_of
from services.enrolment.handlers import appointments as use_cases
from services.enrolment.storage import appointments, queries
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.meetings import SlotsSchema

pages = Blueprint("slots", __name__, url_prefix="/appointments/slots")


@pages.get("")
@requires("adviser")
def slot_index() -> str:
    known = {"starts": "09:00", "ends": "10:00", "weeks": 1}
    return _page(blank_form(SlotsSchema(), known))


@pages.post("")
@requires("adviser")
def publish() -> Response | tuple[str, int]:
    form = load_form(SlotsSchema())
    if form.is_valid:
        check_may(form.data["programme"], "adviser")
        with unit_of_work_for(form) as work:
            published = use_cases.publish_slots(_command(form), work)
    if form.is_valid:
        count = len(published)
        flash(
            ngettext("%(num)s time can be booked now.", "%(num)s times can be booked now.", count),
            "success",
        )
        return redirect(url_for("slots.slot_index"), 303)
    return _page(form), 422


@pages.post("/<uuid:slot_id>/withdraw")
@requires("adviser")
def withdraw(slot_id: UUID) -> Response:
    with unit_of_work() as work:
        use_cases.withdraw_slot(slot_id, signed_in_person().person_id, work)
    flash(_("This time can no longer be booked."), "info")
    return redirect(url_for("slots.slot_index"), 303)


def _command(form: Form) -> use_cases.PublishSlots:
    data = form.data
    return use_cases.PublishSlots(
        programme=data["programme"],
        adviser_id=signed_in_person().person_id,
        starts_at=instant_of(data["day"], data["starts"], field="starts"),
        ends_at=instant_of(data["day"], data["ends"], field="ends"),
        place=data["place"],
        video_url=data["video_url"],
        weeks=data["weeks"],
    )


def _page(form: Form) -> str:
    person = signed_in_person()
    with reading() as session:
        programmes = [queries.programme_by_slug(session, slug) for slug in person.programmes("adviser")]
        return render_template(
            "slots.html",
            form=form,
            programme_options=[(programme.slug, programme.name) for programme in programmes],
            slots=[
                slot
                for programme in programmes
                for slot in appointments.free_slots(
                    session, programme.slug, person.person_id, runtime().clock()
                )
            ],
        )
