"""The contacts of several buyers, registered for a workshop at once."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from services.chassis.web.access import requires
from services.chassis.web.forms import load_form
from services.chassis.web.i18n import ngettext
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.workshop_registration import RegistrationState
from services.enrolment.handlers import workshop_registrations
from services.enrolment.web.meetings import team_workshop, visible_buyers_at
from services.enrolment.web.schemas.meetings import BuyersSchema

pages = Blueprint("workshop_contacts", __name__, url_prefix="/workshops/<uuid:workshop_id>/contacts")


@pages.post("")
@requires("manager", "adviser")
def register(workshop_id: UUID) -> Response:
    """Give the contacts of those ticked, of the buyers that one accompanies, a place."""
    ticked = load_form(BuyersSchema()).data.get("organisation_ids", [])
    with reading() as session:
        mine = visible_buyers_at(signed_in_person(), session, team_workshop(session, workshop_id))
    chosen = [each for each in ticked if mine is None or each in mine]
    with unit_of_work() as work:
        registrations = workshop_registrations.register_contacts(workshop_id, chosen, work)
    waiting = sum(each.state is RegistrationState.WAITING for each in registrations)
    placed = len(registrations) - waiting
    flash(
        ngettext(
            "%(num)s person has a place; the invitation is on its way.",
            "%(num)s people have a place; the invitations are on their way.",
            placed,
        ),
        "success" if placed else "info",
    )
    if waiting:
        flash(
            ngettext(
                "The workshop is full: %(num)s person waits for a place.",
                "The workshop is full: %(num)s people wait for a place.",
                waiting,
            ),
            "info",
        )
    return redirect(url_for("workshops.workshop", workshop_id=workshop_id), 303)
