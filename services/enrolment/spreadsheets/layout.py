"""Where the header of a table is, and which of its columns holds what: a guess, which people confirm."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.enrolment.domain.importing import Column
from services.enrolment.spreadsheets.contents import place_of_names, places_holding
from services.enrolment.spreadsheets.headers import guess_by_headers, speaks_against
from services.enrolment.spreadsheets.reading import Table

_LOOKED_THROUGH = 20  # rows: above the header people write titles and dates
_DATA = re.compile(r"@|\d{9,}")
# What they hold is unmistakable, whatever stands above it: "Contact" is often an address.
_BY_CONTENT_FIRST = (Column.CONTACT_EMAIL, Column.SIRET)
_BY_CONTENT_ELSE = (Column.COMMUNE, Column.POSTAL_CODE, Column.NAF_CODE)


@dataclass(frozen=True)
class Layout:
    """``row`` is the header's number in the table from 1; 0 when there is none and columns have letters."""

    row: int
    header: tuple[str, ...]
    columns: Mapping[Column, int]


def layout_of(table: Table) -> Layout:
    """The row that looks most like a header, and what its columns hold as far as that can be guessed."""
    width = max(map(len, table))
    letters = _letters(width)
    row = _header_row(table, width)
    texts = tuple(table[row - 1]) if row else ()
    header = texts + ("",) * (width - len(texts))
    named = tuple(text or letter for text, letter in zip(header, letters, strict=True))
    return Layout(row, named, _guess(header, table[row:]))


def _header_row(table: Table, width: int) -> int:
    """The row that is understood best; else the first that is no title and holds no data; 0 for none."""
    filled = [(number, row) for number, row in enumerate(table[:_LOOKED_THROUGH], 1) if any(row)]
    # A title stands alone in its row.
    several = [(number, row) for number, row in filled if width == 1 or sum(map(bool, row)) > 1]
    candidates = [(number, row) for number, row in several if not any(map(_DATA.search, row))]
    understood = {number: len(guess_by_headers(row)) for number, row in candidates}
    if understood and (most := max(understood.values())):
        return next(number for number, count in understood.items() if count == most)
    begins_with_data = not several or any(map(_DATA.search, several[0][1]))
    return 0 if begins_with_data else several[0][0]


def _guess(header: tuple[str, ...], rows: Table) -> dict[Column, int]:
    by_header = guess_by_headers(header)
    guess: dict[Column, int] = {}

    def free() -> list[int]:
        return [place for place in range(len(header)) if place not in guess.values()]

    for column in _BY_CONTENT_FIRST:
        if places := places_holding(column, rows, free()):
            named = by_header.get(column)
            guess[column] = named if named is not None and named in places else places[0]
    left = {place: text for place, text in enumerate(header) if place in free()}
    wanted = [column for column in Column if column not in guess]
    guess |= guess_by_headers([left.get(place, "") for place in range(len(header))], wanted)
    for column in _BY_CONTENT_ELSE:
        possible = [place for place in free() if not speaks_against(header[place], column)]
        if column not in guess and (places := places_holding(column, rows, possible)):
            guess[column] = places[0]
    if Column.ORGANISATION_NAME not in guess and (place := place_of_names(rows, free())) is not None:
        guess[Column.ORGANISATION_NAME] = place
    return guess


def _letters(width: int) -> tuple[str, ...]:
    """A, B, …, Z, AA, as spreadsheets name their columns."""
    return tuple(
        (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26) for place in range(width)
    )
