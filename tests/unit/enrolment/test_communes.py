"""Communes as people type them."""

import pytest

from services.chassis.model import DomainError
from services.enrolment.communes import communes, find_commune, parse_commune


@pytest.mark.parametrize(
    "typed",
    [
        "Saint-Jean-de-Védas",
        "saint jean de vedas",
        "  ST JEAN DE VÉDAS ",
        "Saint-Jean-de-Védas (34)",
        "34430",
        "34430 Saint-Jean-de-Védas",
        "Saint-Jean-de-Ve\u0301das",
    ],
)
def test_accents_hyphens_and_postal_codes_do_not_matter(typed: str) -> None:
    found = find_commune(typed)
    assert found is not None
    assert (found.code, found.name, found.department) == ("34270", "Saint-Jean-de-Védas", "34")


def test_a_name_that_several_communes_have_needs_its_department() -> None:
    assert find_commune("Barjac") is None
    found = find_commune("Barjac (30)")
    assert found is not None
    assert found.department == "30"


def test_a_postal_code_that_several_communes_share_needs_a_name() -> None:
    assert find_commune("34500") is None
    found = find_commune("34500 Béziers")
    assert found is not None
    assert found.name == "Béziers"


def test_a_name_and_a_postal_code_have_to_fit() -> None:
    assert find_commune("Saint-Jean-de-Védas 34000") is None


@pytest.mark.parametrize("typed", ["Nulle-Part", "75056", "34", "", "(34)"])
def test_what_is_not_in_occitanie_is_not_found(typed: str) -> None:
    assert find_commune(typed) is None


def test_the_form_says_how_to_mend_it() -> None:
    with pytest.raises(DomainError, match=r"“Barjac”.*add the department") as refusal:
        parse_commune("Barjac")
    assert refusal.value.field == "commune"


@pytest.mark.parametrize(
    ("typed", "meant"), [("Montpelier", "Montpellier (34)"), ("Sette", "Sète (34)"), ("Nulle-Part", None)]
)
def test_the_form_proposes_what_may_have_been_meant(typed: str, meant: str | None) -> None:
    with pytest.raises(DomainError) as refusal:
        parse_commune(typed)
    assert refusal.value.values.get("meant") == meant


def test_every_commune_lies_in_occitanie() -> None:
    assert len(communes()) > 4000
    assert {each.department for each in communes().values()} == {
        "09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82"
    }  # fmt: skip
    assert all(42 < each.latitude < 46 and -1 < each.longitude < 5 for each in communes().values())
