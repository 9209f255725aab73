"""From the bytes of a file to a table of texts, within bounds of memory and time."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from typing import Literal

import orjson

from services.chassis.model import DomainError
from services.enrolment.spreadsheets import child
from services.enrolment.spreadsheets.headers import telling_words

LARGEST_FILE = 20 * 1024 * 1024  # bytes
MOST_ROWS = 60_000
MOST_COLUMNS = 60
# What a workbook may say that it unpacks to; when that is not true, the child's memory is the bound.
_LARGEST_UNPACKED = 400 * 1024 * 1024

Kind = Literal["workbook", "csv"]
Table = list[list[str]]

_LOOKED_AT = 64 * 1024  # bytes
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OF_TEXT = b"\t\n\v\f\r" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_SHEETS = {"xl/workbook.xml", "content.xml", "xl/workbook.bin"}


def read_table(content: bytes) -> Table:
    """The rows of the sheet that looks most like a list of suppliers, each a list of texts.

    Formulas give their values. Row 1 is the first.

    Raises DomainError in the user's words for what is no table, too large, or cannot be read in time.
    """
    kind = _kind(content)
    telling = "|".join(telling_words())
    try:
        answer = subprocess.run(
            # Isolated: nothing but the file that is run and the installed libraries.
            [sys.executable, "-I", child.__file__, kind, str(MOST_ROWS), str(MOST_COLUMNS), telling],
            input=content,
            capture_output=True,
            timeout=child.SECONDS * 2,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_much() from error
    if answer.returncode == child.TOO_LONG:
        raise DomainError(
            "The file has more than %(most)s rows. Divide it into several.", field="file", most=MOST_ROWS
        )
    # Killed by its limits, or out of memory by its own account; anything else lies in the file.
    if answer.returncode < 0 or answer.returncode == child.TOO_LARGE:
        raise _too_much()
    if answer.returncode != 0:
        raise _damaged()
    table: Table = orjson.loads(answer.stdout)
    if not any(any(row) for row in table):
        raise DomainError("The file is empty.", field="file")
    return table


def _kind(content: bytes) -> Kind:
    """By what is in the file, whatever its name says."""
    if len(content) > LARGEST_FILE:
        raise DomainError(
            "The file has more than %(most)s MB. Keep only the sheet with the suppliers.",
            field="file",
            most=LARGEST_FILE // 1024**2,
        )
    if not content.strip():
        raise DomainError("The file is empty.", field="file")
    if content.startswith(_OLE):
        return "workbook"
    if content.startswith(b"PK"):
        _check_archive(content)
        return "workbook"
    if not content.startswith(_UTF_16) and _is_binary(content[:_LOOKED_AT]):
        raise _no_table()
    return "csv"


def _is_binary(content: bytes) -> bool:
    """A text has no zeros, and of the other signs that nobody writes at most a few stray ones."""
    return b"\0" in content or len(content.translate(None, _OF_TEXT)) > 8 + len(content) / 200


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _damaged() from error
    if not _SHEETS & {part.filename for part in parts}:
        raise _no_table()
    if sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
        raise _too_much()


def _no_table() -> DomainError:
    return DomainError("This is not a spreadsheet. Save it as XLSX, ODS or CSV.", field="file")


def _damaged() -> DomainError:
    return DomainError("The file is damaged, or protected by a password.", field="file")


def _too_much() -> DomainError:
    return DomainError(
        "Reading this file takes too much. Copy the suppliers into a new sheet and save it as CSV.",
        field="file",
    )
