"""A mail server for tests, which keeps what it receives."""

import email.policy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.ports import free_port


@dataclass(frozen=True)
class ReceivedMail:
    """A mail as the server got it: the envelope's addresses and the message."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    def text(self) -> str:
        """The plain-text part."""
        return self._part("plain")

    def html(self) -> str:
        """The HTML part."""
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        if part is None:
            raise AssertionError(f"The mail {self.subject!r} has no {kind} part.")
        return str(part.get_content())


class MailServer:
    """An SMTP server on a port of its own, without encryption or account."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host, self.port = host, free_port()
        self._mails: list[ReceivedMail] = []
        self._changed = threading.Condition()
        self._answer: str | None = None
        self._controller = Controller(self, hostname=self.host, port=self.port)

    @property
    def uri(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    @property
    def uri_at_any_hour(self) -> str:
        """For a product that goes by the clock on the wall: mail leaves at night, too."""
        return f"{self.uri}?reaches_people=no"

    @property
    def mails(self) -> list[ReceivedMail]:
        """What was received since the start or the last `clear`, oldest first."""
        with self._changed:
            return list(self._mails)

    def wait_for(self, wanted: str | Callable[[ReceivedMail], bool], timeout: float = 10) -> ReceivedMail:
        """The first mail to this address, or for which the function is true, already there or to come.

        Raises AssertionError when none has come after `timeout` seconds.
        """

        def matches(mail: ReceivedMail) -> bool:
            return wanted in mail.recipients if isinstance(wanted, str) else wanted(mail)

        def first() -> ReceivedMail | None:
            return next(filter(matches, self._mails), None)

        with self._changed:
            mail = self._changed.wait_for(first, timeout)
            if mail is None:
                held = "\n".join(f"{', '.join(mail.recipients)}: {mail.subject}" for mail in self._mails)
                raise AssertionError(f"No such mail came in {timeout:g} s. There are:\n{held or 'none'}")
            return mail

    def clear(self) -> None:
        """Forget what was received."""
        with self._changed:
            self._mails.clear()

    @contextmanager
    def refusing(self, answer: str = "451 4.3.0 Try again later") -> Iterator[None]:
        """While inside, every mail is refused with this SMTP answer (4xx for now, 5xx for good)."""
        self._answer = answer
        try:
            yield
        finally:
            self._answer = None

    def start(self) -> None:
        """Listen."""
        self._controller.start()

    def stop(self) -> None:
        """Stop listening; what was received stays."""
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by the server for each mail."""
        if self._answer is not None:
            return self._answer
        content = envelope.content
        data = content if isinstance(content, bytes) else (content or "").encode()
        # The policy decides the class of message, which the signature does not say.
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        with self._changed:
            self._mails.append(ReceivedMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
            self._changed.notify_all()
        return "250 OK"


@contextmanager
def mail_server(host: str = "127.0.0.1") -> Iterator[MailServer]:
    """A mail server that listens until the end on this address of the machine."""
    server = MailServer(host)
    server.start()
    try:
        yield server
    finally:
        server.stop()
