"""What is said of an organisation: put right by its own people, or of a buyer by the programme's manager."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.chassis.model import NotFound
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, load_form, unit_of_work_for
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import is_bearer_request, issue_session, signed_in_person
from services.chassis.web.work import reading
from services.enrolment.domain.organisation import SIZES
from services.enrolment.handlers import organisation_changes
from services.enrolment.web.cockpit_view import cockpit_row
from services.enrolment.web.identities import check_may
from services.enrolment.web.organisation_forms import correction, typed_details
from services.enrolment.web.schemas.suppliers import DetailsForm

pages = Blueprint("organisation_details", __name__)
_COCKPIT = "/programmes/<slug>/cohorts/<label>/cockpit/<uuid:organisation_id>/details"


@pages.get("/account/organisation/details")
@requires("buyer", "supplier")
def own_details() -> str:
    with reading() as session:
        form = typed_details(session, _own_organisation())
    return _own_page(form)


@pages.post("/account/organisation/details")
@requires("buyer", "supplier")
def correct_own() -> Response | tuple[str, int]:
    form = load_form(DetailsForm())
    if form.is_valid:
        with unit_of_work_for(form) as work:
            command = correction(_own_organisation(), form.data)
            name = organisation_changes.correct_by_own_people(command, work).name
    if form.is_valid:
        flash(_("Saved."), "success")
        return _under_its_name(name)
    return _own_page(form), 422


@pages.get(_COCKPIT)
@requires("manager")
def buyer_details(slug: str, label: str, organisation_id: UUID) -> str:
    check_may(slug, "manager")
    with reading() as session:
        cockpit_row(session, slug, label, organisation_id)
        form = typed_details(session, organisation_id)
    return _buyer_page(slug, label, organisation_id, form)


@pages.post(_COCKPIT)
@requires("manager")
def correct_buyer(slug: str, label: str, organisation_id: UUID) -> Response | tuple[str, int]:
    check_may(slug, "manager")
    with reading() as session:
        cockpit_row(session, slug, label, organisation_id)
    form = load_form(DetailsForm())
    if form.is_valid:
        with unit_of_work_for(form) as work:
            programmes = signed_in_person().programmes("manager")
            organisation_changes.correct_by_team(correction(organisation_id, form.data), programmes, work)
    if form.is_valid:
        flash(_("Saved."), "success")
        return redirect(_cockpit_address(slug, label, organisation_id), 303)
    return _buyer_page(slug, label, organisation_id, form), 422


def _own_organisation() -> UUID:
    """Raises NotFound for who acts for nobody."""
    acting_for = signed_in_person().acting_for
    if acting_for is None:
        raise NotFound("You do not belong to this organisation.")
    return acting_for.organisation_id


def _under_its_name(name: str) -> Response:
    """The person acts for it under the name that it has now."""
    response = redirect(url_for("organisations.colleagues"), 303)
    person = signed_in_person()
    if person.acting_for is not None and not is_bearer_request():
        issue_session(response, replace(person, acting_for=replace(person.acting_for, name=name)))
    return response


def _own_page(form: Form) -> str:
    return _page(form, url_for("organisations.colleagues"), _("My organisation"), manages=False)


def _buyer_page(slug: str, label: str, organisation_id: UUID, form: Form) -> str:
    return _page(form, _cockpit_address(slug, label, organisation_id), _("Cockpit"), manages=True)


def _page(form: Form, back: str, back_label: str, *, manages: bool) -> str:
    return render_template(
        "organisation_details.html",
        form=form,
        back=back,
        back_label=back_label,
        manages=manages,
        is_supplier="supplier" in signed_in_person().roles and not manages,
        sizes=SIZES,
    )


def _cockpit_address(slug: str, label: str, organisation_id: UUID) -> str:
    return url_for("cockpit.buyer", slug=slug, label=label, organisation_id=organisation_id)
