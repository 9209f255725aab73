"""The embedded default's catcher: mail is written into a maildir, where the mailbox page reads it.

The file's name follows from the message's id, so that delivering twice writes once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from services.notifications.delivery.failures import TemporaryFailure
from services.notifications.delivery.mail import message_id_of

_SUFFIX = ".eml"


class MaildirTransport:
    """Writes mail into ``folder``, in the layout of a maildir (``tmp``, ``new``, ``cur``)."""

    is_idempotent = True
    reaches_people = False

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def deliver(self, mail: EmailMessage) -> None:
        name = file_name(message_id_of(mail))
        if any((self.folder / sub / name).exists() for sub in ("new", "cur")):
            return
        try:
            for sub in ("tmp", "new", "cur"):
                (self.folder / sub).mkdir(parents=True, exist_ok=True)
            _write_durably(self.folder / "tmp" / name, mail.as_bytes())
            (self.folder / "tmp" / name).rename(self.folder / "new" / name)
        except OSError as error:
            raise TemporaryFailure(f"The mail could not be written: {error}.") from error

    def remove(self, message_id: UUID) -> None:
        """Remove what was delivered under this id, if anything was."""
        for sub in ("new", "cur"):
            (self.folder / sub / file_name(message_id)).unlink(missing_ok=True)


@dataclass(frozen=True)
class CaughtMail:
    """A mail in the catcher."""

    id: UUID
    mail: EmailMessage

    def body(self, subtype: str) -> str:
        """The text of the part ``text/<subtype>``; empty when there is none."""
        part = self.mail.get_body((subtype,))
        return part.get_content() if isinstance(part, EmailMessage) else ""


@dataclass(frozen=True)
class MailSummary:
    """The headers that a list of mails shows."""

    id: UUID
    subject: str
    sender: str
    recipient: str
    address: str
    date: datetime


class Mailbox:
    """Reads what a MaildirTransport has written."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder) / "new"

    def newest_first(self) -> Iterator[UUID]:
        """The ids of all mails. A mail's file is as old as its delivery."""
        if not self.folder.is_dir():
            return
        mails = [entry for entry in os.scandir(self.folder) if entry.name.endswith(_SUFFIX)]
        mails.sort(key=lambda entry: entry.stat().st_mtime_ns, reverse=True)
        yield from (UUID(entry.name.removesuffix(_SUFFIX)) for entry in mails)

    def summary(self, message_id: UUID) -> MailSummary:
        """What a list shows of a mail. Raises FileNotFoundError."""
        return _summary(self.folder / file_name(message_id))

    def mentions(self, message_id: UUID, words: str) -> bool:
        """Whether the words are in the mail's subject or in its recipient's name or address."""
        summary = self.summary(message_id)
        return words.casefold() in f"{summary.recipient} {summary.address} {summary.subject}".casefold()

    def open(self, message_id: UUID) -> CaughtMail | None:
        """One mail; None when there is no such mail."""
        try:
            content = (self.folder / file_name(message_id)).read_bytes()
        except FileNotFoundError:
            return None
        mail = message_from_bytes(content, policy=SMTP)
        assert isinstance(mail, EmailMessage)
        return CaughtMail(message_id, mail)


def file_name(message_id: UUID) -> str:
    return f"{message_id}{_SUFFIX}"


@lru_cache(maxsize=4096)
def _summary(path: Path) -> MailSummary:
    # A mail is written once and never changes, so that it need not be read again.
    with path.open("rb") as file:
        headers = BytesParser(policy=SMTP).parse(file, headersonly=True)
    [recipient] = headers["To"].addresses
    [sender] = headers["From"].addresses
    return MailSummary(
        id=UUID(path.name.removesuffix(_SUFFIX)),
        subject=str(headers["Subject"]),
        sender=sender.display_name or sender.addr_spec,
        recipient=recipient.display_name or recipient.addr_spec,
        address=recipient.addr_spec,
        date=headers["Date"].datetime,
    )


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
