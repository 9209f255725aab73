"""The workshops and appointments of the demonstration: what is past, with who came, and what is planned.

Cohort 2023 had its workshops from February to April and has had appointments since. The cohort 2024 has its
workshops still before it, at dates that follow the present, so that the agenda is never empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from .cast import BUYERS, Buyer, Person
from .contacts import NEVER_CAME, WITHOUT_ADVISER, WITHOUT_APPOINTMENT
from .lives import PARIS
from .names import invent_person

ROOM = "CCI Hérault, salle Méditerranée"
VIDEO = "https://visio.example/cesar"
# How many in ten of those registered come.
_COME = 9


@dataclass(frozen=True)
class Guest:
    """Somebody of a buyer with a place in a workshop, and whether they came."""

    buyer: Buyer
    person: Person
    came: bool


@dataclass(frozen=True)
class Workshop:
    key: str
    cohort: str
    title: str
    theme: str
    starts_at: datetime
    ends_at: datetime
    place: str | None
    description: str
    guests: tuple[Guest, ...] = ()


@dataclass(frozen=True)
class Announcement:
    """The workshop is scheduled; those who want to come register within days."""

    at: datetime
    workshop: Workshop


@dataclass(frozen=True)
class Gathering:
    """The workshop takes place, its attendance is noted and it is closed."""

    at: datetime
    workshop: Workshop


@dataclass(frozen=True)
class Following:
    """Each buyer is given an adviser, the number of whom is its place in the staff."""

    at: datetime
    buyer: Buyer
    adviser: int


@dataclass(frozen=True)
class Consultation:
    """A time that an adviser publishes and the buyer books; ``report`` once it has taken place."""

    at: datetime
    buyer: Buyer
    adviser: int
    starts_at: datetime
    subject: str
    report: str | None


@dataclass(frozen=True)
class Opening:
    """An hour at which an adviser can be booked, in as many weeks."""

    at: datetime
    adviser: int
    starts_at: datetime
    weeks: int


MeetingStep = Announcement | Gathering | Following | Consultation | Opening

_PAST = (
    (date(2023, 2, 9), "Cartographier ses achats", "Analyse des achats",
     "Apportez l’export de vos factures des douze derniers mois."),
    (date(2023, 2, 23), "Rencontrer les fournisseurs du territoire", "Sourçage local",
     "Avec une visite du marché de gros de Montpellier."),
    (date(2023, 3, 16), "Écrire des critères qui comptent", "Critères dans les marchés",
     "Venez avec un cahier des charges en cours d’écriture."),
    (date(2023, 3, 30), "Mesurer ses progrès", "Indicateurs",
     "Nous choisirons ensemble trois indicateurs par organisation."),
    (date(2023, 4, 13), "Innover avec ses fournisseurs", "Innovation",
     "Trois entreprises locales racontent ce qu’elles ont changé."),
)  # fmt: skip
_PLANNED = (
    (21, "Cartographier ses achats", "Analyse des achats"),
    (35, "Rencontrer les fournisseurs du territoire", "Sourçage local"),
    (49, "Écrire des critères qui comptent", "Critères dans les marchés"),
)
_SUBJECTS = (
    (
        "Relire le cahier des charges de la restauration",
        "Deux critères environnementaux, pondérés à 20 %.",
    ),
    (
        "Préparer la rencontre avec les fournisseurs",
        "Douze fournisseurs locaux à inviter avant l’été.",
    ),
    ("Choisir les indicateurs de l’année", "Suivi du délai de paiement et de la part d’achats locaux."),
)


def meeting_steps(today: date, seed: int) -> Iterator[MeetingStep]:
    """All that happened before ``today`` begins; what is planned was announced some days ago."""
    rng = Random(f"cesar:{seed}:meetings")
    guests = tuple(_guests(rng))
    for number, (day, title, theme, description) in enumerate(_PAST):
        workshop = Workshop(
            f"2023-{number}", "2023", title, theme, _at(day, 9), _at(day, 12, 30), ROOM, description,
            tuple(
                Guest(each.buyer, each.person, rng.randrange(10) < _COME and each.buyer.key != NEVER_CAME)
                for each in guests
            ),
        )  # fmt: skip
        yield Announcement(_at(max(day - timedelta(days=21), date(2023, 2, 3)), 10), workshop)
        yield Gathering(_at(day, 12, 40), workshop)
    for number, (days, title, theme) in enumerate(_PLANNED):
        day = _working_day(today + timedelta(days=days))
        workshop = Workshop(
            f"2024-{number}", "2024", title, theme, _at(day, 9), _at(day, 12, 30), ROOM,
            "Le programme détaillé suivra.",
        )  # fmt: skip
        yield Announcement(_at(today - timedelta(days=1), 10), workshop)
    yield from _consultations(today)
    for adviser in range(2):
        day = _working_day(today + timedelta(days=8 + adviser))
        yield Opening(_at(today - timedelta(days=1), 12), adviser, _at(day, 14), weeks=4)


def _guests(rng: Random) -> Iterator[Guest]:
    """The contact of each buyer of the cohort 2023, and from every other one a colleague."""
    for number, buyer in enumerate(each for each in BUYERS if each.cohort == "2023"):
        yield Guest(buyer, buyer.contact, True)
        if number % 2:
            yield Guest(buyer, invent_person(rng, f"{buyer.key}.example"), True)


def _consultations(today: date) -> Iterator[MeetingStep]:
    for number, buyer in enumerate(each for each in BUYERS if each.cohort == "2023"):
        adviser = number % 2
        if buyer.key != WITHOUT_ADVISER:
            yield Following(_at(date(2023, 2, 6), 11), buyer, adviser)
        if buyer.key in WITHOUT_APPOINTMENT:
            continue
        subject, report = _SUBJECTS[number % len(_SUBJECTS)]
        day = date(2023, 5, 9) + timedelta(days=7 * number)
        yield Consultation(_at(day - timedelta(days=10), 11), buyer, adviser, _at(day, 14), subject, report)
        if number < 4:
            to_come = _working_day(today + timedelta(days=6 + 3 * number))
            yield Consultation(
                _at(today - timedelta(days=1), 11, number), buyer, adviser, _at(to_come, 10), subject, None
            )


def _working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)
