"""The attendance sheet of a workshop, as its team and its programme's funders get it."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session
from werkzeug.http import dump_options_header

from services.chassis.model import Conflict
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime
from services.enrolment.attendance_sheet import draw_sheet
from services.enrolment.domain.workshop import Workshop, WorkshopState
from services.enrolment.storage import attendance_proofs
from services.enrolment.web.downloads import attachment_response
from services.enrolment.web.meetings import wholly_visible_workshop


def workshop_to_prove(session: Session, workshop_id: UUID) -> tuple[Workshop, bool]:
    """The workshop whose proofs somebody may read, and whether they read them for a funder.

    Raises NotFound; Forbidden for an adviser of some of its buyers.
    """
    found = session.get(Workshop, workshop_id)
    if found is not None and signed_in_person().may("funder", found.programme):
        return found, True
    return wholly_visible_workshop(session, workshop_id), False


def sheet_response(workshop_id: UUID) -> Response:
    """The kept sheet of a workshop that was held; of one to come, the sheet to be signed, for the team.

    Raises like ``workshop_to_prove``; Conflict for a funder before it was held.
    """
    with reading() as session:
        found, for_funder = workshop_to_prove(session, workshop_id)
        if found.state is WorkshopState.HELD:
            content = attendance_proofs.attendance_sheet(session, found.id).content
        elif for_funder:
            raise Conflict("This workshop has no attendance sheet yet.")
        else:
            content = draw_sheet(session, found, runtime().clock())
    name = _("attendance-sheet") + f"-{found.starts_at:%Y-%m-%d}.pdf"
    disposition = dump_options_header("attachment", {"filename": name})
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": disposition})


def signed_sheet_response(workshop_id: UUID, sheet_id: UUID) -> Response:
    """A page of the sheet signed on paper. Raises NotFound, and like ``workshop_to_prove``."""
    with reading() as session:
        found, _for_funder = workshop_to_prove(session, workshop_id)
        return attachment_response(*attendance_proofs.signed_sheet_content(session, found.id, sheet_id))
