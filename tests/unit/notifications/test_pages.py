"""The pages of notifications: who sees what, how to choose, and the demonstration's mailbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from services.chassis.web.identity import Grant, Identity
from services.chassis.web.session import SESSION_COOKIE
from services.chassis.web.tokens import SESSION_AUDIENCE, encode_token, generate_key_pair
from services.notifications.delivery.failures import PermanentFailure
from services.notifications.delivery.maildir import Mailbox, MaildirTransport
from services.notifications.domain.message import State
from services.notifications.domain.preferences import Choice, Preferences, preferences_id, unsubscribe_token
from services.notifications.handlers.sending import send_due
from services.notifications.storage.tables import messages
from services.notifications.web import create_app
from tests.unit.notifications.service_examples import (
    TEAM,
    World,
    application,
    assessment,
    new_world,
    sign_in,
    supplier,
)

PRIVATE_KEY, PUBLIC_KEY = generate_key_pair()
SignIn = Callable[..., FlaskClient]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An embedded service that has sent some mail into its mailbox."""
    world = new_world(tmp_path)
    world.runtime.settings = replace(
        world.runtime.settings, session_public_key=PUBLIC_KEY, embedded=True, product_name="Cesar"
    )
    world.hears(*TEAM, application("submitted"), supplier("invited"), sign_in())
    send(world)
    yield world
    world.runtime.database.close()


@pytest.fixture
def as_(world: World) -> SignIn:
    """A browser in which somebody with this role is signed in; nobody without one."""
    app = create_app(world.runtime)
    app.testing = True

    def sign_in_as(role: str | None = None, programme: str | None = "cesar") -> FlaskClient:
        client = app.test_client()
        if role is not None:
            person = Identity(
                UUID(int=1), "Claire Manager", "claire@cci.example", "en", (Grant(role, programme),)
            )
            token = encode_token(
                PRIVATE_KEY,
                person,
                audience=SESSION_AUDIENCE,
                issued_at=world.now,
                lifetime=timedelta(hours=1),
            )
            client.set_cookie(SESSION_COOKIE, token)
        return client

    return sign_in_as


def send(world: World) -> None:
    while send_due(world.runtime, MaildirTransport(mailbox_of(world))):
        pass


def mailbox_of(world: World) -> Path:
    return Path(world.runtime.settings.mail_url.removeprefix("maildir://"))


def test_a_manager_sees_what_became_of_the_messages_of_the_programme(as_: SignIn) -> None:
    page = as_("manager").get("/notifications/").text

    assert "helene@lunel.example" in page
    assert "Application received" in page
    assert "Its moment has not come yet." in page


