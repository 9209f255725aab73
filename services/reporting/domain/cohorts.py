"""Buyers cohort by cohort: how many places are filled, by public and by private buyers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.reporting.domain.records import Buyer, Cohort


@dataclass(frozen=True)
class CohortCount:
    """Buyers enrolled in one cohort against its ``capacity``."""

    label: str
    state: str
    capacity: int
    public: int
    private: int

    @property
    def enrolled(self) -> int:
        return self.public + self.private


def count_by_cohort(cohorts: Iterable[Cohort], buyers: Iterable[Buyer]) -> tuple[CohortCount, ...]:
    """The cohorts by label, which is their year."""
    enrolled = [buyer for buyer in buyers if buyer.takes_part]
    return tuple(
        CohortCount(
            label=cohort.label,
            state=cohort.state,
            capacity=cohort.capacity,
            public=sum(b.cohort == cohort.label and b.legal_form == "public" for b in enrolled),
            private=sum(b.cohort == cohort.label and b.legal_form != "public" for b in enrolled),
        )
        for cohort in sorted(cohorts, key=lambda cohort: cohort.label)
    )
