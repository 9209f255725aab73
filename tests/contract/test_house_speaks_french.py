"""Every text that a person can meet has its French."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po

HOUSE = Path(__file__).parents[2]
PACKAGES = ("chassis", "enrolment", "assessment", "notifications", "reporting")


@cache
def written(package: str) -> frozenset[str | tuple[str, ...]]:
    """The texts in the code and the templates, found as `make translations` finds them."""
    marks = re.search(r"^MARKS := (.*)$", (HOUSE / "Makefile").read_text(), re.MULTILINE)
    assert marks
    settings = tomllib.loads((HOUSE / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    found = extract_from_dir(
        HOUSE / "services" / package,
        method_map=[(setting["pattern"], setting["method"]) for setting in settings],
        options_map={},
        keywords={**DEFAULT_KEYWORDS, **parse_keywords(marks[1].split())},
    )
    return frozenset(text for _file, _line, text, _comments, _context in found)


@cache
def french(package: str) -> Catalog:
    """The catalogue of a service or of the chassis."""
    path = HOUSE / "services" / package / "translations/fr/LC_MESSAGES/messages.po"
    if not path.exists():
        return Catalog("fr")
    with path.open("rb") as source:
        return read_po(source, locale="fr")


def forms(text: str | Iterable[str] | None) -> list[str]:
    """The text alone, or its singular and plural."""
    return [text] if isinstance(text, str) else list(text or ())


def is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return bool(message.string) and all(forms(message.string))


def blanks(*texts: str) -> set[str]:
    """The names that are filled in when a text is shown: the `name` of `%(name)s`."""
    return {name for text in texts for name in re.findall(r"%\((\w+)\)", text)}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_text_has_its_french(package: str) -> None:
    """In the service's own catalogue or in the chassis'."""
    missing = [
        text
        for text in written(package)
        if not any(is_translated(french(catalogue).get(forms(text)[0])) for catalogue in (package, "chassis"))
    ]
    assert not missing, "`make translations`, then write the French of these: " + "; ".join(
        sorted(str(text) for text in missing)
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_the_french_has_no_blank_that_the_english_has_not(package: str) -> None:
    """Such a blank could not be filled, and the page would fail."""
    for message in french(package):
        if message.id:
            assert blanks(*forms(message.string)) <= blanks(*forms(message.id)), message.id
