"""Suppliers by department, EPCI, sector, size or level; and what of it may be shown to outsiders.

Rule: groups under five are not shown in shared statistics. Leaving a small group out is not enough when the
total stands beside it: the difference gives it away. So small groups are added up, and when their sum is
itself under five, the smallest of the others joins them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.reporting.domain.records import Supplier

SMALLEST_SHARED_GROUP = 5


class Dimension(StrEnum):
    """By what suppliers are grouped."""

    DEPARTMENT = "department"
    EPCI = "epci"
    COMMUNE = "commune"
    SECTOR = "sector"
    SIZE = "size"
    LEVEL = "level"


@dataclass(frozen=True)
class Group:
    """``key`` is the code of the group in its dimension; None holds those of whom it is not known."""

    key: str | None
    count: int


@dataclass(frozen=True)
class Breakdown:
    """The groups, the largest first. ``others`` is the sum of those that are too small to be shown."""

    dimension: Dimension
    groups: tuple[Group, ...]
    others: int = 0

    @property
    def keys(self) -> frozenset[str | None]:
        return frozenset(group.key for group in self.groups)


def group_of(supplier: Supplier, dimension: Dimension) -> str | None:
    """The code of the supplier's group, None where it is not known."""
    if dimension is Dimension.LEVEL:
        level = supplier.latest.level if supplier.latest else None
        return None if level is None else str(level)
    code: str | None = getattr(supplier, dimension.value)
    return code


def break_down(suppliers: Iterable[Supplier], dimension: Dimension, *, shared: bool) -> Breakdown:
    """Count suppliers by group; with ``shared``, as it may be shown to a funder or the public."""
    counts = Counter(group_of(supplier, dimension) for supplier in suppliers)
    groups = sorted(
        (Group(key, count) for key, count in counts.items()),
        key=lambda group: (-group.count, group.key or "~"),
    )
    if not shared:
        return Breakdown(dimension, tuple(groups))
    others = 0
    while groups and (groups[-1].count < SMALLEST_SHARED_GROUP or 0 < others < SMALLEST_SHARED_GROUP):
        others += groups.pop().count
    return Breakdown(dimension, tuple(groups), others)


def only(suppliers: Iterable[Supplier], dimension: Dimension, key: str | None) -> tuple[Supplier, ...]:
    """The suppliers of one group."""
    return tuple(supplier for supplier in suppliers if group_of(supplier, dimension) == key)
