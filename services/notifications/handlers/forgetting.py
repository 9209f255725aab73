"""Messages to somebody who is erased, and mails that speak of them.

What has left is counted and stays without its recipient; what has not left never will. The files of the
catcher are removed afterwards, since a transaction that fails must not have removed any.
"""

from __future__ import annotations

from sqlalchemy import Text, cast, delete, or_, select
from sqlalchemy.orm import Session

from services.chassis.database import insert_for
from services.chassis.privacy.declaration import holdings_of
from services.chassis.privacy.subject import Subject, belongs
from services.chassis.service import Runtime
from services.notifications.delivery import transport_for
from services.notifications.delivery.maildir import MaildirTransport
from services.notifications.domain.message import State
from services.notifications.storage.tables import forgotten_mails, messages, metadata, occasions

_HAVE_LEFT = (State.SENT, State.FAILED, State.SENDING)


def forget_messages(session: Session, subject: Subject) -> None:
    """Called before the tables forget whom they are about."""
    [held] = [each for each in holdings_of("notifications", metadata) if each.table is messages]
    theirs = belongs(held, subject)
    written = cast(occasions.c["values"], Text)
    needles = (str(subject.person_id), *subject.addresses)
    speak_of_them = select(occasions.c.id).where(
        or_(*(written.contains(needle, autoescape=True) for needle in needles))
    )
    concerned = or_(theirs, messages.c.occasion_id.in_(speak_of_them))
    left = session.scalars(select(messages.c.id).where(concerned, messages.c.state.in_(_HAVE_LEFT))).all()
    if left:
        rows = [{"message_id": message_id} for message_id in left]
        session.execute(insert_for(session, forgotten_mails).values(rows).on_conflict_do_nothing())
    session.execute(delete(messages).where(theirs, messages.c.state.not_in(_HAVE_LEFT)))


def remove_forgotten_mails(runtime: Runtime) -> int:
    """Remove the files of the catcher, where mail is caught; how many mails were forgotten."""
    with runtime.read() as session:
        forgotten = session.scalars(select(forgotten_mails.c.message_id).limit(500)).all()
    if not forgotten:
        return 0
    transport = transport_for(runtime.settings.mail_url, runtime.settings.mail_password)
    if isinstance(transport, MaildirTransport):
        for message_id in forgotten:
            transport.remove(message_id)
    with runtime.database.write() as session:
        session.execute(delete(forgotten_mails).where(forgotten_mails.c.message_id.in_(forgotten)))
    return len(forgotten)
