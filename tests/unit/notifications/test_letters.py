"""Letters: the same in HTML and in plain text, in the recipient's language, safe with any name."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from services.notifications.letters import write_letter
from services.notifications.workflow_file import LOCALES, workflows
from tests.unit.notifications.letter_samples import letter_values

KEYS = sorted(workflows().by_key)


class Page(HTMLParser):
    """The links, languages and pictures of an HTML letter."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.languages: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.headings = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "a":
            self.links.append(values.get("href") or "")
        elif tag == "html":
            self.languages.append(values.get("lang") or "")
        elif tag == "img":
            self.pictures.append(values)
        elif tag == "h1":
            self.headings += 1


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", KEYS)
def test_every_letter_says_in_both_forms_what_to_do_and_why_it_comes(key: str, locale: str) -> None:
    values = letter_values(key)
    letter = write_letter(key, locale, values)
    page = Page(letter.html)

    assert 10 < len(letter.subject) < 120
    assert page.languages == [locale]
    assert page.headings == 1
    assert all(picture.get("alt") is not None for picture in page.pictures)
    for form in (letter.html, letter.text):
        assert values["link"] in form
        assert values["unsubscribe_link"] in form
        assert ("Vous recevez ce" if locale == "fr" else "You receive this") in form
    assert not {"{{", "{%", "None", "<", "&"} & {
        piece for piece in ("{{", "{%", "None", "<", "&") if piece in letter.text
    }


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", KEYS)
def test_no_letter_loads_anything_from_elsewhere(key: str, locale: str) -> None:
    html = write_letter(key, locale, letter_values(key)).html

    assert "@import" not in html
    assert "<link" not in html
    assert "src=" not in html


@pytest.mark.parametrize("key", KEYS)
def test_without_a_name_a_contact_or_a_way_to_unsubscribe_a_letter_is_still_whole(key: str) -> None:
    values = letter_values(key, recipient={"name": ""}, contact_email=None, unsubscribe_link=None)
    letter = write_letter(key, "fr", values)

    assert "Bonjour," in letter.text
    assert "Ne plus recevoir" not in letter.text


def test_a_name_cannot_smuggle_markup_or_headers_into_a_letter() -> None:
    values = letter_values(
        "application-to-review", organisation_name="<script>alert(1)</script> & Fils\r\nBcc: x@y.example"
    )
    letter = write_letter("application-to-review", "fr", values)

    assert "<script>" not in letter.html
    assert "\n" not in letter.subject
    assert "<script>alert(1)</script> & Fils" in letter.subject
    assert "<script>alert(1)</script> & Fils" in letter.text


def test_a_programme_whose_name_ends_with_a_full_stop_does_not_get_a_second_one() -> None:
    letter = write_letter("supplier-invitation", "fr", letter_values("supplier-invitation"))

    assert "C.E.S.A.R.." not in letter.text + letter.html
    assert "C.E.S.A.R. Elle ne sert" in " ".join(letter.text.split())


def test_times_are_those_of_paris() -> None:
    letter = write_letter("sign-in-link", "fr", letter_values("sign-in-link"))

    assert "15:02" in letter.text


def test_a_result_without_score_is_told_without_one() -> None:
    values = letter_values("assessment-validated", score=None, level=None, themes=[])
    letter = write_letter("assessment-validated", "fr", values)

    assert "sur 100" not in letter.text
    assert "niveau :" not in letter.text


def test_all_who_invited_are_named() -> None:
    values = letter_values("supplier-invitation-reminder-1")
    values["invited_by"] = [
        {"organisation_name": name} for name in ("Ville de Mauguio", "Biotope", "Stim", "Stim")
    ]
    letter = write_letter("supplier-invitation-reminder-1", "fr", values)

    assert "par Ville de Mauguio, Biotope et Stim à" in " ".join(letter.text.split())


def test_a_chamber_that_invites_does_not_speak_of_its_suppliers() -> None:
    values = letter_values("supplier-invitation")
    values["invited_by"] = [{"organisation_id": None, "organisation_name": "CCI Hérault"}]
    letter = write_letter("supplier-invitation", "fr", values)

    assert "CCI Hérault vous propose de rejoindre le programme" in " ".join(letter.text.split())
    assert "ses fournisseurs" not in letter.text


def test_a_value_that_a_template_needs_and_does_not_get_is_an_error_and_not_an_empty_place() -> None:
    values = letter_values("application-received")
    del values["cohort_label"]

    with pytest.raises(UndefinedError):
        write_letter("application-received", "fr", values)


def test_the_plain_text_keeps_lists_quotations_and_links_readable() -> None:
    text = write_letter(
        "assessment-changes-requested", "fr", letter_values("assessment-changes-requested")
    ).text
    assert "> Merci de préciser la question 4 :\n> quelles sont" in text
    assert "Reprendre mes réponses\nhttp://localhost:8000/somewhere/" in text

    text = write_letter("supplier-welcome", "fr", letter_values("supplier-welcome")).text
    assert "\n2. Il n’y a pas de mauvaise réponse" in text
    assert all(len(line) <= 72 for line in text.splitlines() if "http" not in line)
