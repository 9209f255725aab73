"""The calendar files that go with mails about meetings."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from typing import Any

from sqlalchemy.orm import Session

from services.chassis.calendar_files import Entry, Mailbox, Method, invitation
from services.chassis.settings import Settings
from services.notifications.delivery.mail import CalendarPart
from services.notifications.domain.message import Message
from services.notifications.domain.occasion import Occasion
from services.notifications.domain.workflow import CalendarFile
from services.notifications.storage import queries
from services.notifications.workflow_file import workflows

_METHODS = {CalendarFile.REQUEST: Method.REQUEST, CalendarFile.CANCEL: Method.CANCEL}
_FILE_NAMES = {Method.REQUEST: "invitation.ics", Method.CANCEL: "annulation.ics"}


def calendar_part(session: Session, message: Message, settings: Settings) -> CalendarPart | None:
    """The file for the meeting that a message is about; None when its workflow has none.

    Who waits for a place does not come yet, and has nothing to note.
    """
    wanted = workflows()[message.workflow].calendar
    values = session.get_one(Occasion, message.occasion_id).values
    if wanted is None or values.get("state") == "waiting":
        return None
    method = _METHODS[wanted]
    programme = queries.programme_of(session, message.programme)
    organiser = Mailbox(
        programme.name if programme else settings.product_name,
        (programme.contact_email if programme else None) or parseaddr(settings.mail_from)[1],
    )
    content = invitation(
        method,
        _entry(values["meeting"], is_cancelled=method is Method.CANCEL),
        organiser=organiser,
        guest=Mailbox(message.name, message.address),
        at=message.claimed_at or message.planned_at,
    )
    return CalendarPart(content, method.value, _FILE_NAMES[method])


def _entry(meeting: dict[str, Any], *, is_cancelled: bool) -> Entry:
    return Entry(
        uid=meeting["id"],
        sequence=meeting["sequence"],
        title=meeting["title"],
        starts_at=datetime.fromisoformat(meeting["starts_at"]),
        ends_at=datetime.fromisoformat(meeting["ends_at"]),
        place=meeting["place"],
        url=meeting["video_url"],
        description=meeting["description"],
        is_cancelled=is_cancelled,
    )
