"""How the team keeps in touch with the buyers of the running cohort: numbers, calls and notes.

Not everybody moves at the same pace: some buyers have been silent for weeks, one has no adviser yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from .cast import BUYERS, Buyer
from .lives import PARIS

WITHOUT_ADVISER = "clermontais"
NEVER_CAME = "genvia"
WITHOUT_APPOINTMENT = frozenset({"technilum", "clermontais"})


@dataclass(frozen=True)
class Calling:
    """Somebody of the team calls the buyer's contact, and what they note of it."""

    at: datetime
    buyer: Buyer
    outcome: str
    note: str
    next_on: date | None = None


@dataclass(frozen=True)
class Noting:
    at: datetime
    buyer: Buyer
    text: str


@dataclass(frozen=True)
class Numbering:
    """The number of the buyer's contact becomes known. It is one that is kept for fiction."""

    at: datetime
    buyer: Buyer
    number: str


ContactStep = Calling | Noting | Numbering


def contact_steps(today: date) -> Iterator[ContactStep]:
    running = {buyer.key: buyer for buyer in BUYERS if buyer.cohort == "2023"}
    for number, buyer in enumerate(running.values()):
        # Source: Arcep, décision 2018-0881: numbers that are given to nobody, for films and the like.
        yield Numbering(_at(today, 60), buyer, f"04 65 71 {number + 20} {10 + 7 * number:02}")
    yield Calling(
        _at(today, 12),
        running["genvia"],
        "not_reached",
        "Répondeur ; message laissé.",
        today - timedelta(days=5),
    )
    yield Calling(
        _at(today, 40), running["technilum"], "reached", "En plein déménagement, à rappeler à l’automne."
    )
    yield Calling(
        _at(today, 6),
        running["caf-herault"],
        "done",
        "Le cahier des charges de la restauration part ce mois-ci.",
    )
    yield Noting(
        _at(today, 13),
        running["genvia"],
        "La responsable des achats est en congé ; son remplaçant ne connaît pas encore le programme.",
    )
    yield Noting(
        _at(today, 30), running["stim"], "Hésite à ouvrir ses marchés : parler du retour de Biotope."
    )


def _at(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(15, 10), PARIS).astimezone(UTC)
