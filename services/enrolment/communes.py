"""The communes of Occitanie: code, name, department and position, from the public reference data."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from services.chassis.model import DomainError

_ALIKE = 75  # of 100: with the postal code beside it, a name need not be spelt well
_LIKELY_MEANT = 80
_WRITTEN_OUT = {"st": "saint", "ste": "sainte"}


@dataclass(frozen=True, slots=True)
class Commune:
    """``code`` is INSEE's. ``postal_codes`` are separated by spaces. Position in degrees (WGS 84)."""

    code: str
    name: str
    postal_codes: str
    department: str
    latitude: float
    longitude: float


@cache
def communes() -> Mapping[str, Commune]:
    """All communes by INSEE code."""
    text = (files("services.enrolment") / "data" / "communes-occitanie.csv").read_text("utf-8")
    return {
        row["insee_code"]: Commune(
            row["insee_code"],
            row["name"],
            row["postal_codes"],
            row["department"],
            float(row["latitude"]),
            float(row["longitude"]),
        )
        for row in csv.DictReader(text.splitlines())
    }


def parse_commune(text: str) -> Commune:
    """The commune that somebody typed. Raises DomainError like a form needs it; see ``find_commune``."""
    found = find_commune(text)
    if found is None:
        raise no_such_commune(text)
    return found


def no_such_commune(text: str) -> DomainError:
    """What to say of a place that is not found, with the commune that may have been meant."""
    if meant := _likely_meant(folded(text)):
        return DomainError(
            "No commune of Occitanie is called “%(commune)s”. Did you mean “%(meant)s”?",
            field="commune",
            commune=text,
            meant=f"{meant.name} ({meant.department})",
        )
    return DomainError(
        "No commune of Occitanie is called “%(commune)s”, or several are: then add the department, "
        "as in “Mauguio (34)”.",
        field="commune",
        commune=text,
    )


def find_commune(text: str) -> Commune | None:
    """The commune that somebody typed by its name, its postal code or both; None when that fits none or many.

    “Saint-Jean-de-Védas”, “st jean de vedas”, “Saint-Jean-de-Védas (34)” and “34430” are the same. INSEE's
    code is not looked at, since it would be taken for a postal code: 34270 is the one of Saint-Jean-de-Védas
    and the other of Saint-Mathieu-de-Tréviers.
    """
    words = folded(text).split()
    postal_codes = [word for word in words if len(word) == 5 and word.isdigit()]
    name = " ".join(word for word in words if word not in postal_codes)
    candidates = _by_name().get(name, ()) if name else tuple(communes().values())
    fitting = [each for each in candidates if all(code in each.postal_codes.split() for code in postal_codes)]
    return fitting[0] if words and len(fitting) == 1 else None


def nearest_commune(text: str, postal_code: str) -> Commune | None:
    """The commune whose name was meant in spite of a slip; None when none of that postal code is alike."""
    near = _by_postal_code().get(postal_code, ())
    names = [folded(each.name) for each in near]
    meant = process.extractOne(folded(text), names, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return near[meant[2]] if meant else None


def is_postal_code(text: str) -> bool:
    """Whether a commune of Occitanie has it."""
    return text in _by_postal_code()


def folded(text: str) -> str:
    """Lower case, without accents and hyphens, with "Saint" written out."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("œ", "oe")
    letters = "".join(
        " " if not char.isalnum() else char for char in plain if not unicodedata.combining(char)
    )
    return " ".join(_WRITTEN_OUT.get(word, word) for word in letters.split())


@lru_cache(maxsize=10_000)  # a file has the same few places again and again
def _likely_meant(name: str) -> Commune | None:
    by_name = _by_name()
    meant = process.extractOne(name, by_name.keys(), scorer=fuzz.ratio, score_cutoff=_LIKELY_MEANT)
    communes_meant = by_name[meant[0]] if meant else ()
    return communes_meant[0] if len(communes_meant) == 1 else None


@cache
def _by_postal_code() -> Mapping[str, tuple[Commune, ...]]:
    found: dict[str, tuple[Commune, ...]] = {}
    for commune in communes().values():
        for code in commune.postal_codes.split():
            found[code] = (*found.get(code, ()), commune)
    return found


@cache
def _by_name() -> Mapping[str, tuple[Commune, ...]]:
    found: dict[str, tuple[Commune, ...]] = {}
    for commune in communes().values():
        for key in (folded(commune.name), f"{folded(commune.name)} {commune.department}"):
            found[key] = (*found.get(key, ()), commune)
    return found
