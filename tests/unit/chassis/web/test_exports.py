import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.web.exports import csv_response, write_csv
from tests.unit.chassis.web.world import build


def test_a_csv_file_is_what_every_program_reads() -> None:
    text = write_csv(("name", "price"), [("Fig, dried", Decimal("1.50")), ('The "great" olive', None)])
    assert text == 'name,price\r\n"Fig, dried",1.50\r\n"The ""great"" olive",\r\n'


def test_dates_are_written_as_iso_8601() -> None:
    assert write_csv(("day",), [(date(2026, 11, 23),)]) == "day\r\n2026-11-23\r\n"


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
        response = csv_response("figues séchées.csv", ("nom",), [("Sète",)])
    response.direct_passthrough = False
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.get_data() == "nom\r\nSète\r\n".encode()
    name = "attachment; filename=\"figues sechees.csv\"; filename*=UTF-8''figues%20s%C3%A9ch%C3%A9es.csv"
    assert response.headers["Content-Disposition"] == name
