"""The file that a person gets: what every service holds, as one ZIP with a page that explains it."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from flask import render_template

from services.chassis.privacy.sealing import unseal
from services.enrolment.domain.person import Person
from services.enrolment.domain.personal_data import HOLDERS, PersonExport


def personal_copy(export: PersonExport, person: Person, sealed_parts: dict[str, str]) -> bytes:
    """The whole copy: ``index.html`` to read, one JSON file for each service, and the person's own files."""
    if export.private_key is None:
        raise ValueError("A copy that has expired cannot be read any more.")
    packed = BytesIO()
    told: dict[str, Any] = {}
    files: list[str] = []
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for service in HOLDERS:
            with ZipFile(BytesIO(unseal(sealed_parts[service], export.private_key))) as part:
                for name in part.namelist():
                    content = part.read(name)
                    archive.writestr(f"cesar/{name}", content)
                    if name == f"{service}.json":
                        told[service] = json.loads(content)
                    else:
                        files.append(name)
        page = render_template("personal_copy.html", of=person, export=export, told=told, files=files)
        archive.writestr("cesar/index.html", page)
    return packed.getvalue()
