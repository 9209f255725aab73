"""Tables as people have them, and files that are none: what is read of each, within bounds."""

import io
import zipfile

import pytest

from services.chassis.model import DomainError
from services.enrolment.spreadsheets import reading
from services.enrolment.spreadsheets.reading import Table, read_table
from tests.support.spreadsheets import Formula, ods, workbook, xlsx, xlsx_of_sheet

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
        (b"%PDF-1.4\n" + bytes(range(1, 256)) * 9, "not a spreadsheet"),
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


def test_a_stray_cell_far_below_is_no_part_of_the_table() -> None:
    cells = "".join(
        f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for number, text in ((1, "Fournisseur"), (2, "Jardins du Lez"), (1_048_576, "x"))
    )
    sheet = xlsx_of_sheet(f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
    assert read_table(sheet) == [["Fournisseur"], ["Jardins du Lez"]]


def test_an_apostrophe_that_marks_a_text_is_no_part_of_it() -> None:
    assert read_table(b"Tel;Nom\n'+33612345678;'t Hof\n")[1] == ["+33612345678", "'t Hof"]


def test_a_sheet_may_claim_a_billion_rows() -> None:
    assert read_table(xlsx(TABLE, dimension="A1:XFD1048576")) == TABLE


def test_a_cell_at_the_far_end_costs_neither_memory_nor_time() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(DomainError, match=r"takes too much|rows"):
        read_table(xlsx_of_sheet(f"<worksheet><sheetData>{far}</sheetData></worksheet>"))


def test_a_row_may_say_that_it_is_there_a_billion_times() -> None:
    with pytest.raises(DomainError, match=r"takes too much|rows"):
        read_table(ods(TABLE, repeated=1_000_000_000))


def test_an_archive_that_unpacks_to_very_much_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(DomainError, match="takes too much"):
        read_table(xlsx(TABLE, more={"xl/media/image1.png": b"\0" * 450_000_000}))


NOTICE = [["Mode d’emploi"], ["Indiquez la raison sociale, le SIRET et l’adresse mail."], ["Merci !"]]
CODES: Table = [
    ["Code NAF", "Libellé"],
    *([f"01.{number}Z", f"Culture {number}"] for number in range(10, 60)),
]


def test_of_several_sheets_the_one_that_lists_suppliers_is_read() -> None:
    sheets = {"Notice": NOTICE, "Codes": CODES, "Fournisseurs": TABLE, "Feuil4": []}
    assert read_table(workbook(sheets)) == TABLE


def test_of_sheets_that_are_alike_the_first_is_read() -> None:
    other = [HEADER, ["Boulangerie du Sablas", "", "b@sablas.example"]]
    assert read_table(workbook({"2026": TABLE, "2025": other})) == TABLE


def test_a_hidden_sheet_is_read_only_when_there_is_no_other() -> None:
    old = [
        ["Société", "Commune", "Mail", "SIRET", "Code postal"],
        ["Ancienne", "Sète", "a@x.example", "", ""],
    ]
    assert read_table(workbook({"Vieux": old, "Fournisseurs": TABLE}, hidden=("Vieux",))) == TABLE
