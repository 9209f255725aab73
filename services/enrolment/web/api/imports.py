"""Imports of suppliers, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_smorest.fields import Upload
from marshmallow import Schema, fields

from services.chassis.web.access import requires
from services.chassis.web.api_files import UploadsBlueprint
from services.chassis.web.i18n import current_locale
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.paging import list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.importing import SupplierImport
from services.enrolment.handlers import importing
from services.enrolment.spreadsheets.reading import LARGEST_FILE, MOST_ROWS, read_table
from services.enrolment.storage import imports
from services.enrolment.web.identities import inviter_of
from services.enrolment.web.schemas.imports import StartSchema, mapped
from services.enrolment.web.visible_imports import messages_of, visible_import

imports_api = UploadsBlueprint(
    "imports_api",
    __name__,
    url_prefix="/suppliers/imports",
    description="Suppliers from a spreadsheet (XLSX, XLS, ODS, CSV).",
)


class FileSchema(Schema):
    file = Upload(required=True)


class ImportSchema(Schema):
    id = fields.UUID()
    programme = fields.String()
    file_name = fields.String()
    state = fields.String(metadata={"description": "uploaded, running, done or failed"})
    header = fields.List(fields.String())
    columns = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "Which column holds what, counted from 0; a guess until it is started."},
    )
    invites = fields.Boolean()
    total = fields.Integer()
    done = fields.Integer()
    added = fields.Integer()
    renewed = fields.Integer(metadata={"description": "Known suppliers to whom something was added."})
    known = fields.Integer()
    wrong = fields.Integer()
    created_at = fields.AwareDateTime()
    finished_at = fields.AwareDateTime(allow_none=True)


class WrongMessageSchema(Schema):
    column = fields.String()
    message = fields.String()


class WrongRowSchema(Schema):
    row = fields.Integer(metadata={"description": "Its number in the file."})
    cells = fields.List(fields.String())
    messages = fields.List(fields.Nested(WrongMessageSchema))


class PreviewSchema(Schema):
    total = fields.Integer()
    looked_at = fields.Integer(metadata={"description": "How many rows, from the first, were tried out."})
    added = fields.Integer()
    renewed = fields.Integer(metadata={"description": "Known suppliers to whom something would be added."})
    known = fields.Integer()
    wrong = fields.Integer()
    mails = fields.Integer(metadata={"description": "How many people would be invited by e-mail."})
    rows_to_correct = fields.List(fields.Nested(WrongRowSchema))


class KnownRowSchema(Schema):
    row = fields.Integer(metadata={"description": "Its number in the file."})
    cells = fields.List(fields.String())
    supplier_id = fields.UUID()
    deeds = fields.List(
        fields.String(), metadata={"description": "What it has brought: siret, contact, invited; or nothing."}
    )


@imports_api.get("")
@requires("manager", "buyer")
@lists()
@imports_api.response(200, page_of(ImportSchema))
def list_imports() -> dict[str, Any]:
    """The imports that one may see, the newest first."""
    person, query = signed_in_person(), list_query(())
    with reading() as session:
        rows, total = imports.imports_of(
            session, person.programmes("manager"), person.organisations("buyer"), query
        )
    return {"total": total, "items": rows}


@imports_api.post("")
@requires("manager", "buyer")
@imports_api.uploads(FileSchema)
@imports_api.response(201, ImportSchema)
def upload_import(given: dict[str, Any]) -> SupplierImport:
    """Upload a file. Nothing is taken in before it is started with its columns."""
    person = signed_in_person()
    with reading() as session:
        programme, inviter_id = inviter_of(person, session)
    command = importing.Upload(
        programme=programme,
        inviter_id=inviter_id,
        created_by=person.person_id,
        file_name=given["file"].filename or "",
        table=read_table(given["file"].read(LARGEST_FILE + 1)),
        locale=current_locale(),
    )
    with unit_of_work() as work:
        return importing.upload(command, work)


@imports_api.get("/<uuid:import_id>")
@requires("manager", "buyer")
@imports_api.response(200, ImportSchema)
def get_import(import_id: UUID) -> SupplierImport:
    """How far an import is."""
    with reading() as session:
        return visible_import(session, signed_in_person(), import_id)


@imports_api.delete("/<uuid:import_id>")
@requires("manager", "buyer")
@imports_api.response(204)
def remove_import(import_id: UUID) -> None:
    """Forget a file of which nothing was taken in. 409 once it was started."""
    with unit_of_work() as work:
        visible_import(work.session, signed_in_person(), import_id)
        importing.give_up(import_id, work)


@imports_api.post("/<uuid:import_id>/preview")
@requires("manager", "buyer")
@imports_api.arguments(StartSchema)
@imports_api.response(200, PreviewSchema)
def preview_import(chosen: dict[str, Any], import_id: UUID) -> dict[str, Any]:
    """What starting it so would do: nobody is written to, and nothing but the choice is kept."""
    with unit_of_work() as work:
        visible_import(work.session, signed_in_person(), import_id)
        columns, invites = mapped(chosen["columns"]), chosen["invites"]
        seen = importing.preview(import_id, columns, invites, runtime().settings.public_url, work)
    rows = [
        {"row": row.number, "cells": cells, "messages": _messages(row.messages)}
        for row, cells in seen.rows_to_correct
    ]
    return {**vars(seen), "wrong": len(rows), "rows_to_correct": rows}


@imports_api.post("/<uuid:import_id>/start")
@requires("manager", "buyer")
@imports_api.arguments(StartSchema)
@imports_api.response(202, ImportSchema)
def start_import(chosen: dict[str, Any], import_id: UUID) -> SupplierImport:
    """Have it taken in. 409 when that was asked before."""
    with unit_of_work() as work:
        visible_import(work.session, signed_in_person(), import_id)
        return importing.start(import_id, mapped(chosen["columns"]), chosen["invites"], work)


@imports_api.get("/<uuid:import_id>/wrong")
@requires("manager", "buyer")
@lists()
@imports_api.response(200, page_of(WrongRowSchema))
def list_wrong_rows(import_id: UUID) -> dict[str, Any]:
    """The rows that were not taken in, and what has to be mended."""
    with reading() as session:
        visible_import(session, signed_in_person(), import_id)
        rows = imports.wrong_rows(session, import_id, most=MOST_ROWS)
    return page_of_rows(
        [{"row": row, "cells": cells, "messages": _messages(stored)} for row, cells, stored in rows]
    )


def _messages(said: Sequence[Any]) -> list[dict[str, str]]:
    return [{"column": column, "message": sentence} for column, sentence in messages_of(said)]


@imports_api.get("/<uuid:import_id>/known")
@requires("manager", "buyer")
@lists()
@imports_api.response(200, page_of(KnownRowSchema))
def list_known_rows(import_id: UUID) -> dict[str, Any]:
    """The rows that meant suppliers who were known, and what they brought."""
    with reading() as session:
        visible_import(session, signed_in_person(), import_id)
        rows = imports.known_rows(session, import_id, most=MOST_ROWS)
    return page_of_rows(
        [
            {"row": row.number, "cells": cells, "supplier_id": row.supplier_id, "deeds": row.deeds}
            for row, cells in rows
        ]
    )
