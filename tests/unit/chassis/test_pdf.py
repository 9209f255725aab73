"""Documents for print: the data are in them, in any script, and the same input gives the same bytes."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from services.chassis.pdf import BadSource, typeset
from tests.support.names import BOX, NAMES

MOMENT = datetime(2026, 11, 23, 9, tzinfo=UTC)
READ_BACK = "Élise Nguyễn", "Жанна Ταβέρνα", "王小明", "佐藤", "김민수", "שרה", "สมชาย", "Հայկ", "გიორგი"
# The typefaces that are not named after their script. Of East Asian letters there are no bold ones.
EUROPEAN, EAST_ASIAN = ("Latin", "Greek", "Cyrillic"), ("Han", "Hangul", "Kana")
SHARED = dict.fromkeys(EUROPEAN, "NotoSans") | dict.fromkeys(EAST_ASIAN, "NotoSansCJKsc")


def read(document: bytes) -> PdfReader:
    return PdfReader(BytesIO(document))


def fonts_of(reader: PdfReader) -> list[dict]:
    """What draws the letters of the first page, as the document describes it."""
    fonts = (font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values())
    return [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]


def family_of(font: dict) -> str:
    """``/ABCDEF+NotoSansThai-Regular`` is of NotoSansThai."""
    return font["/FontName"].partition("+")[2].partition("-")[0]


def test_a_document_says_what_the_data_say() -> None:
    document = read(typeset("Bonjour #data.name !", {"name": "Hélène"}, MOMENT))
    assert "Bonjour Hélène !" in document.pages[0].extract_text()


def test_the_same_source_data_and_instant_give_the_same_bytes() -> None:
    first, second = (typeset("= #data.title", {"title": "Feuille"}, MOMENT) for _ in range(2))
    assert first == second
    assert first != typeset("= #data.title", {"title": "Feuille"}, MOMENT + timedelta(minutes=1))


def test_names_can_be_read_back_and_their_letters_are_embedded() -> None:
    document = read(typeset("#for name in data.names [#name \\ ]", {"names": READ_BACK}, MOMENT))
    text = document.pages[0].extract_text()
    for name in READ_BACK:
        # What is written from right to left may be read back in either direction.
        assert name in text or name[::-1] in text, name
    fonts = fonts_of(document)
    assert len(fonts) >= 3
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts)


@pytest.mark.parametrize("script", NAMES)
def test_a_name_in_any_script_is_printed_with_its_letters(script: str) -> None:
    document = read(typeset("#data.name *#data.name*", {"name": NAMES[script]}, MOMENT))
    assert BOX not in document.pages[0].extract_text()
    families = {family_of(font) for font in fonts_of(document)}
    # Spaces are in the typeface of everything else.
    assert families | {"NotoSans"} == {"NotoSans", SHARED.get(script, f"NotoSans{script}")}


@pytest.mark.parametrize("script", sorted(set(NAMES) - set(EAST_ASIAN)))
def test_a_name_can_be_printed_in_bold_letters(script: str) -> None:
    normal, bold = (
        fonts_of(read(typeset(source, {"name": NAMES[script]}, MOMENT)))[-1]
        for source in ("#data.name", "*#data.name*")
    )
    assert family_of(normal) == family_of(bold)
    assert normal["/FontFile2"].get_data() != bold["/FontFile2"].get_data()


def test_only_a_letter_that_no_font_knows_is_a_box() -> None:
    linear_a = "\N{LINEAR A SIGN AB001}"
    text = read(typeset("Nom : #data.name", {"name": linear_a}, MOMENT)).pages[0].extract_text()
    assert text == f"Nom : {BOX}"


def test_a_document_may_show_the_logo_and_read_no_other_file() -> None:
    with_logo = typeset('#image("/logo.svg", width: 1cm)', {}, MOMENT)
    assert len(read(with_logo).pages) == 1
    for elsewhere in ("/../../pdf.py", "/etc/hostname"):
        with pytest.raises(BadSource):
            typeset(f'#read("{elsewhere}")', {}, MOMENT)


def test_a_source_with_a_mistake_says_what_is_wrong() -> None:
    with pytest.raises(BadSource, match="unknown variable"):
        typeset("#nonsense", {}, MOMENT)
