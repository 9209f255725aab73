"""Taking one person out of JSON and texts: nothing of them stays, and nothing else changes."""

import json
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.privacy.scrubbing import scrub, scrub_bytes, scrub_text
from services.chassis.privacy.sealing import new_key, seal, unseal
from services.chassis.privacy.subject import ERASED_NAME, Subject, address_digest, is_pseudonym

PERSON = UUID("0190c1a0-0000-7000-8000-00000000000a")
ADDRESS, NAME = "ysaline@verger.example", "Ysaline Cazalis"
YSALINE = Subject(PERSON, frozenset({ADDRESS}), frozenset({NAME}))
CONTACT = {"person_id": str(PERSON), "name": NAME, "email": ADDRESS, "locale": "fr"}

texts = st.text(st.characters(exclude_characters="@"), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=10,
)
about_her = st.sampled_from(
    [CONTACT, {"contact_email": ADDRESS, "contact_name": NAME}, f"Dire à {NAME} : {ADDRESS}."]
)


@given(values)
def test_what_is_not_about_the_person_stays_as_it_was(value: Any) -> None:
    assert scrub(value, YSALINE) == value


@given(values, about_her)
def test_nothing_of_the_person_stays_wherever_it_stands(value: Any, part: Any) -> None:
    scrubbed = scrub({"before": value, "parts": [part, {"deeper": part}]}, YSALINE)
    written = json.dumps(scrubbed, ensure_ascii=False)
    assert ADDRESS not in written
    assert NAME not in written
    assert scrubbed["before"] == value
    assert scrub(scrubbed, YSALINE) == scrubbed


def test_a_person_is_recognised_by_id_alone_and_then_by_what_stands_beside_it() -> None:
    event = {"contact": CONTACT, "meeting": {"title": f"Le Verger – {NAME}"}, "note": f"écrire à {ADDRESS}"}
    scrubbed = scrub(event, Subject(PERSON, digests=frozenset({address_digest(PERSON, ADDRESS)})))
    assert scrubbed["contact"]["name"] == ERASED_NAME
    assert is_pseudonym(scrubbed["contact"]["email"])
    assert scrubbed["contact"]["person_id"] == str(PERSON)
    assert scrubbed["meeting"]["title"] == f"Le Verger – {ERASED_NAME}"
    assert ADDRESS not in scrubbed["note"]


def test_another_s_address_beside_the_person_s_id_is_not_theirs() -> None:
    """A contact whose address stayed the former contact's: mentions of it are not the person's."""
    other = "beta1@bois.example"
    mixed = {"contact_id": str(PERSON), "contact_name": NAME, "contact_email": other}
    scrubbed = scrub({"supplier": mixed, "note": f"écrire à {other}"}, YSALINE)
    assert scrubbed["supplier"]["contact_name"] == ERASED_NAME
    assert scrubbed["note"] == f"écrire à {other}"


def test_the_person_s_address_beside_another_s_id_does_not_make_the_other_name_theirs() -> None:
    other = {"contact_id": str(UUID(int=7)), "contact_name": "Gina Sept", "contact_email": ADDRESS}
    scrubbed = scrub({"supplier": other, "note": "Gina Sept est venue."}, YSALINE)
    assert scrubbed["supplier"] == {**other, "contact_email": YSALINE.pseudonym}
    assert scrubbed["note"] == "Gina Sept est venue."


def test_an_organisation_keeps_its_name_even_a_sole_trader_s() -> None:
    organisation = {"id": "x", "name": NAME, "siret": None, "email": ADDRESS}
    assert scrub({**organisation, "organisation_name": NAME}, YSALINE) == {
        **organisation,
        "organisation_name": NAME,
        "email": YSALINE.pseudonym,
    }


@pytest.mark.parametrize(
    "text",
    ["Ysaline est venue.", "autre.ysaline@verger.example", "ysaline@verger.example.org", "Cazalis SARL"],
)
def test_what_only_looks_alike_is_left(text: str) -> None:
    assert scrub_text(text, YSALINE) == text


def test_secret_links_and_roles_of_the_person_go_too() -> None:
    snapshot = {**CONTACT, "url": "https://cesar.example/sign-in/secret", "grants": [{"role": "jury"}]}
    assert scrub(snapshot, YSALINE)["url"] == ""
    assert scrub(snapshot, YSALINE)["grants"] == []


def test_bytes_that_are_no_json_are_taken_for_text() -> None:
    broken = f'{{"name": "{NAME}", \ufffd'.encode() + b"\xff"
    assert NAME.encode() not in scrub_bytes(broken, YSALINE)
    assert scrub_bytes(broken, YSALINE).endswith(b"\xff")
    assert (
        orjson.loads(scrub_bytes(orjson.dumps({"contact": CONTACT}), YSALINE))["contact"]["name"]
        == ERASED_NAME
    )


def test_a_digest_tells_an_address_to_those_who_know_it() -> None:
    assert address_digest(PERSON, " Ysaline@Verger.example ") == address_digest(PERSON, ADDRESS)
    assert address_digest(UUID(int=1), ADDRESS) != address_digest(PERSON, ADDRESS)


@given(st.binary(max_size=2000))
def test_what_is_sealed_is_read_with_the_key_alone(content: bytes) -> None:
    private_key, public_key = _KEYS
    assert unseal(seal(content, public_key), private_key) == content


_KEYS = new_key()
