"""The attendance sheet of a workshop, as its team and its programme's funders get it."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from werkzeug.http import dump_options_header

from services.chassis.model import Conflict
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime
from services.enrolment.attendance_sheet import draw_sheet
from services.enrolment.domain.workshop import Workshop, WorkshopState
from services.enrolment.storage import workshops
from services.enrolment.web.meetings import wholly_visible_workshop


def sheet_response(workshop_id: UUID) -> Response:
    """The kept sheet of a workshop that was held; of one to come, the sheet to be signed, for the team.

    Raises NotFound; Conflict for a funder before it was held; Forbidden for an adviser of some of its buyers.
    """
    with reading() as session:
        found = session.get(Workshop, workshop_id)
        for_funder = found is not None and signed_in_person().may("funder", found.programme)
        if found is None or not for_funder:
            found = wholly_visible_workshop(session, workshop_id)
        if found.state is WorkshopState.HELD:
            content = workshops.attendance_sheet(session, found.id).content
        elif for_funder:
            raise Conflict("This workshop has no attendance sheet yet.")
        else:
            content = draw_sheet(session, found, runtime().clock())
    name = _("attendance-sheet") + f"-{found.starts_at:%Y-%m-%d}.pdf"
    disposition = dump_options_header("attachment", {"filename": name})
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": disposition})
