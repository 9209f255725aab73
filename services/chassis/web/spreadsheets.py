"""Tables as XLSX workbooks (ISO/IEC 29500) that one can sort and filter at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

_WIDEST_COLUMN = 50  # characters
_LONGEST_TEXT = 32_767  # characters of a cell, by the format
_A4 = 9  # the number of the paper size
_NOT_IN_A_SHEET_NAME = str.maketrans("", "", "[]:*?/\\'")
_LONGEST_SHEET_NAME = 31


def write_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]], zone: tzinfo) -> bytes:
    """A workbook with one sheet: a bold header that stays in sight and filters, then the rows.

    Numbers, dates and instants (as the clock in ``zone`` shows them, for the format knows no zones) can be
    calculated with; a text stays a text, also one that looks like a formula, a number or a link.
    """
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet(
            title.translate(_NOT_IN_A_SHEET_NAME)[:_LONGEST_SHEET_NAME].strip() or None
        )
        bold, instant = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        widths = [len(name) + 4 for name in header]  # the button of the filter stands beside the name
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                shown = _write(sheet, last, column, value, zone, instant)
                widths[column] = min(max(widths[column], shown), _WIDEST_COLUMN)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(header) - 1)
        _lay_out_for_print(sheet)
    return file.getvalue()


def _write(sheet: Worksheet, row: int, column: int, value: Any, zone: tzinfo, instant: Format) -> int:
    """Write a cell; returns how many characters wide it is."""
    if value is None:
        return 0
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value.astimezone(zone).replace(tzinfo=None), instant)
        return 16
    if isinstance(value, date):
        sheet.write_datetime(row, column, value)
        return 10
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
        return len(str(value))
    text = str(value)[:_LONGEST_TEXT]
    sheet.write_string(row, column, text)
    return len(text) + 1


def _lay_out_for_print(sheet: Worksheet) -> None:
    """All columns on one page's width, the header on every page."""
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
