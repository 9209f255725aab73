"""Rows of a list of suppliers as people write them: what is understood, and what is said of the rest."""

import pytest

from services.enrolment.domain.importing import Column, WrongRow
from services.enrolment.spreadsheets.suppliers import ListedSupplier, read_row
from tests.unit.enrolment.world import SIRET

ALL = {column: place for place, column in enumerate(Column)}


def row(**typed: str) -> ListedSupplier | WrongRow:
    cells = [typed.get(column.value, "") for column in Column]
    return read_row(2, cells, ALL, invites=False)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"commune": "MONTPELLIER CEDEX 2", "postal_code": "34961"}, {"commune": "34172"}),
        ({"postal_code": "9000"}, {"commune": None}),
        ({"commune": "Foix", "postal_code": "9000"}, {"commune": "09122"}),
        ({"commune": "Lyon", "postal_code": "69003"}, {"commune": None}),
        ({"siret": "732 829 320 00074"}, {"siret": SIRET}),
        ({"contact_first_name": "Marie", "contact_name": "Vidal"}, {"contact_name": "Marie Vidal"}),
        ({}, {"contact_name": "Jardins"}),
        ({"contact_email": "mailto:Marie@Jardins.Example"}, {"contact_email": "marie@jardins.example"}),
        (
            {"contact_email": "Marie Vidal <marie@x.example>"},
            {"contact_email": "marie@x.example", "contact_name": "Marie Vidal"},
        ),
        ({"contact_email": "a@x.example ; b@x.example"}, {"contact_email": "a@x.example"}),
        ({"contact_email": "a@x.example (perso)"}, {"contact_email": "a@x.example"}),
        ({"commune": "34000 Montpellier"}, {"commune": "34172"}),
        ({"commune": "34 - Montpellier"}, {"commune": "34172"}),
        ({"commune": "Crès (Le)"}, {"commune": "34090"}),
        ({"commune": "Sète, France"}, {"commune": "34301"}),
        ({"commune": "montpelier", "postal_code": "34000"}, {"commune": "34172"}),
        ({"commune": "Maugio", "postal_code": "34130"}, {"commune": "34154"}),
        ({"naf_code": "0113z"}, {"naf_code": "01.13Z"}),
        ({"contact_phone": "04 67 12 34 56"}, {"contact_phone": "04 67 12 34 56"}),
        ({"contact_phone": "612345678"}, {"contact_phone": "0612345678"}),
        ({"contact_phone": "Tél. +33 (0)6.12.34.56.78 / 0467"}, {"contact_phone": "+33 (0)6.12.34.56.78"}),
        ({"contact_phone": "sur rendez-vous"}, {"contact_phone": None}),
        ({"size": "12"}, {"size": "10-49"}),
        ({"size": "50 à 99 salariés"}, {"size": "50-249"}),
        ({"size": "1 200"}, {"size": "250+"}),
    ],
)
def test_people_write_in_many_ways(typed: dict[str, str], expected: dict[str, str | None]) -> None:
    read = row(organisation_name="Jardins", **typed)
    assert isinstance(read, ListedSupplier), read
    assert {name: getattr(read, name) for name in expected} == expected


@pytest.mark.parametrize(
    "typed",
    [
        {"organisation_name": "x" * 201},
        {"commune": "Atlantide", "postal_code": "34000"},
        {"naf_code": "agriculture"},
        {"size": "beaucoup"},
        {"siret": "12"},
        {"siret": "7,32829E+13"},
        {"contact_email": f"{'x' * 250}@x.example"},
    ],
)
def test_what_cannot_be_understood_is_said_at_its_column(typed: dict[str, str]) -> None:
    read = row(**{"organisation_name": "Jardins", **typed})
    assert isinstance(read, WrongRow)
    assert [column.value for column, _, _ in read.messages] == list(typed)[:1]
