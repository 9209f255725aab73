"""Messages leave once, at the right time, and what became of them is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.chassis.model import Conflict
from services.notifications.delivery.failures import PermanentFailure, TemporaryFailure
from services.notifications.delivery.maildir import Mailbox, MaildirTransport
from services.notifications.domain.message import Message, Reason, State
from services.notifications.handlers.deciding import try_again
from services.notifications.handlers.sending import send_due
from services.notifications.handlers.writing import preview
from tests.unit.notifications import samples
from tests.unit.notifications.examples import MONDAY_OPENING, SATURDAY
from tests.unit.notifications.service_examples import (
    PUBLIC_URL,
    TEAM,
    World,
    addresses,
    application,
    new_world,
    sign_in,
    subjects,
    supplier,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = new_world(tmp_path)
    world.hears(*TEAM)
    return world


def test_a_mail_leaves_in_the_name_of_the_programme_with_a_link_that_leads_to_this_site(world: World) -> None:
    world.hears(application("accepted"))

    [mail] = world.sends()

    assert str(mail["From"]) == '"C.E.S.A.R." <cesar@cci.example>'
    assert mail["Reply-To"].addresses[0].addr_spec == "cesar@cci.example"
    assert mail["To"].addresses[0].display_name == "Hélène Çelik"
    part = mail.get_body(("plain",))
    assert part is not None
    assert f"{PUBLIC_URL}/applications/{samples.APPLICATION_ID}" in part.get_content()


def test_what_was_sent_is_published_without_letter_or_address(world: World) -> None:
    world.hears(application("accepted"))
    world.sends()

    [event] = world.published()
    assert event.type == "notifications.message.sent"
    assert event.data["workflow"] == "application-accepted"
    assert event.data["subject_line"].startswith("Bienvenue")
    assert event.data["cause"] == str(application("accepted").id)
    assert "helene" not in str(event.data)


def test_nothing_is_sent_twice(world: World) -> None:
    world.hears(application("submitted"))

    assert len(world.sends()) == 2
    world.hears(application("submitted"))
    assert world.sends() == []


def test_on_a_saturday_only_what_was_asked_for_leaves_and_the_rest_on_monday(world: World) -> None:
    world.now = SATURDAY
    world.hears(sign_in(SATURDAY), application("accepted", at=SATURDAY))

    assert [mail["Message-ID"] for mail in world.sends()] == [f"<{world.the('sign-in-link').id}@cci.example>"]
    waiting = world.the("application-accepted")
    assert (waiting.reason, waiting.due_at) == (Reason.OFFICE_HOURS, MONDAY_OPENING)

    world.now = MONDAY_OPENING
    assert addresses(world.sends()) == ["helene@lunel.example"]


def test_where_mail_reaches_nobody_it_leaves_at_any_hour(tmp_path: Path) -> None:
    world = new_world(tmp_path, reaches_people=False)
    world.now = SATURDAY
    world.hears(*TEAM, application("accepted", at=SATURDAY))

    assert len(world.sends()) == 1


def test_a_sign_in_link_leaves_before_everything_else(world: World) -> None:
    for number in range(15):
        contact = samples.BRUNO | {"email": f"supplier{number}@x.example"}
        identifier = f"0190c1a0-0000-7000-8000-0000000001{number:02}"
        world.hears(supplier("invited", id=identifier, contact=contact))
    world.hears(sign_in())

    send_due(world.runtime, world.post)

    assert world.the("sign-in-link").state is State.SENT


def test_a_sign_in_link_that_could_not_leave_in_time_does_not_leave_at_all(world: World) -> None:
    world.post.failure = TemporaryFailure("The mail server cannot be used")
    world.hears(sign_in())
    world.sends()

    world.post.failure = None
    world.passes(hours=2)

    assert world.sends() == []
    assert world.the("sign-in-link").reason is Reason.EXPIRED


def test_reminders_leave_after_seven_and_fourteen_days(world: World) -> None:
    world.hears(supplier("invited"))
    assert len(world.sends()) == 1

    world.passes(days=6)
    assert world.sends() == []
    world.passes(days=1)
    assert subjects(world.sends()) == ["Votre état des lieux vous attend toujours"]
    world.passes(days=7)
    assert subjects(world.sends()) == ["Dernier rappel : votre état des lieux avec C.E.S.A.R."]
    world.passes(days=30)
    assert world.sends() == []


def test_a_reminder_is_not_sent_to_a_supplier_who_has_enrolled_meanwhile(world: World) -> None:
    world.hears(supplier("invited"))
    world.sends()
    world.passes(days=3)
    world.hears(supplier("enrolled", 2, world.now))
    world.sends()

    world.passes(days=4)

    assert world.sends() == []


def test_a_failure_for_the_time_being_is_tried_again(world: World) -> None:
    world.post.failure = TemporaryFailure("451 Try again later")
    world.hears(application("accepted"))
    world.sends()
    waiting = world.the("application-accepted")
    assert (waiting.state, waiting.reason, waiting.detail) == (
        State.PLANNED,
        Reason.RETRY,
        "451 Try again later",
    )

    world.post.failure = None
    world.passes(minutes=1)

    assert len(world.sends()) == 1


def test_a_failure_for_good_is_not_tried_again_but_can_be_by_a_person(world: World) -> None:
    world.post.failure = PermanentFailure("550 No such user")
    world.hears(application("accepted"))
    world.sends()
    failed = world.the("application-accepted")
    assert (failed.state, failed.reason, failed.detail) == (State.FAILED, Reason.REFUSED, "550 No such user")
    assert [event.type for event in world.published()] == ["notifications.message.failed"]

    world.post.failure = None
    world.passes(days=1)
    assert world.sends() == []
    with world.runtime.unit_of_work() as unit_of_work:
        try_again(failed.id, unit_of_work)

    assert len(world.sends()) == 1
    with pytest.raises(Conflict), world.runtime.unit_of_work() as unit_of_work:
        try_again(failed.id, unit_of_work)


def test_an_address_that_is_none_fails_alone(world: World) -> None:
    broken = samples.HELENE | {"email": "no address @ all"}
    world.hears(application("accepted", contact=broken), supplier("invited"))

    assert addresses(world.sends()) == ["bruno@maraicher.example"]
    assert world.the("application-accepted").reason is Reason.UNWRITABLE


def left_in_delivery(world: World) -> Message:
    """What a process leaves behind that is killed between delivering a mail and noting it."""
    with world.runtime.unit_of_work() as unit_of_work:
        message = unit_of_work.get(Message, world.the("application-accepted").id)
        message.claim(unit_of_work.now)
    return message


def test_after_a_crash_over_smtp_a_mail_is_sent_once_more_under_the_same_message_id(world: World) -> None:
    world.hears(application("accepted"))
    message = left_in_delivery(world)

    [mail] = world.sends()

    assert mail["Message-ID"] == f"<{message.id}@cci.example>"
    assert world.the("application-accepted").state is State.SENT


def test_after_a_second_crash_over_smtp_a_person_decides(world: World) -> None:
    world.hears(application("accepted"))
    for _ in range(2):
        left_in_delivery(world)
        with world.runtime.unit_of_work() as unit_of_work:
            [message] = [unit_of_work.get(Message, world.the("application-accepted").id)]
            message.interrupted(unit_of_work.now, can_repeat=False)

    assert world.sends() == []
    assert world.the("application-accepted").reason is Reason.UNCERTAIN


def test_after_any_crash_the_maildir_holds_the_mail_once(tmp_path: Path) -> None:
    world = new_world(tmp_path)
    world.hears(*TEAM, application("accepted"))
    transport = MaildirTransport(tmp_path / "mailbox")
    send_due(world.runtime, transport)
    [message_id] = Mailbox(tmp_path / "mailbox").newest_first()
    with world.runtime.unit_of_work() as unit_of_work:
        unit_of_work.get(Message, message_id).state = State.SENDING

    send_due(world.runtime, transport)

    assert list(Mailbox(tmp_path / "mailbox").newest_first()) == [message_id]
    assert world.the("application-accepted").state is State.SENT


def test_others_do_not_see_links_with_which_they_could_act_for_the_recipient(world: World) -> None:
    world.hears(sign_in(), supplier("invited"))
    for workflow in ("sign-in-link", "supplier-invitation"):
        with world.runtime.read() as session:
            letter = preview(session, world.the(workflow), world.runtime.settings)
        for form in (letter.html, letter.text):
            assert "abcdefghijklmnop" not in form
            assert "/unsubscribe/" not in form
