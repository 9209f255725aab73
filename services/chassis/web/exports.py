"""Lists as files to download: for people a spreadsheet (XLSX), for programs CSV.

A file of values separated by commas opens in one column in a French spreadsheet, and one made for that
spreadsheet stumbles in programs and the schemas of open data: so there are both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

from flask import Response, send_file

from services.chassis.web.spreadsheets import write_xlsx
from services.chassis.web.work import LOCAL_TIME

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A spreadsheet takes a text that starts so for a formula, and runs it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def table_response(
    file_format: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Response:
    """The rows as a file called ``name``; ``file_format`` is "csv" or "xlsx", as routes have it.

    Rows hold texts, numbers, dates and instants as they are; None is an empty cell.
    """
    if file_format == "xlsx":
        content, mimetype = write_xlsx(name, header, rows, LOCAL_TIME), XLSX_TYPE
    else:
        content, mimetype = write_csv(header, rows).encode(), "text/csv"
    return send_file(
        BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=f"{name}.{file_format}"
    )


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The rows as CSV text (RFC 4180), with decimal points, ISO dates and instants in local time.

    Texts that a spreadsheet would run as a formula start with an apostrophe. Source: OWASP, CSV Injection.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_written(cell) for cell in header])
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return text.getvalue()


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(LOCAL_TIME).isoformat(timespec="seconds")
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
