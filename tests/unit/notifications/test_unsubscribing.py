"""Everybody can unsubscribe in one click, and only from their own mail."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.model import NotFound
from services.notifications.domain.preferences import (
    preferences_id,
    read_unsubscribe_token,
    unsubscribe_headers,
    unsubscribe_token,
)

SECRET = "a secret of sixteen characters or more"


@given(st.emails())
def test_the_link_in_a_mail_leads_to_the_preferences_of_its_recipient(address: str) -> None:
    assert read_unsubscribe_token(unsubscribe_token(address, SECRET), SECRET) == preferences_id(address)


def test_the_link_does_not_show_the_address() -> None:
    token = unsubscribe_token("bruno@maraicher.example", SECRET)

    assert re.fullmatch(r"[A-Za-z0-9_-]+", token)
    assert "bruno" not in token


def test_the_case_of_an_address_makes_no_difference() -> None:
    assert unsubscribe_token("Bruno@Maraicher.example", SECRET) == unsubscribe_token(
        "bruno@maraicher.example", SECRET
    )


@given(st.text())
def test_a_link_that_was_not_made_by_us_is_not_valid(token: str) -> None:
    with pytest.raises(NotFound):
        read_unsubscribe_token(token, SECRET)


def test_a_link_signed_with_another_secret_is_not_valid() -> None:
    token = unsubscribe_token("bruno@maraicher.example", "another secret, also long enough")

    with pytest.raises(NotFound):
        read_unsubscribe_token(token, SECRET)


def test_a_link_cannot_be_bent_towards_somebody_else() -> None:
    mine = unsubscribe_token("bruno@maraicher.example", SECRET)
    theirs = unsubscribe_token("helene@lunel.example", SECRET)

    with pytest.raises(NotFound):
        read_unsubscribe_token(theirs[:20] + mine[20:], SECRET)


def test_mail_programs_are_told_how_to_unsubscribe_in_one_click() -> None:
    assert unsubscribe_headers("https://cesar.example/notifications/unsubscribe/abc") == {
        "List-Unsubscribe": "<https://cesar.example/notifications/unsubscribe/abc>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_an_address_has_one_identifier_for_ever() -> None:
    assert preferences_id("bruno@maraicher.example") == UUID("88da2923-81ef-57ff-afcc-1572f6385a58")
