"""One supplier: who it is, what happened to it, and what is put right about it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.chassis.model import DomainError
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import error_message
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.organisation import SIZES
from services.enrolment.handlers import organisation_changes, supplier_changes
from services.enrolment.web.company_look_up import proof_words
from services.enrolment.web.organisation_forms import correction, typed_details
from services.enrolment.web.schemas.suppliers import ContactForm, DetailsForm, LeavingSchema
from services.enrolment.web.supplier_view import (
    SupplierView,
    check_allowed,
    programmes_to_answer_for,
    supplier_view,
)

pages = Blueprint("supplier", __name__, url_prefix="/suppliers/<uuid:supplier_id>")


@pages.get("")
@requires("manager", "adviser", "buyer")
def supplier(supplier_id: UUID) -> str:
    with reading() as session:
        view = supplier_view(session, supplier_id)
    return render_template("supplier.html", view=view, row=view.row, proofs=proof_words(view.row.proven))


@pages.post("/invitation")
@requires("manager", "buyer")
def send_again(supplier_id: UUID) -> Response:
    """A new link; the old one dies."""
    check_allowed(_view(supplier_id).may_send_again)

    def use(work: UnitOfWork) -> None:
        supplier_changes.invite_again(
            supplier_id, signed_in_person().person_id, runtime().settings.public_url, work
        )

    return _do_at_once(supplier_id, use, _("A new invitation is on its way; the old link no longer works."))


@pages.post("/return")
@requires("manager")
def come_back(supplier_id: UUID) -> Response:
    """A supplier that had left takes part again."""
    check_allowed(_view(supplier_id).may_manage)

    def use(work: UnitOfWork) -> None:
        supplier_changes.come_back(
            supplier_id, signed_in_person().person_id, runtime().settings.public_url, work
        )

    return _do_at_once(supplier_id, use, _("The supplier takes part again."))


@pages.get("/contact")
@requires("manager", "buyer")
def contact_form(supplier_id: UUID) -> str:
    view = _view(supplier_id)
    check_allowed(view.may_correct_contact)
    known = {
        "contact_name": view.row.contact_name,
        "contact_email": view.row.contact_email,
        "contact_phone": view.row.contact_phone,
        "seen_version": view.version,
    }
    return _form_page("supplier_contact.html", view, blank_form(ContactForm(), known))


@pages.post("/contact")
@requires("manager", "buyer")
def correct_contact(supplier_id: UUID) -> Response | tuple[str, int]:
    view = _view(supplier_id)
    check_allowed(view.may_correct_contact)
    form = load_form(ContactForm())

    def use(work: UnitOfWork) -> None:
        command = supplier_changes.CorrectContact(
            supplier_id=supplier_id,
            name=form.data["contact_name"],
            email=form.data["contact_email"],
            phone=form.data["contact_phone"],
            by=signed_in_person().person_id,
            seen_version=form.data["seen_version"],
        )
        supplier_changes.correct_contact(command, runtime().settings.public_url, work)

    thanks = _("Saved. To another address a new invitation is on its way; the old link no longer works.")
    return _do(view, form, use, "supplier_contact.html", thanks)


@pages.get("/details")
@requires("manager", "buyer")
def details_form(supplier_id: UUID) -> str:
    view = _view(supplier_id)
    check_allowed(view.may_correct)
    with reading() as session:
        form = typed_details(session, view.row.organisation_id)
    return _form_page("supplier_details.html", view, form)


@pages.post("/details")
@requires("manager", "buyer")
def correct_details(supplier_id: UUID) -> Response | tuple[str, int]:
    view = _view(supplier_id)
    check_allowed(view.may_correct)
    form = load_form(DetailsForm())

    def use(work: UnitOfWork) -> None:
        command = correction(view.row.organisation_id, form.data)
        programmes = programmes_to_answer_for(signed_in_person(), view.row)
        organisation_changes.correct_by_team(command, programmes, work)

    return _do(view, form, use, "supplier_details.html", _("Saved."))


@pages.get("/leave")
@requires("manager")
def leaving_form(supplier_id: UUID) -> str:
    view = _view(supplier_id)
    check_allowed(view.may_manage)
    return _form_page("supplier_leaving.html", view, blank_form(LeavingSchema()))


@pages.post("/leave")
@requires("manager")
def leave(supplier_id: UUID) -> Response | tuple[str, int]:
    """The supplier takes part no longer."""
    view = _view(supplier_id)
    check_allowed(view.may_manage)
    form = load_form(LeavingSchema())

    def use(work: UnitOfWork) -> None:
        supplier_changes.leave(supplier_id, work, reason=form.data["reason"], by=signed_in_person().person_id)

    return _do(view, form, use, "supplier_leaving.html", _("Noted: the supplier has left the programme."))


def _view(supplier_id: UUID) -> SupplierView:
    with reading() as session:
        return supplier_view(session, supplier_id)


def _do_at_once(supplier_id: UUID, use: Callable[[UnitOfWork], None], thanks: str) -> Response:
    try:
        with unit_of_work() as work:
            use(work)
    except DomainError as error:
        flash(error_message(error), "danger")
    else:
        flash(thanks, "success")
    return redirect(url_for("supplier.supplier", supplier_id=supplier_id), 303)


def _do(
    view: SupplierView, form: Form, use: Callable[[UnitOfWork], None], template: str, thanks: str
) -> Response | tuple[str, int]:
    """Do it and show the supplier again, or the form with what is wrong."""
    if form.is_valid:
        with unit_of_work_for(form) as work:
            use(work)
    if form.is_valid:
        flash(thanks, "success")
        return redirect(url_for("supplier.supplier", supplier_id=view.row.id), 303)
    return _form_page(template, view, form), 422


def _form_page(template: str, view: SupplierView, form: Form) -> str:
    return render_template(template, view=view, row=view.row, form=form, sizes=SIZES)
