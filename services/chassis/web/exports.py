"""Lists as CSV files, for programs: RFC 4180, that is commas, in UTF-8 without a byte order mark.

Decimal points and ISO dates go with that. A French spreadsheet wants semicolons, decimal commas and a byte
order mark, over which programs and the schemas of open data stumble: who wants a spreadsheet gets one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from flask import Response, send_file

# A spreadsheet takes a text that starts so for a formula, and runs it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_response(file_name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """The rows as a file to download. None is an empty cell; other values are written by ``str``."""
    body = BytesIO(write_csv(header, rows).encode())
    return send_file(body, mimetype="text/csv", as_attachment=True, download_name=file_name)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The rows as CSV text. Texts that a spreadsheet would run as a formula start with an apostrophe.

    Source: OWASP, CSV Injection.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(_harmless, header))
    writer.writerows(map(_harmless, row) for row in rows)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
