"""Delivers mail over SMTP, with TLS whenever the server offers it (RFC 5321, 3207, 8314)."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage

from services.notifications.delivery.failures import PermanentFailure, TemporaryFailure

_TIMEOUT = 30
_FIRST_PERMANENT_CODE = 500


@dataclass(frozen=True)
class SmtpTransport:
    """One connection for each mail: the volumes are small and a connection is never stale."""

    host: str
    port: int
    user: str | None = None
    password: str = field(default="", repr=False)
    implicit_tls: bool = False
    reaches_people: bool = True

    is_idempotent = False

    def deliver(self, mail: EmailMessage) -> None:
        """Raises PermanentFailure when the server refuses this mail or this recipient for good (5xx).

        Whatever is about the connection, the encryption or our own account and address is TemporaryFailure:
        other mail fails as well, and somebody is going to mend it.
        """
        with _failures_told_apart(), self._connection() as server:
            server.send_message(mail)

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self.implicit_tls:
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=_TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT)
        try:
            server.ehlo()
            if not self.implicit_tls and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            if self.user is not None:
                server.login(self.user, self.password)
            yield server
            # The mail is taken: a server that cannot say goodbye does not change that.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()


@contextmanager
def _failures_told_apart() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _failure(code, text) from error
    except smtplib.SMTPDataError as error:
        raise _failure(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise PermanentFailure(f"The mail server cannot handle this address: {error}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise TemporaryFailure(f"The mail server cannot be used: {error}") from error


def _failure(code: int, text: bytes | str) -> Exception:
    sentence = f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
    return PermanentFailure(sentence) if code >= _FIRST_PERMANENT_CODE else TemporaryFailure(sentence)
