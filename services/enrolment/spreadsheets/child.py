"""Reads one table; started as a program of its own, by ``reading``, with the file on its standard input.

A file can be made so that it takes all memory or all time to be read. Here it gets so much and no more, and
what is lost when that is not enough is this process. It imports none of the product.
"""

from __future__ import annotations

import csv
import io
import re
import resource
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

import charset_normalizer
import orjson
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

MEMORY = 1024**3  # bytes
SECONDS = 30
LONGEST_TEXT = 1000
MOST_SHEETS = 30
_LOOKED_THROUGH = 20  # rows of a sheet, to see what it is about
_GAP = 1000  # empty rows: what stands below so many is no part of the table
_FORMULA_STARTS = frozenset("=+-@")
_DELIMITERS = (";", ",", "\t", "|")
_FRENCH = frozenset("àâæçèéêëîïôœùûüÿÀÂÆÇÈÉÊËÎÏÔŒÙÛÜŸ’‘“”«»–—…€°²\u00a0\u202f")

TOO_LONG = 3
"""The status with which it ends when there are more rows than wanted."""
UNREADABLE = 4
TOO_LARGE = 5


def main(kind: str, most_rows: int, most_columns: int, telling: str) -> int:
    """``telling``: words that the header of the wanted sheet has, joined by "|"."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    content = sys.stdin.buffer.read()
    try:
        rows = _delimited(content) if kind == "csv" else _workbook(content, telling)
        table: list[list[str]] = []
        filled = empty = 0
        for row in rows:
            table.append([_text(cell) for cell in row[:most_columns]])
            empty = 0 if any(table[-1]) else empty + 1
            filled += not empty
            # Programs leave empty rows below a table, and people a stray cell: they do not make it long.
            if empty > _GAP:
                break
            if filled > most_rows:
                return TOO_LONG
    except (CalamineError, csv.Error, UnicodeError, ValueError, KeyError, OSError):
        return UNREADABLE
    except MemoryError:
        return TOO_LARGE
    while table and not any(table[-1]):
        table.pop()
    sys.stdout.buffer.write(orjson.dumps(table))
    return 0


def _workbook(content: bytes, telling: str) -> Iterator[list[Any]]:
    """The sheet that looks most like the wanted one, from its first row on; the first of those alike."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = workbook.sheets_metadata[:MOST_SHEETS]
    shown = [each.name for each in sheets if each.visible == SheetVisibleEnum.Visible]
    opened = map(workbook.get_sheet_by_name, shown or [each.name for each in sheets])
    filled = (sheet for sheet in opened if sheet.start is not None)
    words = re.compile(rf"\b(?:{telling})\b|@|\d{{9,}}", re.IGNORECASE)
    best = max(filled, key=lambda sheet: _likeness(sheet, words), default=None)
    return iter(()) if best is None else best.iter_rows()


def _likeness(sheet: CalamineSheet, words: re.Pattern[str]) -> int:
    """How many cells of one row, the best of the first ones, are those of a header or of an entry."""
    rows = islice(sheet.iter_rows(), _LOOKED_THROUGH)
    return max((sum(1 for cell in row if words.search(_unaccented(_text(cell)))) for row in rows), default=0)


def _unaccented(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def _delimited(content: bytes) -> Iterator[list[Any]]:
    text = _decoded(content)
    csv.field_size_limit(LONGEST_TEXT * 20)
    return csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))


def _decoded(content: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(_encoding(content[:200_000]), "replace")


def _encoding(content: bytes) -> str:
    """One of those used here, if it makes French letters of all that is not plain; else the likeliest."""
    for encoding in ("cp1252", "mac_roman"):
        special = {sign for sign in content.decode(encoding, "replace") if not sign.isascii()}
        if special <= _FRENCH:
            return encoding
    guess = charset_normalizer.from_bytes(content).best()
    return guess.encoding if guess else "cp1252"


def _delimiter(text: str) -> str:
    """The one that parts the first lines into the most columns, most of them into as many."""
    lines = [line for line in text[:100_000].splitlines()[:50] if line.strip()]

    def worth(delimiter: str) -> int:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        common = max(set(widths), key=widths.count, default=1)
        return (common - 1) * widths.count(common)

    return max(_DELIMITERS, key=worth)


def _text(cell: Any) -> str:
    """A cell as somebody would type it: numbers without a useless point, dates as in ISO 8601."""
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() | date():
            return cell.isoformat()
        case _:
            return _without_mark_of_text(_clean(str(cell)))


def _without_mark_of_text(text: str) -> str:
    """An apostrophe before what looks like a formula only says that it is none; our own files have it."""
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA_STARTS else text


def _clean(text: str) -> str:
    plain = unicodedata.normalize("NFC", text[: LONGEST_TEXT * 4])
    return " ".join("".join(_plain(plain)).split())[:LONGEST_TEXT]


def _plain(text: Iterable[str]) -> Iterator[str]:
    """Without control characters and halves of characters, which a database may refuse."""
    for sign in text:
        category = unicodedata.category(sign)
        if category == "Cc":
            yield " "
        elif category not in ("Cs", "Cf"):
            yield sign


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
