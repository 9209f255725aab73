"""Which column of a table holds what: by its header, and by what stands in its cells."""

import pytest

from services.enrolment.domain.importing import Column
from services.enrolment.spreadsheets.headers import guess_by_headers
from services.enrolment.spreadsheets.layout import layout_of
from services.enrolment.spreadsheets.reading import Table

SIRET = "73282932000074"


def guessed(table: Table) -> list[str]:
    """What each column of the table is taken for; "-" for nothing."""
    layout = layout_of(table)
    found = {place: column.value for column, place in layout.columns.items()}
    return [found.get(place, "-") for place in range(len(layout.header))]


@pytest.mark.parametrize(
    ("header", "columns"),
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
        (["NOM", "C.P.", "Adresse e-mail"], "organisation_name postal_code contact_email"),
        (
            ["Fournisseurs", "Code NAF", "Effectifs", "Code postal"],
            "organisation_name naf_code size postal_code",
        ),
        (["Raison soiale", "Téléphone", "Remarques"], "organisation_name contact_phone -"),
        (
            [
                "Raison sociale *",
                "N° de SIRET (14 chiffres)",
                "Adresse mail du contact *",
                "Nom du dirigeant",
            ],
            "organisation_name siret contact_email contact_name",
        ),
        (
            ["Entreprises", "Siret étab.", "CP Ville", "Effectif salarié", "Code APE / NAF"],
            "organisation_name siret commune size naf_code",
        ),
        (
            ["Nom de l'entreprise / Raison sociale", "Commune du siège", "Dép.", "Référent", "Fonction"],
            "organisation_name commune - contact_name -",
        ),
        (
            ["Nom de l’exploitation", "Nom de l’exploitant", "Mél", "Commune d'exploitation"],
            "organisation_name contact_name contact_email commune",
        ),
        (
            ["Tiers", "Libellé", "Montant annuel HT", "e-mail commandes", "Nb salariés"],
            "organisation_name - - contact_email size",
        ),
        (["Dénomination", "Libellé commune", "Code commune INSEE"], "organisation_name commune -"),
        (["Date d’entrée", "Numéro de tiers", "Statut de l’entreprise"], "- - -"),
    ],
)
def test_headers_as_people_write_them_are_understood(header: list[str], columns: str) -> None:
    found = {place: column.value for column, place in guess_by_headers(header).items()}
    assert [found.get(place, "-") for place in range(len(header))] == columns.split()


def test_a_column_of_addresses_is_one_whatever_it_is_called() -> None:
    table = [
        ["Société", "Contact"],
        ["Jardins du Lez", "marie@jardins.example"],
        ["Sablas", "k@sablas.example"],
    ]
    assert guessed(table) == ["organisation_name", "contact_email"]


def test_of_two_columns_of_addresses_the_header_decides() -> None:
    table = [
        ["Société", "Facturation", "Mail", "Personne"],
        ["Jardins du Lez", "compta@jardins.example", "marie@jardins.example", "Marie"],
    ]
    assert guessed(table)[2] == "contact_email"


def test_headers_that_nobody_knows_leave_it_to_the_contents() -> None:
    table = [
        ["Qui", "Où", "Combien", "Écrire à", "Immatriculation", "Zone", "Secteur"],
        ["Jardins du Lez", "Montpellier", "12", "m@x.example", "732 829 320 00074", "34000", "01.13Z"],
        ["Boulangerie du Sablas", "MAUGUIO", "4", "k@y.example", "", "34130", "10.71C"],
        ["Élevage de l’Étang", "Mèze", "", "e@z.example", SIRET, "34140", "01.46Z"],
    ]
    assert layout_of(table).row == 1
    assert guessed(table) == [
        *("organisation_name", "commune", "-", "contact_email", "siret", "postal_code", "naf_code")
    ]


def test_amounts_that_look_like_postal_codes_are_none() -> None:
    table = [["Société", "CA 2025", "Nb pers."], ["Jardins du Lez", "34000", "3"], ["Sablas", "34130", "12"]]
    assert guessed(table) == ["organisation_name", "-", "size"]


def test_what_repeats_itself_is_no_name() -> None:
    table = [["x", "y"], *([["oui", f"Ferme {number}"] for number in range(9)])]
    assert guessed(table) == ["-", "organisation_name"]


def test_titles_above_the_header_are_passed_over() -> None:
    layout = layout_of(
        [["Nos fournisseurs 2026"], [], ["", "Entreprise", "Mail"], ["1", "Jardins", "m@x.example"]]
    )
    assert (layout.row, layout.header) == (3, ("A", "Entreprise", "Mail"))
    assert layout.columns == {Column.ORGANISATION_NAME: 1, Column.CONTACT_EMAIL: 2}


def test_a_title_about_suppliers_is_not_taken_for_their_header() -> None:
    table = [["Liste des fournisseurs"], ["Qui", "Où"], ["Jardins du Lez", "Sète"], ["Sablas", "Mauguio"]]
    assert layout_of(table).row == 2
    assert guessed(table) == ["organisation_name", "commune"]


def test_a_table_without_a_header_has_letters_and_loses_no_row() -> None:
    layout = layout_of([["Société du Lez", "marie@jardins.example"], ["Sablas", "k@sablas.example"]])
    assert (layout.row, layout.header) == (0, ("A", "B"))
    assert layout.columns == {Column.ORGANISATION_NAME: 0, Column.CONTACT_EMAIL: 1}


def test_a_list_of_names_alone_is_a_list() -> None:
    layout = layout_of([["Fournisseur"], ["Jardins du Lez"], ["Sablas"]])
    assert (layout.row, layout.columns) == (1, {Column.ORGANISATION_NAME: 0})
