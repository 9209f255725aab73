"""Three hundred simulated suppliers: who they are, where, and what happened to them.

They are invented: names are a trade and an emblem drawn from a word list, people and addresses are made up,
and only those who submitted their état des lieux carry a SIRET, which is synthetic (see
``synthetic_siret``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from random import Random

from .cast import Person
from .lives import FATES, Fate, Life, draw_life
from .names import SIZES, Trade, ascii_slug, emblem_domain, emblems, invent_person, trades
from .synthetic_siret import synthetic_siret
from .territory import Commune, communes

SUPPLIER_COUNT = sum(FATES.values())

# How many suppliers of a hundred sit in each department: Hérault and its neighbours.
_DEPARTMENTS = {"34": 84, "30": 8, "11": 4, "12": 2, "81": 2}
# A farm settles outside the towns: inhabitants beyond this number do not make a commune more likely.
_RURAL_CEILING = 4_000


@dataclass(frozen=True)
class Supplier:
    """A simulated supplier.

    ``temperament`` (0 beginner to 1 exemplary) decides its answers, see ``leaning``.
    """

    key: str
    name: str
    trade: str
    naf_code: str
    size: str
    siret: str | None
    commune: Commune
    contact: Person
    temperament: float
    life: Life
    simulated: bool = True


def make_suppliers(today: date, seed: int = 34) -> tuple[Supplier, ...]:
    """The simulated suppliers as they stand at the beginning of ``today``, by first invitation.

    Who they are depends on the seed alone; their dates stretch to ``today``. Raises ``ValueError`` before
    1 January 2025: the story needs both cohorts and a year more behind it.
    """
    if today < date(2025, 1, 1):
        raise ValueError("the demonstration begins on 1 January 2025")
    shuffle = Random(f"cesar:{seed}")
    fates = shuffle.sample([fate for fate, number in FATES.items() for _ in range(number)], SUPPLIER_COUNT)
    marks = shuffle.sample(emblems(), SUPPLIER_COUNT)
    made = (
        _make_supplier(Random(f"cesar:{seed}:{number}"), number, fate, mark, today)
        for number, (fate, mark) in enumerate(zip(fates, marks, strict=True))
    )
    return tuple(sorted(made, key=lambda supplier: supplier.life.invitations[0].at))


def leaning(supplier: Supplier, question: str) -> float:
    """How far (0..1) the supplier goes on a question of any referential, by the question's key.

    The supplier's temperament with a deviation of its own for each question; always the same for the same
    two. To answer, take the choice whose rank in the question's scale is nearest to it.
    """
    digest = hashlib.sha256(f"{supplier.key}:{question}".encode()).digest()
    deviation = (digest[0] + digest[1] - 255) / 255
    return min(1.0, max(0.0, supplier.temperament + 0.45 * deviation))


def _make_supplier(rng: Random, number: int, fate: Fate, emblem: str, today: date) -> Supplier:
    trade = rng.choices(trades(), weights=[trade.weight for trade in trades()])[0]
    commune = _choose_commune(rng, trade)
    size = rng.choices(SIZES, weights=trade.sizes)[0]
    name = f"{rng.choice(trade.names)} {emblem}"
    contact = invent_person(rng, emblem_domain(emblem))
    temperament = round(rng.betavariate(2.2, 2.4), 3)
    life = draw_life(rng, fate, today)
    return Supplier(
        key=ascii_slug(name),
        name=name,
        trade=trade.key,
        naf_code=trade.naf,
        size=size,
        siret=synthetic_siret(number) if life.submitted_at else None,
        commune=commune,
        contact=contact,
        temperament=temperament,
        life=life,
    )


def _choose_commune(rng: Random, trade: Trade) -> Commune:
    department = rng.choices(list(_DEPARTMENTS), weights=list(_DEPARTMENTS.values()))[0]
    places = [commune for commune in communes().values() if commune.department == department]
    ceiling = _RURAL_CEILING if trade.rural else max(place.population for place in places)
    return rng.choices(places, weights=[min(place.population, ceiling) for place in places])[0]
