"""Suppliers: the list, and the invitation of a new one."""

from __future__ import annotations

from datetime import date, datetime

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

from services.chassis.web.access import requires
from services.chassis.web.exports import table_response
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import current_locale
from services.chassis.web.i18n import gettext as _
from services.chassis.web.paging import Page, list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import LOCAL_TIME, reading, runtime
from services.enrolment.handlers import suppliers
from services.enrolment.storage import supplier_list
from services.enrolment.storage.self_registrations import count_open_requests
from services.enrolment.storage.supplier_list import SORTABLE
from services.enrolment.web.company_look_up import asks_to_look_up, fill_in, has_register, proof_words
from services.enrolment.web.identities import inviter_of, is_only_buyer, may_invite, visible_suppliers
from services.enrolment.web.schemas.suppliers import InviteSchema

pages = Blueprint("suppliers", __name__)
_MOST_EXPORTED = 100_000


@pages.get("/suppliers")
@requires("manager", "adviser", "buyer")
def supplier_index() -> str:
    """The suppliers that this person may see: a buyer, those they invited; the team, those it accompanies."""
    query = list_query(SORTABLE, default="name")
    with reading() as session:
        chosen = visible_suppliers(signed_in_person(), session, request.args)
        rows, total = supplier_list.page(session, chosen, query)
        return render_template(
            "suppliers.html",
            page=Page(rows, total, query),
            chosen=chosen,
            department_options=[(code, code) for code in supplier_list.departments(session, chosen)],
            is_buyer=is_only_buyer(signed_in_person()),
            may_invite=may_invite(signed_in_person(), session),
            join_requests=count_open_requests(session, signed_in_person().programmes("manager")),
            may_merge="manager" in signed_in_person().roles,
            proof_words=proof_words,
            search=query.search,
        )


@pages.get("/suppliers.<any(csv, xlsx):file_format>")
@requires("manager", "adviser", "buyer")
def export(file_format: str) -> Response:
    """The whole list, as it is filtered."""
    query = list_query(SORTABLE, default="name")
    with reading() as session:
        rows = supplier_list.everything(
            session, visible_suppliers(signed_in_person(), session, request.args), query, most=_MOST_EXPORTED
        )
    word = get_template_attribute("words.html", "supplier_state_word")
    header = [
        _("Name"),
        "SIRET",
        _("Commune"),
        _("Department"),
        _("State"),
        _("Contact"),
        _("E-mail"),
        _("Phone"),
        _("Invited by"),
        _("Invited on"),
        _("Takes part since"),
    ]
    return table_response(
        file_format,
        _("suppliers"),
        header,
        (
            (
                row.name,
                row.siret,
                row.commune_name,
                row.department,
                str(word(row.state)).strip(),
                row.contact_name,
                row.contact_email,
                row.contact_phone,
                ", ".join(inviter.organisation_name for inviter in row.invited_by),
                _local_day(row.invited_at),
                _local_day(row.enrolled_at),
            )
            for row in rows
        ),
    )


@pages.get("/suppliers/invite")
@requires("manager", "buyer")
def invite_form() -> str:
    with reading() as session:
        inviter_of(signed_in_person(), session)
    return _invite_page(blank_form(InviteSchema()))


@pages.post("/suppliers/invite")
@requires("manager", "buyer")
def invite() -> AnyResponse | str | tuple[str, int]:
    form = load_form(InviteSchema())
    with reading() as session:
        programme, inviter_id = inviter_of(signed_in_person(), session)
    if asks_to_look_up():
        return _invite_page(form, fill_in(form))
    if form.is_valid:
        command = suppliers.InviteSupplier(
            programme=programme, inviter_id=inviter_id, locale=current_locale(), **form.data
        )
        with unit_of_work_for(form) as work:
            _supplier, secret = suppliers.invite_supplier(command, runtime().settings.public_url, work)
    if form.is_valid:
        # As it was typed, whatever others call it.
        name = form.data["organisation_name"]
        if secret:
            flash(_("%(name)s is invited: the e-mail is on its way.", name=name), "success")
        else:
            flash(_("%(name)s takes part already, and is now in your list.", name=name), "success")
        return redirect(url_for("suppliers.supplier_index"), 303)
    return _invite_page(form), 422


def _invite_page(form: Form, note: str = "") -> str:
    return render_template("invite.html", form=form, note=note, register=has_register())


def _local_day(instant: datetime | None) -> date | None:
    return instant.astimezone(LOCAL_TIME).date() if instant else None
