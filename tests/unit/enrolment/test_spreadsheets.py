"""Tables as people have them, and files that are none: what is read of each, within bounds."""

import io
import time
import zipfile

import pytest

from services.chassis.model import DomainError
from services.enrolment.domain.importing import Column
from services.enrolment.spreadsheets import reading
from services.enrolment.spreadsheets.headers import guess_columns, layout_of
from services.enrolment.spreadsheets.reading import read_table
from tests.support.spreadsheets import Formula, ods, xlsx, xlsx_of_sheet

HEADER = ["Raison sociale", "SIRET", "Courriel"]
ROW = ["Élevage Œillet", "73282932000074", "marie@oeillet.example"]
TABLE = [HEADER, ROW]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_csv_file_is_read_whatever_its_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    lines = "\r\n".join(delimiter.join(row) for row in TABLE)
    assert read_table(lines.encode(encoding)) == TABLE


def test_a_csv_file_may_have_delimiters_and_line_ends_inside_quotes() -> None:
    content = b'Nom;Adresse\n"Dupont; Fils";"1, rue\nHaute"\n'
    assert read_table(content) == [["Nom", "Adresse"], ["Dupont; Fils", "1, rue Haute"]]


def test_a_workbook_gives_texts_and_numbers_as_somebody_would_type_them() -> None:
    rows = [HEADER, ["Jardins", 73282932000074, "m@x.example"], [None, None, None], ["Bio", 34.5, None]]
    assert read_table(xlsx(rows)) == [
        HEADER,
        ["Jardins", "73282932000074", "m@x.example"],
        ["", "", ""],
        ["Bio", "34.5", ""],
    ]


def test_formulas_give_their_values_and_macros_are_left_alone() -> None:
    rows = [HEADER, [Formula("CONCAT(A1)", "Jardins du Lez"), "", ""]]
    assert read_table(xlsx(rows, more={"xl/vbaProject.bin": b"Sub Auto_Open()"}))[1][0] == "Jardins du Lez"


def test_an_opendocument_spreadsheet_is_read() -> None:
    assert read_table(ods(TABLE)) == TABLE


def test_rows_keep_the_numbers_that_they_have_in_the_file() -> None:
    assert read_table(xlsx([[], [], HEADER, ROW]))[2:] == TABLE


def test_control_characters_and_spaces_around_are_dropped() -> None:
    assert read_table("Nom;Ville\n \u200b Jardins\x07  du\u00a0Lez ; Sète \n".encode())[1] == [
        "Jardins du Lez",
        "Sète",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a spreadsheet"),
        (b"%PDF-1.7\n\0\0\0", "not a spreadsheet"),
        (b"PK\x03\x04 and so on", "damaged"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "damaged"),
        (xlsx_of_sheet("<worksheet><sheetData><row"), "damaged"),
        (xlsx([]), "empty"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(DomainError, match=said) as refused:
        read_table(content)
    assert refused.value.field == "file"


def test_an_archive_of_something_else_is_no_spreadsheet() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("photo.jpg", b"...")
    with pytest.raises(DomainError, match="not a spreadsheet"):
        read_table(file.getvalue())


def test_a_file_that_is_too_large_is_not_even_looked_at() -> None:
    with pytest.raises(DomainError, match="20 MB"):
        read_table(b"a;b\n" * (6 * 1024 * 1024))


def test_more_rows_than_can_be_taken_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 50)
    assert len(read_table(b"a;b\n" * 50 + b";\n" * 900)) == 50
    with pytest.raises(DomainError, match="50 rows"):
        read_table(b"a;b\n" * 51)


def test_a_sheet_may_claim_a_billion_rows() -> None:
    assert read_table(xlsx(TABLE, dimension="A1:XFD1048576")) == TABLE


def test_a_cell_at_the_far_end_costs_neither_memory_nor_time() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    begun = time.monotonic()
    with pytest.raises(DomainError, match=r"takes too much|rows"):
        read_table(xlsx_of_sheet(f"<worksheet><sheetData>{far}</sheetData></worksheet>"))
    assert time.monotonic() - begun < 20


def test_a_row_may_say_that_it_is_there_a_billion_times() -> None:
    begun = time.monotonic()
    with pytest.raises(DomainError, match=r"takes too much|rows"):
        read_table(ods(TABLE, repeated=1_000_000_000))
    assert time.monotonic() - begun < 40


def test_an_archive_that_unpacks_to_very_much_is_refused_before_it_is_unpacked() -> None:
    begun = time.monotonic()
    with pytest.raises(DomainError, match="takes too much"):
        read_table(xlsx(TABLE, more={"xl/media/image1.png": b"\0" * 450_000_000}))
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("header", "guessed"),
    [
        (["Raison sociale", "N° SIRET", "Ville", "E-mail"], "organisation_name siret commune contact_email"),
        (
            ["Company name", "SIRET number", "City", "E-mail address"],
            "organisation_name siret commune contact_email",
        ),
        (
            ["Nom", "Prénom", "Entreprise", "Courriel"],
            "contact_name contact_first_name organisation_name contact_email",
        ),
        (["NOM", "C.P.", "Adresse e-mail"], "organisation_name - contact_email"),
        (
            ["Fournisseurs", "Code NAF", "Effectifs", "Code postal"],
            "organisation_name naf_code size postal_code",
        ),
        (["Raison soiale", "Téléphone", "Remarques"], "organisation_name - -"),
    ],
)
def test_headers_in_french_and_english_are_understood_also_with_a_slip(
    header: list[str], guessed: str
) -> None:
    found = {place: column.value for column, place in guess_columns(header).items()}
    assert [found.get(place, "-") for place in range(len(header))] == guessed.split()


def test_titles_above_the_header_are_passed_over() -> None:
    layout = layout_of(
        [["Nos fournisseurs 2026"], [], ["", "Entreprise", "Mail"], ["1", "Jardins", "m@x.example"]]
    )
    assert (layout.row, layout.header) == (3, ("A", "Entreprise", "Mail"))
    assert layout.columns == {Column.ORGANISATION_NAME: 1, Column.CONTACT_EMAIL: 2}


def test_a_table_without_a_header_has_letters() -> None:
    layout = layout_of([["Jardins du Lez", "marie@jardins.example"]])
    assert (layout.row, layout.header, layout.columns) == (0, ("A", "B"), {})


def test_headers_that_nobody_knows_are_headers_all_the_same() -> None:
    layout = layout_of([["Qui", "Où"], ["Jardins du Lez", "Sète"]])
    assert (layout.row, layout.header, layout.columns) == (1, ("Qui", "Où"), {})
