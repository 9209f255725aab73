"""A buyer who gives up in the middle of the year, noted by the programme's manager."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, load_form
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import local_today, reading
from services.enrolment.handlers import leaving
from services.enrolment.web.pages.applications import act_on
from services.enrolment.web.schemas.applications import BuyerLeavesSchema
from services.enrolment.web.visible_applications import managed_application

pages = Blueprint("leaving", __name__, url_prefix="/applications/<uuid:application_id>/leaving")


@pages.post("")
@requires("manager")
def note(application_id: UUID) -> Response | tuple[str, int]:
    _check_manages(application_id)
    form = load_form(BuyerLeavesSchema())
    by = signed_in_person().person_id

    def use(work: UnitOfWork) -> None:
        command = leaving.NoteLeaving(application_id=application_id, by=by, today=local_today(), **form.data)
        leaving.note_leaving(command, work)

    return act_on(application_id, form, use, _("Noted. The buyer is told by e-mail."))


@pages.post("/undo")
@requires("manager")
def undo(application_id: UUID) -> Response | tuple[str, int]:
    _check_manages(application_id)
    by = signed_in_person().person_id

    def use(work: UnitOfWork) -> None:
        leaving.undo_leaving(application_id, by, work)

    return act_on(application_id, Form({}), use, _("Undone. The buyer is told by e-mail."))


def _check_manages(application_id: UUID) -> None:
    with reading() as session:
        managed_application(session, application_id)
