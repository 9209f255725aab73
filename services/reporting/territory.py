"""The territory: communes, EPCIs and departments by their codes, from the public reference data."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from services.reporting.domain.map import Commune, centres


@cache
def communes() -> Mapping[str, Commune]:
    """All communes by INSEE code."""
    return {
        row["insee_code"]: Commune(
            code=row["insee_code"],
            name=row["name"],
            department=row["department"],
            epci=row["epci_siren"] or None,
            epci_name=row["epci_name"],
            population=int(row["population"] or 0),
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
        )
        for row in _rows("communes-occitanie.csv")
    }


@cache
def department_names() -> Mapping[str, str]:
    """The departments by code."""
    return {row["code"]: row["name"] for row in _rows("departments.csv")}


@cache
def epci_names() -> Mapping[str, str]:
    """The EPCIs by SIREN."""
    return {commune.epci: commune.epci_name for commune in communes().values() if commune.epci}


@cache
def epci_centres() -> Mapping[str, tuple[float, float]]:
    """Latitude and longitude of each EPCI, by SIREN."""
    return centres(communes().values())


def epci_of(commune_code: str | None) -> str | None:
    """The SIREN of the EPCI of a commune; None for a commune that is not known here."""
    commune = communes().get(commune_code or "")
    return commune.epci if commune else None


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("services.reporting") / "data" / name).read_text("utf-8")
    return iter(csv.DictReader(text.splitlines()))
