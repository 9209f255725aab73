"""Delivers mail: over SMTP, or into a folder of the embedded default.

A transport either takes the mail, or raises TemporaryFailure (try again later) or PermanentFailure (do not).
"""

from __future__ import annotations

from email.message import EmailMessage
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from services.notifications.delivery.maildir import MaildirTransport
from services.notifications.delivery.smtp import SmtpTransport


class Transport(Protocol):
    """A way for mail to leave.

    ``is_idempotent``: delivering a mail twice has the effect of delivering it once.
    ``reaches_people``: mail that leaves is read by its recipient, and so may disturb them.
    """

    is_idempotent: bool

    @property
    def reaches_people(self) -> bool: ...

    def deliver(self, mail: EmailMessage) -> None:
        """Raises TemporaryFailure or PermanentFailure, with what the other side said."""


def transport_for(url: str, password: str | None = None) -> Transport:
    """The transport that a setting names: ``smtp://user:password@host:port``, ``smtps://...`` or ``maildir:///folder``.

    ``smtp://host?reaches_people=no`` is a server that keeps what it is given, as where an installation is
    tried out: nobody is disturbed, so mail leaves at any hour. A ``password`` kept apart from the address is
    the account's. Raises ValueError for any other address.
    """
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        return MaildirTransport(unquote(parts.path))
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        return SmtpTransport(
            host=parts.hostname,
            port=parts.port or (465 if parts.scheme == "smtps" else 25),
            user=unquote(parts.username) if parts.username else None,
            password=password or unquote(parts.password or ""),
            implicit_tls=parts.scheme == "smtps",
            reaches_people=parse_qs(parts.query).get("reaches_people") != ["no"],
        )
    raise ValueError(f"Mail cannot be delivered to {url}.")
