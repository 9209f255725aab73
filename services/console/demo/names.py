"""Names of the simulated suppliers and of their people, made from the words in ``data/vocabulary.yaml``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from .cast import Person


@dataclass(frozen=True)
class Trade:
    """What a supplier does. ``sizes`` are the likelihoods of the three bands of ``SIZES``."""

    key: str
    naf: str
    weight: int
    rural: bool
    sizes: tuple[int, int, int]
    names: tuple[str, ...]


SIZES = ("1-9", "10-49", "50-249")


def _load(name: str) -> Any:
    return yaml.safe_load((files(__package__) / "data" / name).read_text(encoding="utf-8"))


@cache
def _vocabulary() -> Any:
    return _load("vocabulary.yaml")


@cache
def trades() -> tuple[Trade, ...]:
    """The trades of the demonstration, in the order of the file."""
    return tuple(
        Trade(
            key=row["key"],
            naf=row["naf"],
            weight=row["weight"],
            rural=row["rural"],
            sizes=tuple(row["sizes"]),
            names=tuple(row["names"]),
        )
        for row in _load("trades.yaml")
    )


@cache
def emblems() -> tuple[str, ...]:
    """Every emblem ("de la Capitelle Dorée") once."""
    words = _vocabulary()
    return tuple(
        f"{noun['words']} {adjective[noun['gender']]}"
        for noun in words["emblems"]
        for adjective in words["adjectives"]
    )


def emblem_domain(emblem: str) -> str:
    """The mail domain of the supplier with this emblem ("capitelle-doree.example")."""
    without_article = re.sub(r"^(de la|de l’|du) ?", "", emblem)
    return f"{ascii_slug(without_article)}.example"


def invent_person(rng: Random, domain: str) -> Person:
    """Somebody with a plausible French name and an address under ``domain``."""
    words = _vocabulary()
    given, family = rng.choice(words["given_names"]), rng.choice(words["family_names"])
    return Person(f"{given} {family}", f"{ascii_slug(given)}.{ascii_slug(family)}@{domain}")


def ascii_slug(words: str) -> str:
    """Lower case, without accents, hyphens between words: what an address can hold."""
    spelled = words.lower().replace("œ", "oe").replace("æ", "ae")
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
