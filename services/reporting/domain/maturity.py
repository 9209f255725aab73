"""How mature the assessed suppliers are, theme by theme, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from services.reporting.domain.groups import SMALLEST_SHARED_GROUP
from services.reporting.domain.records import Supplier, Trust


@dataclass(frozen=True)
class ThemeMean:
    """The mean score (0 to 100) of a theme over ``suppliers`` suppliers; None without data or hidden."""

    key: str
    label: str
    mean: float | None
    suppliers: int


def theme_means(suppliers: Iterable[Supplier], *, shared: bool) -> tuple[ThemeMean, ...]:
    """The means over the latest submitted assessment of each supplier, in the order of the questionnaire.

    With ``shared`` a mean over fewer than five is hidden.
    """
    labels: dict[str, str] = {}
    scores: dict[str, list[float]] = {}
    for supplier in suppliers:
        for theme in supplier.latest.themes if supplier.latest else ():
            labels.setdefault(theme.key, theme.label)
            scores.setdefault(theme.key, [])
            if theme.score is not None:
                scores[theme.key].append(theme.score)
    fewest = SMALLEST_SHARED_GROUP if shared else 1
    return tuple(
        ThemeMean(key, label, fmean(scores[key]) if len(scores[key]) >= fewest else None, len(scores[key]))
        for key, label in labels.items()
    )


def mean_trust(suppliers: Iterable[Supplier], *, shared: bool) -> Trust | None:
    """The mean shares of each degree of trust; None without data or, with ``shared``, from too few."""
    known = [supplier.latest.trust for supplier in suppliers if supplier.latest and supplier.latest.trust]
    if len(known) < (SMALLEST_SHARED_GROUP if shared else 1):
        return None
    return Trust(
        declared=fmean(trust.declared for trust in known),
        evidenced=fmean(trust.evidenced for trust in known),
        verified=fmean(trust.verified for trust in known),
    )
