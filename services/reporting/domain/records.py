"""What reporting knows of a programme at one instant: its buyers and suppliers as far as they have come.

The records are read models: other services own the truth, these hold what the newest event of each said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, kw_only=True)
class Programme:
    """A programme with its targets: buyers to enrol, suppliers to assess. None where none is set."""

    slug: str
    name: str
    buyer_target: int | None = None
    supplier_target: int | None = None


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """A yearly group of buyers; ``capacity`` is its target."""

    id: UUID
    label: str
    state: str
    capacity: int


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """A buyer's application. ``enrolled_at`` is the instant at which its agreement was signed."""

    id: UUID
    organisation_id: UUID
    name: str
    cohort: str
    legal_form: str
    state: str
    enrolled_at: datetime | None = None

    @property
    def takes_part(self) -> bool:
        """Enrolled, now or until its cohort was completed; a buyer that left is not counted."""
        return self.state in {"enrolled", "completed"}


@dataclass(frozen=True, kw_only=True)
class ThemeScore:
    """The score (0 to 100) of one theme of an assessment; None without data."""

    key: str
    label: str
    score: float | None


@dataclass(frozen=True, kw_only=True)
class Trust:
    """How sure a score is: the shares (0 to 1) that are declared, evidenced and verified."""

    declared: float
    evidenced: float
    verified: float


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """One état des lieux of a supplier. ``score`` is 0 to 100, ``level`` 1 to 5; None without data."""

    id: UUID
    state: str
    started_at: datetime | None = None
    submitted_at: datetime | None = None
    validated_at: datetime | None = None
    score: float | None = None
    level: int | None = None
    themes: tuple[ThemeScore, ...] = ()
    trust: Trust | None = None


@dataclass(frozen=True, kw_only=True)
class Supplier:
    """A supplier's way through the programme.

    ``commune`` and ``epci`` are INSEE and SIREN codes, ``sector`` a letter of NAF rev. 2 (A to U), ``size`` a
    band of people ("1-9"). Positions are degrees (WGS 84). ``inviters`` are the buyers that invited it.
    Everything that is not known is None.
    """

    id: UUID
    organisation_id: UUID
    name: str
    state: str
    siret: str | None = None
    commune: str | None = None
    epci: str | None = None
    department: str | None = None
    sector: str | None = None
    size: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    invited_at: datetime | None = None
    enrolled_at: datetime | None = None
    inviters: frozenset[UUID] | None = None
    assessments: tuple[Assessment, ...] = ()

    def is_for(self, buyers: Collection[UUID]) -> bool:
        """Whether one of these buyers invited it, or no buyer at all."""
        return self.inviters is not None and (not self.inviters or not self.inviters.isdisjoint(buyers))

    @cached_property
    def submitted(self) -> tuple[Assessment, ...]:
        """The assessments that are submitted now, the first one first."""
        done = (assessment for assessment in self.assessments if assessment.submitted_at)
        return tuple(sorted(done, key=lambda assessment: assessment.submitted_at or datetime.max))

    @property
    def latest(self) -> Assessment | None:
        """The newest submitted assessment: the one whose level and scores count."""
        return self.submitted[-1] if self.submitted else None


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """A supplier shows its result to a buyer. ``active`` is false once it has been taken back."""

    id: UUID
    supplier_id: UUID
    buyer_id: UUID
    active: bool
    granted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """A person of a buyer who had a place in a workshop that was held, and whether they were there."""

    id: UUID
    organisation_id: UUID
    cohort: str
    starts_at: datetime
    present: bool


@dataclass(frozen=True, kw_only=True)
class Period:
    """From ``first`` to ``last`` day, both included, in Paris; None leaves that end open."""

    first: date | None = None
    last: date | None = None

    def has(self, instant: datetime | None) -> bool:
        """Whether the instant lies in the period. Without bounds also one that is not known does."""
        if self.first is None and self.last is None:
            return True
        if instant is None:
            return False
        day = instant.astimezone(PARIS).date()
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


EVER = Period()


@dataclass(frozen=True, kw_only=True)
class State:
    """A programme as reporting knows it at ``now``.

    ``seen`` counts the facts of each event type in the period that is looked at: without any fact of its kind
    a figure has no value.
    """

    programme: Programme
    now: datetime
    cohorts: tuple[Cohort, ...] = ()
    buyers: tuple[Buyer, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    sharings: tuple[Sharing, ...] = ()
    attendances: tuple[Attendance, ...] = ()
    seen: Mapping[str, int] = field(default_factory=dict)

    def observed(self, event_types: Iterable[str]) -> bool:
        """Whether anything of these kinds has happened."""
        return any(self.seen.get(event_type) for event_type in event_types)

    def of_suppliers(self, suppliers: Iterable[Supplier]) -> State:
        """The same with these suppliers only."""
        kept = tuple(suppliers)
        known = {supplier.organisation_id for supplier in kept}
        sharings = tuple(sharing for sharing in self.sharings if sharing.supplier_id in known)
        return replace(self, suppliers=kept, sharings=sharings)

    def of_buyers(self, buyers: Collection[UUID]) -> State:
        """The same as an adviser sees it who follows these buyers: them, and the suppliers that they or no
        buyer invited. The programme's targets are for all its buyers and do not apply.
        """
        followed = tuple(buyer for buyer in self.buyers if buyer.organisation_id in buyers)
        in_cohort = Counter(buyer.cohort for buyer in followed)
        seen = self.of_suppliers(each for each in self.suppliers if each.is_for(buyers))
        return replace(
            seen,
            programme=replace(self.programme, buyer_target=None, supplier_target=None),
            buyers=followed,
            cohorts=tuple(
                replace(cohort, capacity=in_cohort[cohort.label])
                for cohort in self.cohorts
                if cohort.label in in_cohort
            ),
            sharings=tuple(each for each in seen.sharings if each.buyer_id in buyers),
            attendances=tuple(each for each in self.attendances if each.organisation_id in buyers),
        )

    def of_cohort(self, label: str) -> State:
        """The same with the buyers of one cohort only, and those of them who came to its workshops."""
        return replace(
            self,
            buyers=tuple(buyer for buyer in self.buyers if buyer.cohort == label),
            attendances=tuple(each for each in self.attendances if each.cohort == label),
        )
