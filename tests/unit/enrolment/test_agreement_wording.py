"""The wording of agreements: text with blanks, kept version by version, and never a program."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from services.enrolment.agreement_document import default_wording
from services.enrolment.domain.agreement_wording import BLANKS, Block, blocks_of, fill_in, wording_mistakes
from services.enrolment.domain.person import Role
from tests.support.names import BOX, NAMES
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

ADDRESS = "/programmes/cesar/agreement"
PROGRAMS = """# Article #1

Ici #while true [x] puis #read("/etc/passwd") et #import "@preview/cetz:0.3.1": *

- $ sum_(i=0)^oo $ *gras* _italique_ `code` \\ @label <label> // commentaire
"""


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_paragraphs_headings_and_points_are_told_apart() -> None:
    text = "# Article 1\nEntre les\n parties.\n- un\n  point\n- un autre\n\nFin."
    assert [(block.kind, block.text) for block in blocks_of(text)] == [
        ("heading", "Article 1"),
        ("paragraph", "Entre les parties."),
        ("point", "un point"),
        ("point", "un autre"),
        ("paragraph", "Fin."),
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Pour {acheteur}.\n\nPour {mayor}.", 3, "{mayor}"),
        ("Pour {acheteur.", 1, "brace"),
        ("Pour acheteur}.", 1, "brace"),
        ("\n#Article 1", 2, "heading"),
        ("\n\n## Article 1", 3, "heading"),
        ("Une\x07cloche", 1, "printed"),
    ],
)
def test_a_mistake_names_its_line(text: str, line: int, words: str) -> None:
    (mistake,) = wording_mistakes(text)
    assert str(mistake).startswith(f"Line {line}: ")
    assert words in str(mistake)
    assert mistake.field == "template"


def test_what_comes_with_the_product_has_no_mistake_and_nothing_is_one() -> None:
    assert wording_mistakes(default_wording()) == []
    assert wording_mistakes(" \n ")


@given(st.text(st.characters(codec="utf-8", exclude_characters="{}"), max_size=80))
def test_whatever_is_written_is_either_refused_or_kept(text: str) -> None:
    if not wording_mistakes(text):
        written = "".join(block.text for block in blocks_of(text))
        assert set("".join(written.split())) <= set(text)
        assert fill_in(written, dict.fromkeys(BLANKS, "")) == written


def test_a_value_that_looks_like_a_blank_or_a_program_stays_as_it_is() -> None:
    (block,) = blocks_of("Pour {acheteur}.")
    assert block == Block(block.kind, "Pour {acheteur}.")
    assert fill_in(block.text, {"acheteur": "#eval(1) {siret}"}) == "Pour #eval(1) {siret}."


def test_a_program_in_the_wording_is_printed_and_not_run(world: World, visit: Visit) -> None:
    pdf = visit(HELENE).post(f"{ADDRESS}/preview", data={"template": PROGRAMS})
    assert pdf.status_code == 200, pdf.text
    printed = text_of(pdf.data)
    for piece in ("while true", '#read("/etc/passwd")', "@preview/cetz", "*gras*", "sum_(i=0)", "<label>"):
        assert piece in printed.replace("\n", " "), piece


def test_an_agreement_is_printed_in_one_typeface_normal_and_bold(visit: Visit) -> None:
    preview = visit(HELENE).post(f"{ADDRESS}/preview", data={"template": default_wording()})
    [page] = PdfReader(BytesIO(preview.data)).pages
    fonts = [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]
    assert [name.partition("+")[2] for name in fonts] == ["NotoSans-Regular"] * 2


def test_names_in_all_scripts_are_printed_with_their_letters(visit: Visit) -> None:
    template = "\n\n".join(f"# {name}\n\nPour {name}." for name in NAMES.values())
    printed = text_of(visit(HELENE).post(f"{ADDRESS}/preview", data={"template": template}).data)
    assert NAMES["Ethiopic"] in printed
    assert BOX not in printed


def test_a_preview_shows_what_is_typed_and_saves_nothing(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    answer = browser.post(f"{ADDRESS}/preview", data={"template": "# Objet\n\nPour {acheteur} et {chambre}."})
    assert answer.mimetype == "application/pdf"
    assert "Pour Acheteur (exemple) et CCI Hérault." in text_of(answer.data)
    assert "Article 1. Objet" in browser.get(ADDRESS).text
    refused = browser.post(f"{ADDRESS}/preview", data={"template": "Pour {acheteuse}."})
    assert refused.status_code == 422
    assert "Ligne 1" in refused.text


def test_every_mistake_is_told_and_nothing_typed_is_lost(visit: Visit) -> None:
    page = visit(HELENE).post(ADDRESS, data={"template": "Pour {acheteuse}.\n\n#Fin"})
    assert page.status_code == 422
    for words in ("Ligne 1", "acheteuse", "Ligne 3", "#Fin"):
        assert words in page.text


def test_every_version_is_kept_and_can_be_used_again(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    for text in ("Une.", "Deux.", "Deux."):
        assert browser.post(ADDRESS, data={"template": text}).status_code == 303
    page = browser.get(ADDRESS).text
    assert "Version 2" in page
    assert "Version 3" not in page, "the same text once more, as by a double click"
    earlier = browser.get(f"{ADDRESS}?version=1").text
    assert "Une." in earlier
    assert "Enregistrez-la" in earlier
    for number in ("9", "0", "-1", "9" * 30):
        assert browser.get(f"{ADDRESS}?version={number}").status_code == 404, number
    browser.post(ADDRESS, data={"template": "Une."})
    assert "Version 3" in browser.get(ADDRESS).text


def test_nobody_saves_over_a_version_that_they_have_not_seen(world: World, visit: Visit) -> None:
    world.person("luc@cci.example", Role.MANAGER, name="Luc")
    first, second = visit(HELENE), visit("luc@cci.example")
    seen = {"seen_version": "0"}
    assert 'name="seen_version" value="0"' in second.get(ADDRESS).text
    assert first.post(ADDRESS, data={"template": "Celle d’Hélène.", **seen}).status_code == 303
    refused = second.post(ADDRESS, data={"template": "Celle de Luc.", **seen})
    assert refused.status_code == 422
    assert "une autre version entre-temps" in refused.text
    assert "Celle de Luc." in refused.text, "nothing typed is lost"
    assert 'name="seen_version" value="1"' in refused.text
    assert "Celle d’Hélène." in first.get(ADDRESS).text
    again = {"template": "Celle de Luc.", "seen_version": "1"}
    assert second.post(ADDRESS, data=again).status_code == 303


def test_only_a_manager_of_the_programme_words_its_agreements(world: World, visit: Visit) -> None:
    world.person("julien@conseil.example", Role.ADVISER, name="Julien")
    world.programme("autre")
    world.person("paul@cci.example", Role.MANAGER, "autre")
    for email in ("julien@conseil.example", "paul@cci.example"):
        for address in (ADDRESS, f"{ADDRESS}/preview"):
            assert visit(email).post(address, data={"template": "Une."}).status_code == 403, (email, address)


def test_programs_save_a_version_and_use_an_earlier_one_again(world: World, visit: Visit) -> None:
    program, here = visit(HELENE), f"/api{ADDRESS}"
    at_first = program.get(here)
    assert at_first.get_json() == {"number": None, "template": default_wording()}
    tag = at_first.headers["ETag"]
    for number, text in ((1, "Une."), (2, "Deux.")):
        saved = program.put(here, json={"template": text}, headers={"If-Match": tag})
        assert (saved.status_code, saved.get_json()) == (200, {"number": number, "template": text})
        tag = saved.headers["ETag"]
    earlier = program.get(f"{here}/versions/1").get_json()["template"]
    program.put(here, json={"template": earlier}, headers={"If-Match": tag})
    assert [each["number"] for each in program.get(f"{here}/versions").get_json()["items"]] == [3, 2, 1]
    assert program.get(here).get_json() == {"number": 3, "template": "Une."}
    assert program.get(f"{here}/versions/9").status_code == 404


def test_programs_do_not_save_over_what_they_have_not_read(visit: Visit) -> None:
    program, here = visit(HELENE), f"/api{ADDRESS}"
    tag = program.get(here).headers["ETag"]
    assert program.put(here, json={"template": "Une."}).status_code == 428
    assert program.put(here, json={"template": "Une."}, headers={"If-Match": tag}).status_code == 200
    assert program.put(here, json={"template": "Deux."}, headers={"If-Match": tag}).status_code == 412


def test_programs_are_told_every_mistake_with_its_line(visit: Visit) -> None:
    program, here = visit(HELENE), f"/api{ADDRESS}"
    headers = {"If-Match": program.get(here).headers["ETag"]}
    refused = program.put(here, json={"template": "Pour {acheteuse}.\n\n#Fin"}, headers=headers)
    assert refused.status_code == 422
    first, second = refused.get_json()["errors"]
    assert first["pointer"] == second["pointer"] == "#/template"
    assert ("Ligne 1" in first["detail"], "Ligne 3" in second["detail"]) == (True, True)


def test_programs_of_other_managers_neither_read_nor_save(world: World, visit: Visit) -> None:
    world.programme("autre")
    world.person("paul@cci.example", Role.MANAGER, "autre")
    paul, here = visit("paul@cci.example"), f"/api{ADDRESS}"
    for address in (here, f"{here}/versions", f"{here}/versions/1"):
        assert paul.get(address).status_code == 403
    headers = {"If-Match": visit(HELENE).get(here).headers["ETag"]}
    assert paul.put(here, json={"template": "Une."}, headers=headers).status_code == 403
