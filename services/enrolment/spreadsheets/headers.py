"""What a column of a table holds, by its header, in French and English."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from rapidfuzz import fuzz

from services.enrolment.communes import folded
from services.enrolment.domain.importing import Column

_ALIKE = 86  # of 100: one letter wrong in a word of seven is alike
_A_WORD, _ALMOST_A_WORD = 80.0, 70.0  # less than any header that is alike as a whole
_SHORTEST_WITH_A_SLIP = 6  # letters: shorter words are too like others


# These say whose name it is only when another column holds the company's.
_BARE_NAMES = ("nom", "name")
# A column with postal code and town in one is the town's, which is read with its code.
_RANK = {column: rank for rank, column in enumerate(Column)}


@dataclass(frozen=True)
class Wording:
    """How people call a column: in so many words, or by words of which none of ``against`` stands beside."""

    names: Collection[str]
    words: Collection[str]
    against: Collection[str]


def guess_by_headers(header: Sequence[str], columns: Collection[Column] = tuple(Column)) -> dict[Column, int]:
    """For each of these columns the place whose header is most like what people call it, if one is alike."""
    words = [folded(text) for text in header]
    scores = [
        (_likeness(word, _wordings()[column]), column, place)
        for place, word in enumerate(words)
        if word
        for column in columns
    ]
    guess: dict[Column, int] = {}
    for score, column, place in sorted(scores, key=lambda each: (-each[0], _RANK[each[1]], each[2])):
        if score > 0 and column not in guess and place not in guess.values():
            guess[column] = place
    contact = guess.get(Column.CONTACT_NAME)
    if (
        Column.ORGANISATION_NAME in columns
        and Column.ORGANISATION_NAME not in guess
        and contact is not None
        and words[contact] in _BARE_NAMES
    ):
        guess[Column.ORGANISATION_NAME] = guess.pop(Column.CONTACT_NAME)
    return guess


def _likeness(header: str, wording: Wording) -> float:
    whole = max(fuzz.ratio(header, name) for name in wording.names)
    if whole >= _ALIKE:
        return whole
    words = header.split()
    if any(word in wording.against for word in words):
        return 0
    if any(word in wording.words for word in words):
        return _A_WORD
    long = [word for word in words if len(word) >= _SHORTEST_WITH_A_SLIP]
    slips = (fuzz.ratio(word, telling) >= _ALIKE for word in long for telling in wording.words)
    return _ALMOST_A_WORD if any(slips) else 0


def speaks_against(header: str, column: Column) -> bool:
    """Whether the header says that the column holds something else, whatever its cells look like."""
    return any(word in _wordings()[column].against for word in folded(header).split())


def telling_words() -> list[str]:
    """What says at a glance that a row is the header of a list of suppliers."""
    return sorted({word for wording in _wordings().values() for word in wording.words})


@cache
def _wordings() -> Mapping[Column, Wording]:
    text = (files("services.enrolment") / "data" / "supplier-columns.yaml").read_text("utf-8")
    return {
        Column(name): Wording(*(tuple(_flat(said.get(part, ()))) for part in ("names", "words", "against")))
        for name, said in yaml.safe_load(text)["columns"].items()
    }


def _flat(texts: Iterable[Any]) -> Iterator[str]:
    """The texts of a list in which other lists may stand."""
    for each in texts:
        if isinstance(each, str):
            yield each
        else:
            yield from _flat(each)
