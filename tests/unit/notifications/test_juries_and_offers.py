"""Mails to who is invited to a jury, and to who did not take the place that was offered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.notifications.samples import juror
from tests.unit.notifications.service_examples import (
    World,
    addresses,
    application,
    new_world,
    programme,
    subjects,
    told,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = new_world(tmp_path)
    world.hears(programme())
    return world


def text_of(mail: Any) -> str:
    part = mail.get_body(("plain",))
    return " ".join(str(part.get_content()).split())


def test_who_is_invited_to_a_jury_reads_how_to_come_in(world: World) -> None:
    world.hears(told("enrolment.juror.invited", juror()))
    [mail] = world.sends()
    text = text_of(mail)
    assert addresses([mail]) == [juror()["contact"]["email"]]
    assert "/jury" in text
    assert "20 avril 2026" in text
    assert "il n’y a pas de mot de passe" in text


def test_who_is_removed_before_the_mail_leaves_gets_none(world: World) -> None:
    world.hears(
        told("enrolment.juror.invited", juror(), 1),
        told("enrolment.juror.removed", juror(state="removed"), 2),
    )
    assert world.sends() == []


@pytest.mark.parametrize(
    ("end", "words"),
    [("lapsed", "n’a pas été confirmée à temps"), ("passed_on", "Vous laissez votre place")],
)
def test_who_did_not_take_an_offered_place_is_told_what_became_of_it(
    world: World, end: str, words: str
) -> None:
    world.hears(application("withdrawn", offer_end=end))
    [mail] = world.sends()
    assert words in subjects([mail])[0]


def test_who_withdraws_without_an_offer_is_not_written_to(world: World) -> None:
    world.hears(application("withdrawn"))
    assert world.sends() == []