def test_a_manager_of_another_programme_sees_none_of_them(as_: SignIn, world: World) -> None:
    client = as_("manager", "other")

    assert "No message yet" in client.get("/notifications/").text
    message = world.the("application-received")
    assert client.get(f"/notifications/messages/{message.id}").status_code == 404
    assert client.get(f"/notifications/messages/{message.id}/letter").status_code == 404
    response = client.post(
        f"/notifications/messages/{message.id}/try-again", headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert response.status_code == 404


def test_others_see_no_list_of_messages(as_: SignIn) -> None:
    for role in ("adviser", "buyer", "supplier", "funder", "jury"):
        assert as_(role).get("/notifications/").status_code == 403


def test_sign_in_links_are_the_operators_business_and_even_they_cannot_use_them(
    as_: SignIn, world: World
) -> None:
    address = f"/notifications/messages/{world.the('sign-in-link').id}"

    assert as_("manager").get(address).status_code == 404
    assert as_("operator", None).get(address).status_code == 200
    for form in ("letter", "text"):
        letter = as_("operator", None).get(f"{address}/{form}").text
        assert "connecter" in letter
        assert "abcdefghijklmnop" not in letter


def test_the_list_is_filtered_searched_and_exported(as_: SignIn) -> None:
    client = as_("manager")

    assert "bruno@maraicher.example" not in client.get("/notifications/?q=lunel").text
    assert "helene@lunel.example" not in client.get("/notifications/?state=planned").text
    assert "No message fits" in client.get("/notifications/?state=nonsense").text
    rows = client.get("/notifications/messages.csv?workflow=supplier-invitation").text.splitlines()
    assert [row.split(",")[:3] for row in rows] == [
        ["Occasion", "Name", "E-mail"],
        ["Supplier invitation", "Bruno Faïsse", "bruno@maraicher.example"],
    ]


def test_what_is_no_longer_needed_is_shown_only_when_asked_for(as_: SignIn, world: World) -> None:
    world.hears(supplier("enrolled", 2))
    client = as_("manager")

    assert "The reason for it was gone" not in client.get("/notifications/").text
    assert "The reason for it was gone" in client.get("/notifications/?state=cancelled").text


def test_a_letter_is_shown_in_a_frame_that_can_do_nothing(as_: SignIn, world: World) -> None:
    response = as_("manager").get(f"/notifications/messages/{world.the('application-received').id}/letter")

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "sandbox " in policy


def test_a_failed_message_can_be_sent_after_all(as_: SignIn, world: World) -> None:
    world.post.failure = PermanentFailure("550 No such user")
    world.hears(application("accepted", 2))
    world.sends()
    address = f"/notifications/messages/{world.the('application-accepted').id}"
    client = as_("manager")
    assert "550 No such user" in client.get(address).text

    response = client.post(f"{address}/try-again", headers={"Sec-Fetch-Site": "same-origin"})

    assert response.status_code == 303
    assert world.the("application-accepted").state is State.PLANNED


def test_a_message_of_a_workflow_that_is_gone_is_still_listed(as_: SignIn, world: World) -> None:
    message = world.the("application-received")
    with world.runtime.unit_of_work() as unit_of_work:
        unit_of_work.session.execute(
            update(messages).where(messages.c.id == message.id).values(workflow="of-old")
        )
    client = as_("manager")

    assert "of-old" in client.get("/notifications/").text
    assert client.get(f"/notifications/messages/{message.id}").status_code == 200
    assert client.get(f"/notifications/messages/{message.id}/letter").status_code == 404


def choice_of(world: World, address: str) -> Choice:
    with world.runtime.read() as session:
        return session.get_one(Preferences, preferences_id(address)).choice


def test_somebody_who_is_signed_in_chooses_what_to_receive(as_: SignIn, world: World) -> None:
    client = as_("adviser")
    assert "As things happen" in client.get("/notifications/preferences").text

    response = client.post(
        "/notifications/preferences", data={"choice": "digest"}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert response.status_code == 303
    assert choice_of(world, "claire@cci.example") is Choice.DIGEST


def test_a_program_reads_and_makes_the_same_choice(as_: SignIn, world: World) -> None:
    client, here = as_("adviser"), "/notifications/api/preferences"
    own = {"Sec-Fetch-Site": "same-origin"}
    assert client.get(here).get_json() == {"address": "claire@cci.example", "choice": "immediate"}
    assert client.put(here, json={"choice": "often"}, headers=own).status_code == 422
    assert client.put(here, json={"choice": "nothing"}, headers=own).get_json()["choice"] == "nothing"
    assert choice_of(world, "claire@cci.example") is Choice.NOTHING


def test_a_choice_that_does_not_exist_is_refused(as_: SignIn) -> None:
    response = as_("adviser").post(
        "/notifications/preferences", data={"choice": "often"}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert response.status_code == 422


def unsubscribe_address(world: World) -> str:
    token = unsubscribe_token("bruno@maraicher.example", world.runtime.settings.secret_key)
    return f"/notifications/unsubscribe/{token}"


def test_opening_the_unsubscribe_link_changes_nothing_yet(as_: SignIn, world: World) -> None:
    page = as_().get(unsubscribe_address(world)).text

    assert "b•••@maraicher.example" in page
    assert choice_of(world, "bruno@maraicher.example") is Choice.IMMEDIATE


def test_a_mail_program_unsubscribes_in_one_click_without_session_or_token(as_: SignIn, world: World) -> None:
    response = as_().post(unsubscribe_address(world), data={"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert choice_of(world, "bruno@maraicher.example") is Choice.NOTHING


def test_unsubscribing_can_be_taken_back(as_: SignIn, world: World) -> None:
    as_().post(unsubscribe_address(world))
    as_().post(unsubscribe_address(world), data={"choice": "immediate"})

    assert choice_of(world, "bruno@maraicher.example") is Choice.IMMEDIATE


def test_an_unsubscribe_link_that_is_not_ours_does_nothing(as_: SignIn) -> None:
    assert as_().get("/notifications/unsubscribe/made-up").status_code == 404
    assert as_().post("/notifications/unsubscribe/made-up").status_code == 404


def test_the_mailbox_shows_every_mail_to_anyone_with_its_working_links(as_: SignIn, world: World) -> None:
    client = as_()
    assert "Hélène Çelik" in client.get("/mailbox").text

    address = f"/mailbox/{world.the('sign-in-link').id}"
    assert "/sign-in/abcdefghijklmnop" in client.get(address).text
    assert "/sign-in/abcdefghijklmnop" in client.get(f"{address}?view=text").text
    assert "Auto-Submitted: auto-generated" in client.get(f"{address}?view=source").text
    assert "/sign-in/abcdefghijklmnop" in client.get(f"{address}/letter").text


def test_the_mailbox_is_searched_by_recipient_and_subject(as_: SignIn) -> None:
    client = as_()

    assert "Bruno" not in client.get("/mailbox?q=HÉLÈNE").text
    assert "Aucun courriel ne correspond" in client.get("/mailbox?q=nobody").text


def test_an_empty_mailbox_says_how_to_fill_it(as_: SignIn, world: World) -> None:
    for message_id in list(Mailbox(mailbox_of(world)).newest_first()):
        (mailbox_of(world) / "new" / f"{message_id}.eml").unlink()

    assert "No mail yet" in as_().get("/mailbox?lang=en", follow_redirects=True).text
    assert as_().get(f"/mailbox/{UUID(int=1)}").status_code == 404


@pytest.mark.parametrize("change", [{"embedded": False}, {"mail_url": "smtp://mail.example"}])
def test_there_is_no_mailbox_elsewhere_than_in_the_embedded_product(
    world: World, change: dict[str, object]
) -> None:
    world.runtime.settings = replace(world.runtime.settings, **change)  # type: ignore[arg-type]
    client = create_app(world.runtime).test_client()

    assert client.get("/mailbox").status_code == 404


def test_programs_read_messages_and_have_them_tried_again(as_: SignIn, world: World) -> None:
    world.post.failure = PermanentFailure("550 No such user")
    world.hears(assessment("validated"))
    world.sends()
    client = as_("manager")

    listed = client.get("/notifications/api/messages?state=failed").get_json()
    assert [(each["workflow"], each["reason"]) for each in listed["items"]] == [
        ("assessment-validated", "refused")
    ]
    address = f"/notifications/api/messages/{listed['items'][0]['id']}"
    assert client.get(address).get_json()["detail"] == "550 No such user"
    answer = client.post(f"{address}/try-again", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.get_json()["state"] == "planned"
    assert client.post(f"{address}/try-again", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 409
