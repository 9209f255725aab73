"""Communes and activity codes of the demonstration, read from the public reference data of enrolment."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Commune:
    """A commune: INSEE code, department code, inhabitants, position in degrees (WGS 84)."""

    code: str
    name: str
    department: str
    population: int
    latitude: float
    longitude: float


def _rows(name: str) -> Iterator[dict[str, str]]:
    source = files("services.enrolment") / "data" / name
    yield from csv.DictReader(source.read_text(encoding="utf-8").splitlines())


@cache
def communes() -> dict[str, Commune]:
    """The communes of Occitanie by INSEE code."""
    return {
        row["insee_code"]: Commune(
            code=row["insee_code"],
            name=row["name"],
            department=row["department"],
            population=int(row["population"]),
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
        )
        for row in _rows("communes-occitanie.csv")
    }


@cache
def activities() -> dict[str, str]:
    """The French labels of the NAF rev. 2 classes by code."""
    return {row["code"]: row["label"] for row in _rows("naf-rev2.csv")}
