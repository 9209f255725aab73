"""Which column of a table holds what, guessed from its headers in French and English."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from services.enrolment.communes import folded
from services.enrolment.domain.importing import Column
from services.enrolment.spreadsheets.reading import Table

_ALIKE = 86  # of 100: one letter wrong in a word of seven is alike
_LOOKED_THROUGH = 20  # rows: above the header people write titles and dates

_NAMES: Mapping[Column, Sequence[str]] = {
    Column.ORGANISATION_NAME: (
        "raison sociale",
        "entreprise",
        "nom de l entreprise",
        "nom entreprise",
        "societe",
        "nom de la societe",
        "fournisseur",
        "nom du fournisseur",
        "nom fournisseur",
        "denomination",
        "denomination sociale",
        "structure",
        "nom de la structure",
        "etablissement",
        "organisation",
        "organisation name",
        "company",
        "company name",
        "name of the company",
        "supplier",
        "supplier name",
    ),
    Column.SIRET: ("siret", "n siret", "no siret", "numero siret", "numero de siret", "siret number"),
    Column.COMMUNE: ("commune", "ville", "localite", "city", "town"),
    Column.POSTAL_CODE: ("code postal", "cp", "codepostal", "postal code", "postcode", "zip", "zip code"),
    Column.CONTACT_FIRST_NAME: (
        "prenom",
        "prenom du contact",
        "prenom contact",
        "first name",
        "given name",
    ),
    Column.CONTACT_NAME: (
        "contact",
        "nom du contact",
        "nom contact",
        "nom et prenom",
        "prenom et nom",
        "interlocuteur",
        "personne a contacter",
        "responsable",
        "nom",
        "contact name",
        "name of the contact",
        "last name",
        "name",
    ),
    Column.CONTACT_EMAIL: (
        "email",
        "e mail",
        "mail",
        "courriel",
        "adresse mail",
        "adresse email",
        "adresse e mail",
        "adresse electronique",
        "adresse courriel",
        "mail du contact",
        "email du contact",
        "email contact",
        "email address",
        "contact email",
        "e mail address",
        "e mail address of the contact",
    ),
    Column.NAF_CODE: ("naf", "code naf", "ape", "code ape", "code naf ape", "naf code"),
    Column.SIZE: (
        "effectif",
        "effectifs",
        "nombre de salaries",
        "salaries",
        "taille",
        "employees",
        "headcount",
        "size",
    ),
}
# These say whose name it is only when another column holds the company's.
_BARE_NAMES = ("nom", "name")
_DATA = re.compile(r"@|\d{9,}")


@dataclass(frozen=True)
class Layout:
    """``row`` is the header's number in the table from 1; 0 when there is none and columns have letters."""

    row: int
    header: tuple[str, ...]
    columns: Mapping[Column, int]


def layout_of(table: Table) -> Layout:
    """The row that looks most like a header, and what its columns hold as far as that can be guessed."""
    width = max(map(len, table))
    candidates = [(number, row) for number, row in enumerate(table[:_LOOKED_THROUGH], 1) if any(row)]
    guesses = {number: guess_columns(row) for number, row in candidates}
    if not candidates:
        return Layout(0, _letters(width), {})
    best = max(guesses, key=lambda number: (len(guesses[number]), -number))
    if not guesses[best]:
        number, row = candidates[0]
        if any(map(_DATA.search, row)):
            return Layout(0, _letters(width), {})
        best = number
    header = tuple(table[best - 1]) + ("",) * (width - len(table[best - 1]))
    named = tuple(text or letter for text, letter in zip(header, _letters(width), strict=True))
    return Layout(best, named, guesses[best])


def guess_columns(header: Sequence[str]) -> dict[Column, int]:
    """For each kind of content the column whose header is most like one of its names, if one is alike."""
    words = [folded(text) for text in header]
    scores = [
        (_likeness(word, column), column, place)
        for place, word in enumerate(words)
        if word
        for column in Column
    ]
    guess: dict[Column, int] = {}
    for score, column, place in sorted(scores, key=lambda each: (-each[0], each[2])):
        if score >= _ALIKE and column not in guess and place not in guess.values():
            guess[column] = place
    contact = guess.get(Column.CONTACT_NAME)
    if Column.ORGANISATION_NAME not in guess and contact is not None and words[contact] in _BARE_NAMES:
        guess[Column.ORGANISATION_NAME] = guess.pop(Column.CONTACT_NAME)
    return guess


def _likeness(word: str, column: Column) -> float:
    return max(fuzz.ratio(word, name) for name in _NAMES[column])


def _letters(width: int) -> tuple[str, ...]:
    """A, B, …, Z, AA, as spreadsheets name their columns."""
    return tuple(
        (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26) for place in range(width)
    )
