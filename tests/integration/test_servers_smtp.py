"""The mail server that tests start."""

import smtplib
import threading
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from tests.support.smtp import MailServer, mail_server


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as started:
        yield started


def send(server: MailServer, to: str, subject: str = "Bienvenue à l’état des lieux") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "programme@example.org", to, subject
    message.set_content("Bonjour Zoé,\n")
    message.add_alternative("<p>Bonjour Zoé,</p>\n", subtype="html")
    with smtplib.SMTP(server.host, server.port) as client:
        client.send_message(message)


def test_a_mail_is_kept_as_it_was_sent(server: MailServer) -> None:
    send(server, "zoe@example.org")
    mail = server.wait_for("zoe@example.org")
    assert mail.sender == "programme@example.org"
    assert mail.recipients == ("zoe@example.org",)
    assert mail.subject == "Bienvenue à l’état des lieux"
    assert mail.text().strip() == "Bonjour Zoé,"
    assert mail.html().strip() == "<p>Bonjour Zoé,</p>"


def test_a_mail_can_be_waited_for(server: MailServer) -> None:
    later = threading.Timer(0.2, send, [server, "zoe@example.org", "second"])
    later.start()
    send(server, "zoe@example.org", "first")
    assert server.wait_for(lambda mail: mail.subject == "second").recipients == ("zoe@example.org",)
    later.join()


def test_a_mail_that_does_not_come_is_told_with_those_that_did(server: MailServer) -> None:
    send(server, "zoe@example.org", "first")
    with pytest.raises(AssertionError, match=r"zoe@example\.org: first"):
        server.wait_for("yann@example.org", timeout=0.1)


def test_what_was_received_can_be_forgotten(server: MailServer) -> None:
    send(server, "zoe@example.org")
    server.clear()
    assert server.mails == []


def test_mails_can_be_refused(server: MailServer) -> None:
    with (
        server.refusing("550 5.1.1 No such mailbox"),
        pytest.raises(smtplib.SMTPDataError, match="No such mailbox"),
    ):
        send(server, "zoe@example.org")
    assert server.mails == []
    send(server, "zoe@example.org")
    assert len(server.mails) == 1
