import re
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Blueprint, Flask, Response
from flask.testing import FlaskClient

from services.chassis.model import DomainError
from services.chassis.web.access import public
from services.chassis.web.catalogues import load_catalogues
from services.chassis.web.i18n import (
    current_locale,
    error_message,
    gettext,
    lazy_gettext,
    locale_switch_url,
    ngettext,
)
from tests.unit.chassis.web.world import FROM_HERE, build, person, sign_in

CHASSIS = Path(__file__).parents[4] / "services" / "chassis"
ORCHARD = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "One tree"
msgid_plural "%(num)s trees"
msgstr[0] "%(num)s arbre"
msgstr[1] "%(num)s arbres"

msgid "%(count)s of them bear fruit."
msgstr "%(count)s portent des fruits."

msgid "Please fill this in."
msgstr "Dites-nous en plus."

#, fuzzy
msgid "Cherry"
msgstr "Prune"
"""
LATER = lazy_gettext("%(count)s of them bear fruit.", count=3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    catalogue = tmp_path / "translations" / "fr" / "LC_MESSAGES"
    catalogue.mkdir(parents=True)
    (catalogue / "messages.po").write_text(ORCHARD, "utf-8")
    return tmp_path


@pytest.fixture
def app(folder: Path) -> Flask:
    pages = Blueprint("pages", __name__)

    @pages.get("/language")
    @public
    def language() -> str:
        return current_locale()

    @pages.post("/language")
    @public
    def change() -> str:
        return locale_switch_url("en")

    @pages.get("/texts")
    @public
    def texts() -> dict[str, str]:
        return {
            "one": ngettext("One tree", "%(num)s trees", 1),
            "many": ngettext("One tree", "%(num)s trees", 5),
            "lazy": str(LATER),
            "error": error_message(DomainError("%(count)s of them bear fruit.", count=7)),
            "own": gettext("Please fill this in."),
            "chassis": gettext("Answer yes or no."),
            "unknown": gettext("Nobody translated this."),
            "fuzzy": gettext("Cherry"),
        }

    @pages.get("/switch")
    @public
    def switch() -> Response:
        return Response(locale_switch_url("en"))

    return build(pages, folder=folder)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def language(client: FlaskClient, accept: str = "") -> str:
    return client.get("/orchard/language", headers={"Accept-Language": accept}).text


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "fr"),
        ("fr", "fr"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("en-GB,en;q=0.9,fr;q=0.5", "fr"),
        ("fr-CA,en;q=0.9", "fr"),
        ("de,it", "fr"),
        ("de,en;q=0.2", "en"),
    ],
)
def test_english_is_chosen_only_for_a_browser_that_knows_no_french(
    client: FlaskClient, accept: str, expected: str
) -> None:
    assert language(client, accept) == expected


def test_what_a_person_prefers_wins_over_the_browser(client: FlaskClient) -> None:
    sign_in(client, person(locale="en"))
    assert language(client, "fr") == "en"


def test_what_a_person_has_chosen_wins_over_what_they_prefer(client: FlaskClient) -> None:
    sign_in(client, person(locale="en"))
    client.get("/orchard/language?lang=fr")
    assert language(client, "en") == "fr"


def test_choosing_a_language_keeps_the_page_and_its_arguments(client: FlaskClient) -> None:
    answer = client.get("/orchard/language?page=2&lang=en&q=fig")
    assert answer.status_code == 303
    assert answer.location == "/orchard/language?page=2&q=fig"
    assert client.get(answer.location).text == "en"


def test_a_language_that_is_not_spoken_here_is_ignored(client: FlaskClient) -> None:
    answer = client.get("/orchard/language?lang=tlh")
    assert (answer.status_code, answer.text) == (200, "fr")
    assert "Set-Cookie" not in answer.headers


def test_a_forged_language_cookie_is_ignored(client: FlaskClient) -> None:
    client.set_cookie("cesar_locale", "../../etc")
    assert language(client) == "fr"


def test_the_switch_leads_to_the_same_page(client: FlaskClient) -> None:
    assert client.get("/orchard/switch?page=2&lang=tlh").text == "/orchard/switch?page=2&lang=en"
    assert client.post("/orchard/language", headers=FROM_HERE).text == "/orchard/language?lang=en"


def test_texts_are_those_of_the_service_then_of_the_chassis_then_english(client: FlaskClient) -> None:
    assert client.get("/orchard/texts").json == {
        "one": "1 arbre",
        "many": "5 arbres",
        "lazy": "3 portent des fruits.",
        "error": "7 portent des fruits.",
        "own": "Dites-nous en plus.",
        "chassis": "Répondez par oui ou par non.",
        "unknown": "Nobody translated this.",
        "fuzzy": "Cherry",
    }


def test_english_texts_are_those_of_the_code(client: FlaskClient) -> None:
    client.get("/orchard/language?lang=en")
    texts = client.get("/orchard/texts").json
    assert texts is not None
    assert (texts["one"], texts["many"]) == ("One tree", "5 trees")
    assert texts["error"] == "7 of them bear fruit."


def test_a_compiled_catalogue_is_read_where_a_release_brings_nothing_else(folder: Path) -> None:
    source = folder / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
    with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(text))
    source.unlink()
    catalogue = load_catalogues([folder / "translations"], "fr")
    assert catalogue.gettext("Please fill this in.") == "Dites-nous en plus."


def test_two_services_in_one_process_do_not_mix_their_words(folder: Path, client: FlaskClient) -> None:
    other = build(folder=CHASSIS, service="notifications")
    with other.test_request_context("/notifications/"):
        assert gettext("Please fill this in.") == "Merci de remplir ce champ."
    texts = client.get("/orchard/texts").json
    assert texts is not None
    assert texts["own"] == "Dites-nous en plus."


def test_every_french_text_of_the_chassis_uses_the_values_of_its_english_one() -> None:
    with (CHASSIS / "translations/fr/LC_MESSAGES/messages.po").open("rb") as source:
        catalogue = read_po(source)
    placeholder = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
    for message in catalogue:
        if not message.id:
            continue
        english = [message.id] if isinstance(message.id, str) else message.id
        french = [message.string] if isinstance(message.string, str) else message.string or [""]
        known = {name for text in english for name in placeholder.findall(text)}
        for text in french:
            assert text, f"{message.id} has no French text"
            assert set(placeholder.findall(text)) <= known, f"{message.id} is given other values"
