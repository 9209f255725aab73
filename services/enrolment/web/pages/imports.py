"""Imports of suppliers: a file is uploaded, its columns are confirmed, and the page shows how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
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

from services.chassis.model import Conflict, DomainError
from services.chassis.web.access import requires
from services.chassis.web.exports import table_response
from services.chassis.web.forms import Errors, Form, as_form_errors, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import current_locale
from services.chassis.web.i18n import gettext as _
from services.chassis.web.paging import Page, list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.importing import ImportState, SupplierImport
from services.enrolment.handlers import importing
from services.enrolment.spreadsheets.reading import LARGEST_FILE, MOST_ROWS, read_table
from services.enrolment.storage import imports
from services.enrolment.web.identities import inviter_of
from services.enrolment.web.schemas.imports import StartFormSchema, mapped
from services.enrolment.web.visible_imports import messages_of, visible_import

pages = Blueprint("imports", __name__)
_SHOWN = 50
_SAMPLES = 3


@pages.get("/suppliers/imports")
@requires("manager", "buyer")
def import_index() -> str:
    with reading() as session:
        inviter_of(signed_in_person(), session)
        return _index_page(session, {})


@pages.post("/suppliers/imports")
@requires("manager", "buyer")
def upload() -> AnyResponse | tuple[str, int]:
    person = signed_in_person()
    with reading() as session:
        programme, inviter_id = inviter_of(person, session)
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise DomainError("Choose a file.", field="file")
        command = importing.Upload(
            programme=programme,
            inviter_id=inviter_id,
            created_by=person.person_id,
            file_name=file.filename,
            table=read_table(file.stream.read(LARGEST_FILE + 1)),
            locale=current_locale(),
        )
        with unit_of_work() as work:
            found = importing.upload(command, work)
    except DomainError as error:
        with reading() as session:
            return _index_page(session, as_form_errors(error)), 422
    return redirect(url_for("imports.import_page", import_id=found.id), 303)


@pages.get("/suppliers/imports/<uuid:import_id>")
@requires("manager", "buyer")
def import_page(import_id: UUID) -> str:
    """The columns to confirm, then how far it is, then what came of it."""
    with reading() as session:
        found = visible_import(session, signed_in_person(), import_id)
        if found.state is ImportState.UPLOADED:
            known = {**found.columns, "what": "invite" if found.invites else "register"}
            return _columns_page(session, found, blank_form(StartFormSchema(), known))
        wrong = imports.wrong_rows(session, import_id, most=_SHOWN)
        rows = [{"number": row, "messages": messages_of(said), "cells": cells} for row, cells, said in wrong]
        matched = imports.known_rows(session, import_id, most=_SHOWN)
        return render_template("import.html", supplier_import=found, wrong=rows, known=matched)


@pages.post("/suppliers/imports/<uuid:import_id>/preview")
@requires("manager", "buyer")
def preview(import_id: UUID) -> AnyResponse | str | tuple[str, int]:
    """What would come of it: how many would be new, known, wrong and written to, before anything is done."""
    form = load_form(StartFormSchema())
    with reading() as session:
        found = visible_import(session, signed_in_person(), import_id)
    if form.is_valid:
        with unit_of_work_for(form) as work:
            invites = form.data["what"] == "invite"
            seen = importing.preview(import_id, mapped(form.data), invites, _public_url(), work)
    if form.is_valid:
        return _preview_page(found, seen, form)
    return _not_started(found, form)


@pages.post("/suppliers/imports/<uuid:import_id>")
@requires("manager", "buyer")
def start(import_id: UUID) -> AnyResponse | tuple[str, int]:
    form = load_form(StartFormSchema())
    with reading() as session:
        found = visible_import(session, signed_in_person(), import_id)
    if form.is_valid:
        with unit_of_work_for(form) as work:
            importing.start(import_id, mapped(form.data), form.data["what"] == "invite", work)
    if form.is_valid:
        return redirect(url_for("imports.import_page", import_id=import_id), 303)
    return _not_started(found, form)


@pages.post("/suppliers/imports/<uuid:import_id>/removal")
@requires("manager", "buyer")
def remove(import_id: UUID) -> AnyResponse:
    """Forget the file. One that was started meanwhile shows how far it is."""
    with reading() as session:
        visible_import(session, signed_in_person(), import_id)
    try:
        with unit_of_work() as work:
            importing.give_up(import_id, work)
    except Conflict:
        return redirect(url_for("imports.import_page", import_id=import_id), 303)
    flash(_("The file is deleted: nothing of it is kept."), "success")
    return redirect(url_for("imports.import_index"), 303)


@pages.get("/suppliers/imports/<uuid:import_id>/wrong.<any(csv, xlsx):file_format>")
@requires("manager", "buyer")
def wrong_rows(import_id: UUID, file_format: str) -> Response:
    """The rows that were not taken in, to be mended and uploaded again."""
    with reading() as session:
        found = visible_import(session, signed_in_person(), import_id)
        rows = imports.wrong_rows(session, import_id, most=MOST_ROWS)
    said_of = ((cells, " ".join(each for _column, each in messages_of(said))) for _row, cells, said in rows)
    return _file(file_format, _("rows to correct"), found, _("What to correct"), said_of)


@pages.get("/suppliers/imports/<uuid:import_id>/known.<any(csv, xlsx):file_format>")
@requires("manager", "buyer")
def known_rows(import_id: UUID, file_format: str) -> Response:
    """The rows that meant suppliers who were known, with what each has brought."""
    word = get_template_attribute("words.html", "row_deeds")
    with reading() as session:
        found = visible_import(session, signed_in_person(), import_id)
        rows = imports.known_rows(session, import_id, most=MOST_ROWS)
    said_of = ((cells, str(word(row.deeds)).strip()) for row, cells in rows)
    return _file(file_format, _("known suppliers"), found, _("What was done"), said_of)


def _file(
    file_format: str,
    name: str,
    found: SupplierImport,
    heading: str,
    said_of: Iterable[tuple[Sequence[str], str]],
) -> Response:
    """Rows as they are in the file that was uploaded, with one column more."""
    width = len(found.header)
    return table_response(
        file_format,
        name,
        [*found.header, heading],
        ((*cells, *[""] * (width - len(cells)), said) for cells, said in said_of),
    )


def _index_page(session: Session, errors: Errors) -> str:
    person = signed_in_person()
    query = list_query(())
    rows, total = imports.imports_of(
        session, person.programmes("manager"), person.organisations("buyer"), query
    )
    return render_template(
        "imports.html", page=Page(rows, total, query), errors=errors, most_rows=MOST_ROWS, most=LARGEST_FILE
    )


def _public_url() -> str:
    return runtime().settings.public_url


def _not_started(found: SupplierImport, form: Form) -> AnyResponse | tuple[str, int]:
    """The columns with what is wrong about them; the import as it is when it was started meanwhile."""
    if found.state is not ImportState.UPLOADED:
        return redirect(url_for("imports.import_page", import_id=found.id), 303)
    with reading() as session:
        return _columns_page(session, found, form), 422


def _columns_page(session: Session, found: SupplierImport, form: Form) -> str:
    _first, rows = imports.part(session, found.id, 0)
    return render_template(
        "import_columns.html",
        supplier_import=found,
        form=form,
        options=list(enumerate(found.header)),
        samples=[
            {"name": name, "cells": list(islice(_filled(rows, place), _SAMPLES))}
            for place, name in enumerate(found.header)
        ],
    )


def _filled(rows: Sequence[Sequence[str]], place: int) -> Iterator[str]:
    return (row[place] for row in rows if place < len(row) and row[place])


def _preview_page(found: SupplierImport, seen: importing.Preview, form: Form) -> str:
    place = form.data["organisation_name"]
    wrong = [
        {
            "number": row.number,
            "name": cells[place] if place < len(cells) else "",
            "messages": messages_of(row.messages),
        }
        for row, cells in seen.rows_to_correct[:_SHOWN]
    ]
    return render_template(
        "import_preview.html", supplier_import=found, seen=seen, wrong=wrong, values=form.values
    )
