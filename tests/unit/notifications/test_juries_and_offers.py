"""Mails to who is invited to a jury, and to who did not take the place that was offered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.notifications.samples import agreement, juror
from tests.unit.notifications.service_examples import (
    MANAGER,
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


@pytest.mark.parametrize("by", ["applicant", None])
def test_who_withdraws_without_an_offer_is_not_written_to(world: World, by: str | None) -> None:
    world.hears(application("withdrawn", withdrawn_by=by))
    assert world.sends() == []


@pytest.mark.parametrize(("by", "mails"), [("applicant", 1), ("team", 0), (None, 0)])
def test_managers_are_told_when_an_applicant_withdraws(world: World, by: str | None, mails: int) -> None:
    world.hears(MANAGER, application("withdrawn", withdrawn_by=by, reason="Sans réponse."))
    told_to = addresses(world.sends())
    assert told_to.count("claire@cci.example") == mails


@pytest.mark.parametrize("end", ["passed_on", None])
def test_whose_application_the_team_withdraws_reads_why_and_nothing_else(
    world: World, end: str | None
) -> None:
    world.hears(application("withdrawn", withdrawn_by="team", offer_end=end, reason="Sans réponse."))
    [mail] = world.sends()
    assert "est retirée" in subjects([mail])[0]
    assert "Sans réponse." in text_of(mail)


@pytest.mark.parametrize("before", [("proposed",), ("proposed", "buyer_signed")])
def test_nobody_is_asked_or_reminded_to_sign_what_is_void(world: World, before: tuple[str, ...]) -> None:
    states = (*before, "void")
    heard = [
        told(f"enrolment.agreement.{'voided' if state == 'void' else state}", agreement(state=state), number)
        for number, state in enumerate(states, 1)
    ]
    world.hears(*heard)
    assert world.sends() == []
    world.passes(days=8)
    assert world.sends() == []
