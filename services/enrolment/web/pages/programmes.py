"""Programmes as their manager sets them up and changes them."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.chassis.model import DomainError, Forbidden
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.programme import Funder
from services.enrolment.handlers import programmes
from services.enrolment.storage import queries
from services.enrolment.web.chambers import chambers_of, check_chamber
from services.enrolment.web.identities import check_may
from services.enrolment.web.rows import Rows, blank_rows, load_rows
from services.enrolment.web.schemas.programmes import (
    FunderSchema,
    NewProgrammeSchema,
    ProgrammeForm,
    ProgrammeSchema,
)

pages = Blueprint("programmes", __name__, url_prefix="/programmes")


@pages.get("/new")
@requires("manager", "operator")
def new_programme() -> str:
    person = signed_in_person()
    with reading() as session:
        chambers = chambers_of(session, person)
    known = {"chamber": chambers[0] if chambers else ""}
    if not person.has_any_role({"operator"}):
        known |= {"manager_name": person.name, "manager_email": person.email, "contact_email": person.email}
    return _new_page(blank_form(NewProgrammeSchema(), known), chambers)


@pages.post("/new")
@requires("manager", "operator")
def create_programme() -> Response | tuple[str, int]:
    form = load_form(NewProgrammeSchema())
    with reading() as session:
        chambers = chambers_of(session, signed_in_person())
    if form.is_valid:
        try:
            with unit_of_work() as work:
                check_chamber(form.data["chamber"], signed_in_person(), work.session)
                details = dict(form.data)
                name, email = details.pop("manager_name"), details.pop("manager_email")
                command = programmes.CreateProgramme(budget_funded=Decimal(0), **details)
                created = programmes.create_programme_with_manager(command, name, email, work)
                slug, title = created.slug, created.name
        except DomainError as error:
            if isinstance(error, Forbidden):
                raise
            form.refuse(error)
        else:
            words = _(
                "The programme %(name)s is created. %(email)s signs in to run it.", name=title, email=email
            )
            flash(words, "success")
            return redirect(url_for("home.programme", slug=slug), 303)
    return _new_page(form, chambers), 422


@pages.get("/<slug>/edit")
@requires("manager")
def edit_programme(slug: str) -> str:
    check_may(slug, "manager")
    with reading() as session:
        programme = queries.programme_by_slug(session, slug)
        funders = blank_rows(FunderSchema(), [vars(funder) for funder in programme.funders])
        known = {name: getattr(programme, name) for name in ProgrammeSchema().load_fields}
        known["seen_version"] = programme.version
        return _edit_page(session, slug, blank_form(ProgrammeForm(), known), funders)


@pages.post("/<slug>/edit")
@requires("manager")
def change_programme(slug: str) -> Response | tuple[str, int]:
    check_may(slug, "manager")
    form, funders = load_form(ProgrammeForm()), load_rows("funders", FunderSchema())
    form.errors |= funders.errors
    if form.is_valid:
        command = programmes.ChangeProgramme(
            slug=slug, funders=[Funder(**row) for row in funders.data], **form.data
        )
        with unit_of_work_for(form) as work:
            check_chamber(form.data["chamber"], signed_in_person(), work.session)
            programmes.change_programme(command, work)
    if form.is_valid:
        flash(_("Saved."), "success")
        return redirect(url_for("programmes.edit_programme", slug=slug), 303)
    with reading() as session:
        return _edit_page(session, slug, form, funders), 422


def _new_page(form: Form, chambers: list[str]) -> str:
    """An operator types the chamber; a manager chooses among their own."""
    is_free = signed_in_person().has_any_role({"operator"})
    options = None if is_free else [(name, name) for name in chambers]
    return render_template("programme_new.html", form=form, chambers=options)


def _edit_page(session: Session, slug: str, form: Form, funders: Rows) -> str:
    chambers = [(name, name) for name in chambers_of(session, signed_in_person())]
    return render_template(
        "programme_edit.html",
        programme=queries.programme_by_slug(session, slug),
        chambers=chambers,
        form=form,
        funders=funders,
    )
