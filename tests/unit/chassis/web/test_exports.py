import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from services.chassis.web.exports import XLSX_TYPE, table_response, write_csv
from tests.unit.chassis.web.world import build


def test_a_csv_file_is_what_every_program_reads() -> None:
    text = write_csv(("name", "price"), [("Fig, dried", Decimal("1.50")), ('The "great" olive', None)])
    assert text == 'name,price\r\n"Fig, dried",1.50\r\n"The ""great"" olive",\r\n'


def test_dates_are_written_as_iso_8601_and_instants_as_the_clock_shows_them() -> None:
    assert write_csv(("day",), [(date(2026, 11, 23),)]) == "day\r\n2026-11-23\r\n"
    winter = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert write_csv(("at",), [(winter,)]) == "at\r\n2026-11-23T09:30:00+01:00\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_run_as_a_formula_by_a_spreadsheet(start: str) -> None:
    formula = f'{start}HYPERLINK("https://elsewhere.example")'
    ((header,), (cell,)) = csv.reader(StringIO(write_csv((formula,), [(formula,)]), newline=""))
    assert header == cell == f"'{formula}"


def test_negative_numbers_stay_numbers() -> None:
    assert write_csv(("a", "b"), [(-1, Decimal("-0.5"))]) == "a,b\r\n-1,-0.5\r\n"


@given(st.lists(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2)))
def test_every_text_comes_back_as_it_was_but_for_the_apostrophe(rows: list[list[str]]) -> None:
    read = list(csv.reader(StringIO(write_csv(("a", "b"), rows), newline="")))[1:]
    dangerous = ("=", "+", "-", "@", "\t", "\r")
    assert read == [[f"'{cell}" if cell.startswith(dangerous) else cell for cell in row] for row in rows]


def test_the_file_is_downloaded_under_its_name_in_plain_utf_8() -> None:
    with build().test_request_context("/orchard/"):
        response = table_response("csv", "figues séchées", ("nom",), [("Sète",)])
    response.direct_passthrough = False
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.get_data() == "nom\r\nSète\r\n".encode()
    name = "attachment; filename=\"figues sechees.csv\"; filename*=UTF-8''figues%20s%C3%A9ch%C3%A9es.csv"
    assert response.headers["Content-Disposition"] == name


def read_xlsx(header: tuple[str, ...], rows: list[tuple[Any, ...]], name: str = "figues") -> list[list[Any]]:
    with build().test_request_context("/orchard/"):
        response = table_response("xlsx", name, header, rows)
    response.direct_passthrough = False
    assert response.content_type == XLSX_TYPE
    book = CalamineWorkbook.from_filelike(BytesIO(response.get_data()))
    assert len(book.sheet_names) == 1
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_a_spreadsheet_holds_numbers_days_and_local_instants_that_can_be_calculated_with() -> None:
    winter = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    row = (12, Decimal("1.50"), date(2026, 11, 23), winter, None, "Sète")
    header, cells = read_xlsx(("a", "b", "c", "d", "e", "f"), [row])
    assert header == ["a", "b", "c", "d", "e", "f"]
    assert cells == [12.0, 1.5, date(2026, 11, 23), datetime(2026, 11, 23, 9, 30), "", "Sète"]


@pytest.mark.parametrize(
    "text", ["=1+1", "00012345600017", "https://elsewhere.example", "{=A1}", "mailto:a@b.example", "@SUM(1)"]
)
def test_a_text_in_a_spreadsheet_stays_the_text_that_it_is(text: str) -> None:
    assert read_xlsx(("text",), [(text,)]) == [["text"], [text]]


def test_a_spreadsheet_without_rows_still_says_what_its_columns_are() -> None:
    assert read_xlsx(("Nom", "SIRET"), []) == [["Nom", "SIRET"]]


@pytest.mark.parametrize("name", ["promotion-2026/2027 [été]", "x" * 60, "l'an: un?"])
def test_any_name_makes_a_spreadsheet_that_opens(name: str) -> None:
    assert read_xlsx(("a",), [("b",)], name) == [["a"], ["b"]]


def test_a_text_that_is_too_long_for_a_cell_is_cut_rather_than_refused() -> None:
    (_header, (cell,)) = read_xlsx(("text",), [("é" * 40_000,)])
    assert cell == "é" * 32_767
