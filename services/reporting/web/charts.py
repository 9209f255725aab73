"""Breakdowns and the map as the page's components want them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from services.chassis.web.formatting import format_number
from services.reporting.domain.groups import Breakdown, Dimension, Group, break_down
from services.reporting.domain.indicators import Indicator
from services.reporting.domain.map import WIDTH, Disc, Map, draw_map
from services.reporting.domain.records import State, Supplier
from services.reporting.territory import communes, epci_centres
from services.reporting.web.audience import Audience
from services.reporting.web.wording import UNKNOWN_GROUP, group_label

Series = list[dict[str, Any]]


@dataclass(frozen=True)
class Chart:
    """Bars of one dimension. ``hidden`` counts the suppliers of groups too small to be shown, ``more`` the
    groups that were left out to keep the chart short."""

    dimension: Dimension
    series: Series
    hidden: int
    more: int
    href: str


@dataclass(frozen=True)
class Place:
    """A place of the map with its words."""

    label: str
    count: int
    href: str


@dataclass(frozen=True)
class Label:
    """The name of a place beside its disc; ``anchor`` as SVG has it, so that it stays on the drawing."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class TerritoryMap:
    """The drawing with its words: ``places`` in the order of its discs, names for the largest."""

    drawing: Map
    ground: str
    around: str
    places: list[Place]
    labels: list[Label]


def chart(
    suppliers: Iterable[Supplier],
    dimension: Dimension,
    audience: Audience,
    indicator: Indicator,
    *,
    most: int | None = None,
) -> Chart:
    """The suppliers behind an indicator by group; each bar leads to the facts of its group."""
    found = break_down(suppliers, dimension, shared=audience.shared)
    groups = _in_order(found)
    shown = groups if most is None else groups[:most]
    return Chart(
        dimension,
        [_bar(group, dimension, audience, indicator) for group in shown],
        found.others,
        len(groups) - len(shown),
        url_for("indicators.indicator", key=indicator.key, programme=audience.programme.slug, by=dimension),
    )


def territory(state: State, audience: Audience, indicator: Indicator) -> TerritoryMap | None:
    """The suppliers on the map: by commune for the team, by EPCI for outsiders."""
    dimension = Dimension.EPCI if audience.shared else Dimension.COMMUNE
    found = break_down(state.suppliers, dimension, shared=audience.shared)
    positions: Mapping[str, tuple[float, float]] = (
        epci_centres()
        if audience.shared
        else {code: (commune.latitude, commune.longitude) for code, commune in communes().items()}
    )
    drawing = draw_map(state.suppliers, found, positions, communes().values())
    if drawing is None:
        return None
    places = [
        Place(
            group_label(dimension, disc.key),
            disc.count,
            group_address(Group(disc.key, disc.count), dimension, audience, indicator),
        )
        for disc in drawing.discs
    ]
    labels = _labels(zip(drawing.discs, places, strict=True))
    return TerritoryMap(drawing, _dots(drawing.ground), _dots(drawing.around), places, labels)


def _dots(points: Iterable[tuple[float, float]]) -> str:
    """A path of lines of no length, drawn with round ends: a tenth of the bytes of as many circles."""
    return "".join(f"M{x:.0f} {y:.0f}h0" for x, y in points)


_MOST_LABELS = 7
_LETTER, _LINE = 7.6, 17  # the size of a letter and of a line on the drawing, roughly


def _labels(places: Iterable[tuple[Disc, Place]]) -> list[Label]:
    """The names of the largest places, as far as they do not run into one another."""
    labels: list[Label] = []
    taken: list[tuple[float, float, float]] = []
    for disc, place in places:
        width = len(place.label) * _LETTER
        # Towards the middle of the drawing, so that the name stays on it.
        on_the_right = disc.x < WIDTH / 2
        x = disc.x + (disc.radius + 5) * (1 if on_the_right else -1)
        left, right = (x, x + width) if on_the_right else (x - width, x)
        if any(left < end and start < right and abs(disc.y - y) < _LINE for start, end, y in taken):
            continue
        taken.append((left, right, disc.y))
        labels.append(Label(place.label, round(x, 1), disc.y + 5, "start" if on_the_right else "end"))
        if len(labels) == _MOST_LABELS:
            break
    return labels


def group_address(group: Group, dimension: Dimension, audience: Audience, indicator: Indicator) -> str:
    """The page of an indicator for one group only."""
    return url_for(
        "indicators.indicator",
        key=indicator.key,
        programme=audience.programme.slug,
        by=dimension,
        group=group.key or UNKNOWN_GROUP,
    )


def _bar(group: Group, dimension: Dimension, audience: Audience, indicator: Indicator) -> dict[str, Any]:
    return {
        "label": group_label(dimension, group.key),
        "value": group.count,
        "display": format_number(group.count),
        "href": group_address(group, dimension, audience, indicator),
    }


_SIZES = ("0", "1-9", "10-49", "50-249", "250+")


def _in_order(found: Breakdown) -> list[Group]:
    """Levels and sizes in their own order, everything else by number; what is not known comes last."""
    groups = list(found.groups)
    if found.dimension is Dimension.LEVEL:
        groups.sort(key=lambda group: group.key or "~")
    elif found.dimension is Dimension.SIZE:
        groups.sort(key=lambda group: _SIZES.index(group.key) if group.key in _SIZES else len(_SIZES))
    return sorted(groups, key=lambda group: group.key is None)
