"""Builds the mail that leaves: headers and both forms of the body (RFC 5322, 2045, 3834, 8058)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from uuid import UUID

from services.notifications.delivery.header_policy import POLICY
from services.notifications.letters import Letter


@dataclass(frozen=True)
class CalendarPart:
    """A calendar file that goes with a mail; ``method`` is what it asks for (RFC 5546)."""

    content: bytes
    method: str
    file_name: str


def build_mail(
    letter: Letter,
    *,
    message_id: UUID,
    sender: str,
    sender_name: str,
    reply_to: str | None,
    recipient: str,
    recipient_name: str,
    locale: str,
    date: datetime,
    headers: Mapping[str, str],
    calendar: CalendarPart | None = None,
) -> EmailMessage:
    """The mail for one recipient.

    ``sender`` is our own address, with or without a name (``sender_name`` wins). The Message-ID follows from
    ``message_id``, so that a mail that had to be sent twice is recognised as one. Raises ValueError for a
    recipient that is not a mail address.
    """
    own_address = parseaddr(sender)[1]
    mail = EmailMessage(policy=POLICY)
    mail["From"] = _address(own_address, sender_name)
    mail["To"] = _address(recipient, recipient_name)
    if reply_to:
        mail["Reply-To"] = _address(reply_to, sender_name)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = f"<{message_id}@{_domain_of(own_address)}>"
    # Written by a machine: no out-of-office reply, please (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if calendar is not None:
        _add_calendar(mail, calendar)
    mail["Content-Language"] = locale
    # A fresh boundary each time would make two builds of one mail differ.
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{message_id.hex}{number or ''}")
    return mail


def message_id_of(mail: EmailMessage) -> UUID:
    """The id that a mail of ``build_mail`` was built for. Raises ValueError for any other mail."""
    return UUID(str(mail["Message-ID"]).strip("<>").partition("@")[0])


def _add_calendar(mail: EmailMessage, calendar: CalendarPart) -> None:
    """As one of the mail's forms, which calendar programs act on, and as a file for all others (RFC 6047)."""
    text = calendar.content.decode()
    mail.add_alternative(
        text, subtype="calendar", cte="base64", params={"method": calendar.method, "name": calendar.file_name}
    )
    mail.add_attachment(calendar.content, maintype="application", subtype="ics", filename=calendar.file_name)


def _address(address: str, name: str) -> Address:
    local_part, _, domain = address.strip().rpartition("@")
    try:
        # Domains with accents travel in their ASCII form (RFC 5891).
        ascii_domain = domain.encode("idna").decode()
        return Address(display_name=" ".join(name.split()), addr_spec=f"{local_part}@{ascii_domain}")
    except (MessageError, ValueError, IndexError) as error:
        raise ValueError(f"“{address}” is not a mail address.") from error


def _domain_of(address: str) -> str:
    return address.rpartition("@")[2] or "localhost"
