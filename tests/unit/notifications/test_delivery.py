"""Mail as it leaves, and the two ways in which it does."""

from __future__ import annotations

import email
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.delivery import transport_for
from services.notifications.delivery.failures import PermanentFailure, TemporaryFailure
from services.notifications.delivery.mail import build_mail, message_id_of
from services.notifications.delivery.maildir import Mailbox, MaildirTransport
from services.notifications.delivery.smtp import SmtpTransport
from services.notifications.letters import Letter
from tests.support.ports import free_port
from tests.support.smtp import MailServer
from tests.unit.notifications.examples import THURSDAY

LETTER = Letter(
    "Votre état des lieux est validé : bravo !", "<p>Été à l’étang</p>", "Été à l’étang\nFrom là-bas\n"
)


SCRIPTS = ("Œuvre", "d'Éß", "采购", "المشتريات", "Жанна", "Ville", "de", "–", "(été)", "Faïsse,")

WITHOUT_LETTER: dict[str, Any] = {
    "message_id": UUID(int=1),
    "sender": "Cesar <cesar@cci.example>",
    "sender_name": "C.E.S.A.R.",
    "reply_to": "equipe@cci.example",
    "recipient": "bruno@maraicher.example",
    "recipient_name": "Faïsse, Bruno",
    "locale": "fr",
    "date": THURSDAY,
    "headers": {
        "List-Unsubscribe": "<https://x.example/u>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
}


def a_mail(**changes: Any) -> EmailMessage:
    return build_mail(LETTER, **WITHOUT_LETTER | changes)


def test_the_address_to_unsubscribe_at_is_written_as_it_is_however_long() -> None:
    address = f"<https://cesar.example/notifications/unsubscribe/{'x' * 80}>"
    written = a_mail(headers={"List-Unsubscribe": address}).as_bytes()
    assert f"List-Unsubscribe: {address}\r\n".encode() in written


def read_back(mail: EmailMessage) -> EmailMessage:
    """The mail as whoever receives its bytes reads it."""
    received = email.message_from_bytes(mail.as_bytes(), policy=SMTP)
    assert isinstance(received, EmailMessage)
    return received


def test_accents_and_commas_in_names_and_subjects_arrive_as_they_were_written() -> None:
    received = read_back(a_mail())

    assert received["To"].addresses[0].display_name == "Faïsse, Bruno"
    assert received["To"].addresses[0].addr_spec == "bruno@maraicher.example"
    assert received["From"].addresses[0].display_name == "C.E.S.A.R."
    assert received["Subject"] == LETTER.subject


@given(st.lists(st.sampled_from(SCRIPTS), min_size=1, max_size=16).map(" ".join))
def test_words_of_several_scripts_keep_their_spaces_wherever_a_line_ends(words: str) -> None:
    letter = Letter(f"Reçue : {words}", LETTER.html, LETTER.text)
    mail = build_mail(letter, **WITHOUT_LETTER | {"recipient_name": f"Élu {words}"})
    raw = email.message_from_bytes(mail.as_bytes())

    assert str(make_header(decode_header(raw["Subject"]))) == letter.subject
    name, _, address = str(make_header(decode_header(raw["To"]))).replace("\r\n", "").rpartition(" ")
    assert (name, address) == (f"Élu {words}", "<bruno@maraicher.example>")
    assert max(len(line) for line in mail.as_bytes().partition(b"\r\n\r\n")[0].splitlines()) <= 78


def test_a_mail_is_ascii_with_short_lines_so_that_every_server_takes_it() -> None:
    raw = a_mail().as_bytes()

    raw.decode("ascii")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def test_a_mail_has_both_forms_of_the_letter() -> None:
    received = read_back(a_mail())

    for subtype, content in (("plain", LETTER.text), ("html", LETTER.html)):
        part = received.get_body((subtype,))
        assert part is not None
        assert part.get_content().replace("\r\n", "\n").strip() == content.strip()


def test_a_mail_says_when_from_whom_in_what_language_and_how_to_unsubscribe() -> None:
    received = read_back(a_mail())

    assert received["Date"].datetime == THURSDAY
    assert received["Reply-To"].addresses[0].addr_spec == "equipe@cci.example"
    assert received["Content-Language"] == "fr"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["List-Unsubscribe"] == "<https://x.example/u>"
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_same_message_is_the_same_mail_to_the_byte() -> None:
    assert a_mail().as_bytes() == a_mail().as_bytes()
    assert a_mail()["Message-ID"] == "<00000000-0000-0000-0000-000000000001@cci.example>"
    assert message_id_of(a_mail()) == UUID(int=1)


def test_a_name_with_line_breaks_adds_no_header() -> None:
    received = read_back(a_mail(recipient_name="Bruno\r\nBcc: x@y.example"))

    assert received["Bcc"] is None
    assert len(received["To"].addresses) == 1


def test_a_domain_with_accents_is_written_in_its_ascii_form() -> None:
    assert a_mail(recipient="contact@maraîchers.example")["To"].addresses[0].domain == (
        "xn--marachers-t5a.example"
    )


@pytest.mark.parametrize("address", ["", "bruno", "bruno@", "@maraicher.example", "a b@c.example", "a@b@c"])
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="is not a mail address"):
        a_mail(recipient=address)


