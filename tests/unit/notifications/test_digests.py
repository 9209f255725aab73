"""What goes beyond the weekly limit, and what people choose to receive."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from services.notifications.domain.message import Reason, State
from services.notifications.domain.preferences import read_unsubscribe_token
from services.notifications.handlers.deciding import choose, choose_by_link
from tests.unit.notifications import samples
from tests.unit.notifications.examples import MONDAY_OPENING, THURSDAY
from tests.unit.notifications.service_examples import (
    PUBLIC_URL,
    TEAM,
    World,
    addresses,
    application,
    assessment,
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


def five_reviews(world: World) -> None:
    for number in range(5):
        identifier = f"0190c1a0-0000-7000-8000-00000000020{number}"
        world.hears(assessment("submitted", id=identifier, organisation_name=f"Entreprise {number}"))
        world.sends()


def to_claire(world: World) -> list[str]:
    return subjects(mail for mail in world.post.taken if addresses([mail]) == ["claire@cci.example"])


def test_what_goes_beyond_the_weekly_limit_comes_in_one_digest_on_monday(world: World) -> None:
    five_reviews(world)
    assert to_claire(world) == [
        "État des lieux à relire : Entreprise 0",
        "État des lieux à relire : Entreprise 1",
    ]

    world.now = MONDAY_OPENING
    world.sends()

    assert to_claire(world)[2:] == [
        "Votre récapitulatif de la semaine : État des lieux à relire : Entreprise 2 et 2 autres"
    ]
    digested = [
        message
        for message in world.messages("assessment-to-review")
        if message.address == "claire@cci.example" and message.state is State.DIGESTED
    ]
    assert {message.reason for message in digested} == {Reason.WEEKLY_LIMIT}
    assert len(digested) == 3


def test_a_digest_leaves_out_what_has_been_done_and_is_not_sent_when_nothing_is_left(world: World) -> None:
    five_reviews(world)
    for number in (2, 3, 4):
        identifier = f"0190c1a0-0000-7000-8000-00000000020{number}"
        world.hears(assessment("validated", 2, id=identifier))

    world.now = MONDAY_OPENING
    world.sends()

    assert len(to_claire(world)) == 2
    assert {message.state for message in world.messages("weekly-digest")} == {State.CANCELLED}


def test_who_unsubscribes_with_the_link_of_a_mail_gets_no_more_of_them(world: World) -> None:
    world.hears(supplier("invited"))
    [mail] = world.sends()
    url = str(mail["List-Unsubscribe"]).strip("<>")
    assert url.startswith(f"{PUBLIC_URL}/notifications/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    token = read_unsubscribe_token(url.rpartition("/")[2], world.runtime.settings.secret_key)
    with world.runtime.unit_of_work() as unit_of_work:
        choose_by_link(token, "nothing", unit_of_work)
    world.passes(days=7)

    assert world.sends() == []
    assert world.the("supplier-invitation-reminder-1").reason is Reason.UNSUBSCRIBED


def test_who_chose_the_digest_gets_everything_on_monday(world: World) -> None:
    with world.runtime.unit_of_work() as unit_of_work:
        choose("helene@lunel.example", "digest", unit_of_work)
    world.hears(application("accepted"))
    assert world.sends() == []

    world.now = MONDAY_OPENING

    assert len(world.sends()) == 1
    assert world.the("application-accepted").reason is Reason.DIGEST_CHOSEN


def test_mails_that_were_asked_for_offer_no_way_to_unsubscribe(world: World) -> None:
    world.hears(sign_in())

    [mail] = world.sends()

    assert mail["List-Unsubscribe"] is None


def test_people_with_an_account_can_choose_what_they_receive(world: World) -> None:
    world.hears(application("submitted"), supplier("invited", contact=samples.BRUNO))
    links = {
        mail["To"].addresses[0].addr_spec: "/notifications/preferences" in mail.as_string()
        for mail in world.sends()
    }

    assert links == {
        "claire@cci.example": True,
        "helene@lunel.example": False,
        "bruno@maraicher.example": False,
    }


def test_a_week_later_there_is_room_again(world: World) -> None:
    five_reviews(world)
    world.now = THURSDAY + timedelta(days=8)
    identifier = "0190c1a0-0000-7000-8000-000000000300"
    world.hears(assessment("submitted", 1, world.now, id=identifier, organisation_name="Nouvelle"))
    world.sends()

    assert to_claire(world)[-1] == "État des lieux à relire : Nouvelle"
