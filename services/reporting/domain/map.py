"""The map of the territory, drawn from positions alone: a dot for each commune, a disc for its suppliers.

The projection is equirectangular with the scale of the middle latitude: over one or two departments it is
off by less than a pixel.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians, sqrt

from services.reporting.domain.groups import Breakdown
from services.reporting.domain.records import Supplier

WIDTH = 640
_MARGIN = 24
_LARGEST_RADIUS = 26
_SMALLEST_RADIUS = 4
# The map shows the departments that together hold so much of the suppliers; a few far away do not shrink it.
_HOME_SHARE = 0.8


@dataclass(frozen=True)
class Commune:
    """A commune: INSEE code, EPCI (SIREN; None outside any), inhabitants, position in degrees (WGS 84)."""

    code: str
    name: str
    department: str
    epci: str | None
    epci_name: str
    population: int
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Disc:
    """The suppliers of one place, ``count`` of them; the surface of the disc goes with the count."""

    key: str
    x: float
    y: float
    radius: float
    count: int


@dataclass(frozen=True)
class Map:
    """A drawing of ``width`` by ``height`` units.

    ``ground`` are the communes of the territory, ``around`` those of its neighbours. ``outside`` counts the
    suppliers that are not on the map.
    """

    width: int
    height: int
    ground: tuple[tuple[float, float], ...]
    around: tuple[tuple[float, float], ...]
    discs: tuple[Disc, ...]
    outside: int


def draw_map(
    suppliers: Iterable[Supplier],
    places: Breakdown,
    positions: Mapping[str, tuple[float, float]],
    communes: Iterable[Commune],
) -> Map | None:
    """The suppliers at their ``places``; ``positions`` gives latitude and longitude of each place by its key.

    None when no supplier's department is known, or nothing of it may be shown.
    """
    home = _home_departments(suppliers)
    ground: list[Commune] = []
    others: list[Commune] = []
    for commune in communes:
        (ground if commune.department in home else others).append(commune)
    if not ground or not places.groups:
        return None
    south, north = (pick(commune.latitude for commune in ground) for pick in (min, max))
    west, east = (pick(commune.longitude for commune in ground) for pick in (min, max))
    shrink = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * _MARGIN) / max((east - west) * shrink, 0.01)

    def place(latitude: float, longitude: float) -> tuple[float, float]:
        return (
            round(_MARGIN + (longitude - west) * shrink * scale, 1),
            round(_MARGIN + (north - latitude) * scale, 1),
        )

    height = round(2 * _MARGIN + (north - south) * scale)
    most = max(group.count for group in places.groups)
    discs, outside = [], places.others
    for group in places.groups:
        position = positions.get(group.key or "")
        x, y = place(*position) if position else (-1.0, -1.0)
        if not (0 <= x <= WIDTH and 0 <= y <= height):
            outside += group.count
            continue
        radius = max(_SMALLEST_RADIUS, round(_LARGEST_RADIUS * sqrt(group.count / most), 1))
        discs.append(Disc(group.key or "", x, y, radius, group.count))
    points = tuple(place(commune.latitude, commune.longitude) for commune in ground)
    near = (place(commune.latitude, commune.longitude) for commune in others)
    around = tuple((x, y) for x, y in near if 0 <= x <= WIDTH and 0 <= y <= height)
    return Map(WIDTH, height, points, around, tuple(discs), outside)


def _home_departments(suppliers: Iterable[Supplier]) -> frozenset[str]:
    counts = Counter(supplier.department for supplier in suppliers if supplier.department)
    home: set[str] = set()
    held = 0
    for department, count in counts.most_common():
        if held >= _HOME_SHARE * counts.total():
            break
        home.add(department)
        held += count
    return frozenset(home)


def centres(communes: Iterable[Commune]) -> dict[str, tuple[float, float]]:
    """Where an EPCI is put on the map: the middle of its communes, each weighing as its inhabitants."""
    sums: dict[str, tuple[float, float, int]] = {}
    for commune in communes:
        if commune.epci:
            latitude, longitude, people = sums.get(commune.epci, (0.0, 0.0, 0))
            weight = max(commune.population, 1)
            sums[commune.epci] = (
                latitude + weight * commune.latitude,
                longitude + weight * commune.longitude,
                people + weight,
            )
    return {
        epci: (latitude / people, longitude / people) for epci, (latitude, longitude, people) in sums.items()
    }
