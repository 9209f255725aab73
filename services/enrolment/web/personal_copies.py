"""The file that a person gets: what every service holds, as one ZIP with a page that explains it."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Response, render_template, send_file

from services.chassis.model import NotFound
from services.chassis.privacy.sealing import unseal
from services.chassis.web.session import refuse_programs, signed_in_person
from services.chassis.web.work import reading, runtime
from services.enrolment.domain.person import Person
from services.enrolment.domain.personal_data import HOLDERS, PersonExport
from services.enrolment.storage.personal_data import sealed_parts
from services.enrolment.web.readable_copy import readable_rows


def own_copy(export_id: UUID) -> Response:
    """The file, for the person alone, as long as it is kept. Raises NotFound, Gone, Conflict, Forbidden."""
    refuse_programs()
    with reading() as session:
        export = session.get(PersonExport, export_id)
        if export is None or export.person_id != signed_in_person().person_id:
            raise NotFound("This does not exist, or no longer.")
        export.check_fetchable(runtime().clock())
        person = session.get_one(Person, export.person_id)
        content = personal_copy(export, person, sealed_parts(session, export.id))
    response = send_file(
        BytesIO(content), mimetype="application/zip", as_attachment=True, download_name="cesar.zip"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def personal_copy(export: PersonExport, person: Person, sealed: dict[str, str]) -> bytes:
    """The whole copy: ``index.html`` to read, one JSON file for each service, and the person's own files."""
    if export.private_key is None:
        raise ValueError("A copy that has expired cannot be read any more.")
    packed = BytesIO()
    told: dict[str, Any] = {}
    files: list[str] = []
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for service in HOLDERS:
            with ZipFile(BytesIO(unseal(sealed[service], export.private_key))) as part:
                for name in part.namelist():
                    content = part.read(name)
                    archive.writestr(f"cesar/{name}", content)
                    if name == f"{service}.json":
                        told[service] = json.loads(content)
                    else:
                        files.append(name)
        page = render_template(
            "personal_copy.html",
            of=person,
            export=export,
            told=told,
            files=files,
            rows_of=readable_rows,
        )
        archive.writestr("cesar/index.html", page)
    return packed.getvalue()
