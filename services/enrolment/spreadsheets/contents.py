"""What a column of a table holds, by what stands in its cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from services.enrolment.communes import find_commune, is_postal_code
from services.enrolment.domain.importing import Column
from services.enrolment.spreadsheets.reading import Table

_LOOKED_AT = 50  # rows
_MOST_OF_THEM = 0.6
_NAMES_DIFFER = 0.8  # a list names nearly every company once; sectors and yes or no repeat

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_SIRET = re.compile(r"\d{13,14}")
_NAF = re.compile(r"\d{2}\.?\d{2}\s?[A-Za-z]")
_SPACES = re.compile(r"[\s.]")


def places_holding(column: Column, rows: Table, free: Collection[int]) -> list[int]:
    """Those of the ``free`` places in most of whose filled cells stands what the column is for."""
    return [place for place in free if _share(rows, place, _TELLING[column]) >= _MOST_OF_THEM]


def place_of_names(rows: Table, free: Collection[int]) -> int | None:
    """The first free place with texts that nearly all differ: in a list, those are the names."""
    for place in free:
        cells = _cells(rows, place)
        words = [cell for cell in cells if any(map(str.isalpha, cell)) and "@" not in cell]
        are_words = bool(words) and len(words) >= _MOST_OF_THEM * len(cells)
        if are_words and len(set(words)) >= _NAMES_DIFFER * len(words):
            return place
    return None


def _share(rows: Table, place: int, is_it: Callable[[str], object]) -> float:
    cells = _cells(rows, place)
    return sum(1 for cell in cells if is_it(cell)) / len(cells) if cells else 0


def _cells(rows: Table, place: int) -> Sequence[str]:
    return [row[place] for row in rows[:_LOOKED_AT] if place < len(row) and row[place]]


_TELLING: Mapping[Column, Callable[[str], object]] = {
    Column.CONTACT_EMAIL: _EMAIL.search,
    Column.SIRET: lambda cell: _SIRET.fullmatch(_SPACES.sub("", cell)),
    Column.NAF_CODE: _NAF.fullmatch,
    Column.POSTAL_CODE: lambda cell: is_postal_code(cell.zfill(5)),
    Column.COMMUNE: lambda cell: not cell.isdecimal() and find_commune(cell),
}
