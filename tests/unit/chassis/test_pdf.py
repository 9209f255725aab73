"""Documents for print: the data are in them, in any script, and the same input gives the same bytes."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from services.chassis.pdf import BadSource, typeset

MOMENT = datetime(2026, 11, 23, 9, tzinfo=UTC)
NAMES = "Élise Nguyễn", "Жанна Ταβέρνα", "王小明", "佐藤", "김민수", "שרה", "สมชาย", "Հայկ", "გიორგი"


def read(document: bytes) -> PdfReader:
    return PdfReader(BytesIO(document))


def fonts_of(reader: PdfReader) -> list[dict]:
    """What draws the letters of the first page, as the document describes it."""
    fonts = (font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values())
    return [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]


def test_a_document_says_what_the_data_say() -> None:
    document = read(typeset("Bonjour #data.name !", {"name": "Hélène"}, MOMENT))
    assert "Bonjour Hélène !" in document.pages[0].extract_text()


def test_the_same_source_data_and_instant_give_the_same_bytes() -> None:
    first, second = (typeset("= #data.title", {"title": "Feuille"}, MOMENT) for _ in range(2))
    assert first == second
    assert first != typeset("= #data.title", {"title": "Feuille"}, MOMENT + timedelta(minutes=1))


def test_names_in_many_scripts_are_there_with_their_letters_embedded() -> None:
    document = read(typeset("#for name in data.names [#name \\ ]", {"names": NAMES}, MOMENT))
    text = document.pages[0].extract_text()
    for name in NAMES:
        # What is written from right to left may be read back in either direction.
        assert name in text or name[::-1] in text, name
    fonts = fonts_of(document)
    assert len(fonts) >= 3
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts)


def test_a_document_may_show_the_logo_and_read_no_other_file() -> None:
    with_logo = typeset('#image("/logo.svg", width: 1cm)', {}, MOMENT)
    assert len(read(with_logo).pages) == 1
    for elsewhere in ("/../../pdf.py", "/etc/hostname"):
        with pytest.raises(BadSource):
            typeset(f'#read("{elsewhere}")', {}, MOMENT)


def test_a_source_with_a_mistake_says_what_is_wrong() -> None:
    with pytest.raises(BadSource, match="unknown variable"):
        typeset("#nonsense", {}, MOMENT)
