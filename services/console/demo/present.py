"""What waits for somebody today: an open call whose jury reads, and suppliers who need a look.

All of it is invented, and its dates go with the day on which the demonstration begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from .cast import COHORTS, Buyer, Cohort, Person
from .lives import PARIS
from .suppliers import Supplier
from .synthetic_siret import synthetic_siret

OPEN_COHORT = COHORTS[-1].label
_OPEN_FOR = timedelta(weeks=5)
_FIRST_FREE_SIRET = 90_000


def _applicant(key: str, name: str, legal_form: str, contact: str, commune_code: str) -> Buyer:
    return Buyer(key, name, legal_form, OPEN_COHORT, Person(contact, f"achats@{key}.example"), commune_code)


APPLICANTS = (
    _applicant(
        "hautes-garrigues", "CC des Hautes Garrigues (simulée)", "public", "Agathe Montfalcon", "34276"
    ),
    _applicant("val-dourbie", "Commune de Val-Dourbie (simulée)", "public", "Régis Calmels", "34079"),
    _applicant("clinique-aresquiers", "Clinique des Aresquiers (simulée)", "private", "Salomé Vic", "34108"),
    _applicant("vins-caroux", "Les Vins du Caroux (simulés)", "private", "Aymeric Fabre", "34032"),
)


@dataclass(frozen=True)
class Reading:
    """The jury has begun to read: some members are done with some applications."""

    at: datetime


@dataclass(frozen=True)
class Listing:
    """The chamber uploads a list of suppliers: some rows are wrong, and one looks like a known supplier."""

    at: datetime
    file_name: str
    table: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Joining:
    """Somebody registers for a supplier that others have registered: the team has to answer."""

    at: datetime
    supplier: Supplier
    person: Person


PresentStep = Reading | Listing | Joining


def call_opening(today: date) -> tuple[datetime, Cohort]:
    """When the call of the last cohort opened, and the cohort with the days of its year."""
    opens = today - timedelta(days=15)
    closes = opens + _OPEN_FOR
    cohort = replace(
        COHORTS[-1],
        call_opens_on=opens,
        call_closes_on=closes,
        decided_on=closes + timedelta(weeks=3),
        started_on=closes + timedelta(weeks=6),
        ends_on=closes + timedelta(weeks=50),
    )
    return _at(opens, 9), cohort


def applying(today: date) -> Iterator[tuple[datetime, Buyer]]:
    """Who applied when; the last of them only yesterday, so that nobody has read it yet."""
    for buyer, days in zip(APPLICANTS, (11, 9, 6, 1), strict=True):
        yield _at(today - timedelta(days=days), 10), buyer


def present_steps(today: date, suppliers: Sequence[Supplier]) -> Iterator[PresentStep]:
    yield Reading(_at(today - timedelta(days=4), 14))
    listed_at, joined_at = _at(today - timedelta(days=2), 11), _at(today - timedelta(days=1), 16)
    known = [each for each in suppliers if each.siret and each.life.enrolled_at and not each.life.left_at]
    yield Listing(listed_at, "fournisseurs-salon-2026.xlsx", _table(_invited_before(known, listed_at)))
    joined = _invited_before(known[1:], joined_at)
    colleague = Person("Élodie Sanvic", f"e.sanvic@{joined.contact.email.partition('@')[2]}")
    yield Joining(joined_at, joined, colleague)


def _invited_before(suppliers: Sequence[Supplier], instant: datetime) -> Supplier:
    return next(each for each in suppliers if each.life.invitations[0].at < instant)


def _table(known: Supplier) -> tuple[tuple[str, ...], ...]:
    """A list as somebody brings it back from a fair, with one supplier whom the programme has already."""
    return (
        ("Rencontres d’affaires – contacts pris sur le stand",),
        ("Entreprise", "SIRET", "Ville", "Contact", "Mail", "Effectif"),
        (f"{known.name} SARL", "", known.commune.name, "", f"stand@{known.key}.example", ""),
        (
            "Savonnerie de l’Arnel (simulée)",
            synthetic_siret(_FIRST_FREE_SIRET),
            "Mauguio",
            "Maëlle Roc",
            "maelle@arnel.example",
            "6",
        ),
        ("Menuiserie Pech Redon (simulée)", "", "Agde", "Théo Valat", "theo@pech-redon.example", "14"),
        ("Traiteur des Halles (simulé)", "12345678901234", "Sète", "", "traiteur@halles.example", ""),
        ("Rucher du Salagou (simulé)", "", "Clermont-l’Hérault", "Ana Puig", "ana.rucher-salagou", "2"),
        ("", "", "Lodève", "Contact sans entreprise", "lodeve@contact.example", ""),
    )


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), PARIS).astimezone(UTC)