def test_delivering_twice_into_a_maildir_writes_once(tmp_path: Path) -> None:
    transport = MaildirTransport(tmp_path)

    transport.deliver(a_mail())
    transport.deliver(a_mail())

    assert [path.name for path in (tmp_path / "new").iterdir()] == [f"{UUID(int=1)}.eml"]
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_mailbox_shows_what_was_delivered_newest_first(tmp_path: Path) -> None:
    transport = MaildirTransport(tmp_path)
    for number in (1, 2, 3):
        transport.deliver(a_mail(message_id=UUID(int=number)))
    mailbox = Mailbox(tmp_path)

    assert list(mailbox.newest_first()) == [UUID(int=3), UUID(int=2), UUID(int=1)]
    caught = mailbox.open(UUID(int=2))
    assert caught is not None
    assert mailbox.summary(UUID(int=2)).date == THURSDAY
    assert "Été" in caught.body("plain")
    assert "<p>" in caught.body("html")
    assert mailbox.open(UUID(int=9)) is None


def test_a_mailbox_to_which_nothing_was_delivered_is_empty(tmp_path: Path) -> None:
    assert list(Mailbox(tmp_path / "none").newest_first()) == []


def test_a_folder_that_cannot_be_written_is_a_failure_for_the_time_being(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(TemporaryFailure):
        MaildirTransport(tmp_path / "file").deliver(a_mail())


def test_a_mail_leaves_over_smtp(smtp: MailServer) -> None:
    address = f"{uuid4()}@maraicher.example"

    transport_for(smtp.uri).deliver(a_mail(recipient=address))

    received = smtp.wait_for(address)
    assert received.subject == LETTER.subject
    assert received.sender == "cesar@cci.example"
    assert "Été à l’étang" in received.text()


def test_a_refusal_for_now_and_a_refusal_for_good_are_told_apart(smtp: MailServer) -> None:
    transport = transport_for(smtp.uri)

    with smtp.refusing("451 4.3.0 Try again later"), pytest.raises(TemporaryFailure, match="451"):
        transport.deliver(a_mail())
    with smtp.refusing("550 5.1.1 No such user"), pytest.raises(PermanentFailure, match="No such user"):
        transport.deliver(a_mail())


def test_a_server_that_is_not_there_is_a_failure_for_the_time_being() -> None:
    with pytest.raises(TemporaryFailure):
        SmtpTransport("127.0.0.1", free_port()).deliver(a_mail())


@pytest.mark.parametrize(
    ("url", "transport"),
    [
        (
            "smtp://user%40x:p%2Fw@mail.example:587",
            SmtpTransport("mail.example", 587, user="user@x", password="p/w"),
        ),
        ("smtp://mail.example", SmtpTransport("mail.example", 25)),
        ("smtps://mail.example", SmtpTransport("mail.example", 465, implicit_tls=True)),
        ("smtp://mail.example?reaches_people=no", SmtpTransport("mail.example", 25, reaches_people=False)),
        ("smtp://mail.example?reaches_people=yes", SmtpTransport("mail.example", 25)),
    ],
)
def test_a_setting_names_the_mail_server(url: str, transport: SmtpTransport) -> None:
    assert transport_for(url) == transport


def test_the_password_may_be_a_setting_of_its_own() -> None:
    transport = transport_for("smtp://me@mail.example", "s%cret")

    assert transport == SmtpTransport("mail.example", 25, user="me", password="s%cret")


def test_a_setting_names_the_folder_of_the_catcher(tmp_path: Path) -> None:
    transport = transport_for(f"maildir://{tmp_path}")

    assert isinstance(transport, MaildirTransport)
    assert transport.folder == tmp_path


def test_a_password_is_not_shown_when_a_transport_is() -> None:
    assert "secret" not in repr(transport_for("smtp://me:secret@mail.example"))


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", ""])
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="cannot be delivered"):
        transport_for(url)
