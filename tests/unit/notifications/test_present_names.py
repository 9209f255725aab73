"""A mail that was planned before somebody was renamed calls them what they are called when it leaves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.chassis.events import Event
from services.notifications.domain.message import State
from tests.unit.notifications import samples
from tests.unit.notifications.examples import SATURDAY
from tests.unit.notifications.service_examples import (
    World,
    application,
    new_world,
    person,
    programme,
    subjects,
    told,
)

FORMER, PRESENT = "Communauté d’agglomération Lunel", "Lunel Agglo"
CONTACT = {**samples.HELENE, "person_id": "0190c1a0-0000-7000-8000-000000008101"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = new_world(tmp_path)
    world.now = SATURDAY
    world.hears(programme(), organisation(FORMER), helene("Hélène Çelik"))
    return world


def organisation(name: str, sequence: int = 1, identifier: str = samples.BUYER_ID) -> Event:
    what = "registered" if sequence == 1 else "updated"
    return told(f"enrolment.organisation.{what}", {"id": identifier, "name": name}, sequence)


def helene(name: str, sequence: int = 1) -> Event:
    found = person(name, sequence=sequence)
    known = {"id": CONTACT["person_id"], "email": CONTACT["email"]}
    return told(found.type, {**found.data, **known}, sequence)


def on_monday(world: World) -> str:
    """The text of the mail that leaves then."""
    world.now = SATURDAY + timedelta(days=2)
    [mail] = world.sends()
    return text_of(mail)


def text_of(mail: Any) -> str:
    part = mail.get_body(("plain",))
    return " ".join(str(part.get_content()).split())


def test_an_organisation_is_called_what_it_is_called_when_the_mail_leaves(world: World) -> None:
    world.hears(application("accepted", at=SATURDAY), organisation(PRESENT, 2))
    text = on_monday(world)
    assert PRESENT in text
    assert FORMER not in text


def test_an_older_name_that_is_heard_of_late_is_not_taken_for_the_present_one(world: World) -> None:
    world.hears(application("accepted", at=SATURDAY), organisation(PRESENT, 3), organisation("Lunel", 2))
    assert PRESENT in on_monday(world)


def test_what_the_directory_does_not_know_keeps_the_name_that_the_trigger_gave(world: World) -> None:
    world.hears(application("accepted", at=SATURDAY, organisation_id=samples.FIRM_ID))
    assert FORMER in on_monday(world)


def test_those_who_invited_are_called_so_too(world: World) -> None:
    inviter = {**samples.supplier()["invited_by"][0], "organisation_id": samples.BUYER_ID}
    invited = samples.supplier(state="invited", invited_by=[inviter])
    world.hears(told("enrolment.supplier.invited", invited, at=SATURDAY), organisation(PRESENT, 2))
    world.now = SATURDAY + timedelta(days=2)
    [mail] = world.sends()
    assert PRESENT in subjects([mail])[0] + text_of(mail)
    assert inviter["organisation_name"] not in text_of(mail)


def test_a_person_is_addressed_by_the_present_name(world: World) -> None:
    world.hears(application("accepted", at=SATURDAY, contact=CONTACT), helene("Hélène Roux", 2))
    assert [each.name for each in world.messages("application-accepted")] == ["Hélène Roux"]
    text = on_monday(world)
    assert "Hélène Roux" in text
    assert "Çelik" not in text
    assert "Hélène Roux" in str(world.post.taken[-1]["To"])


def test_what_has_left_keeps_the_name_under_which_it_left(world: World) -> None:
    world.hears(application("accepted", at=SATURDAY, contact=CONTACT))
    on_monday(world)
    world.hears(helene("Hélène Roux", 2))
    [message] = world.messages("application-accepted")
    assert (message.state, message.name) == (State.SENT, "Hélène Çelik")
