"""Whom somebody of the team accompanies, and what follows from it for what they see.

The rule of the house, which everything that shows buyers and suppliers to the team asks:

- a manager sees all buyers and suppliers of their programmes;
- an adviser sees the buyers that are assigned to them, with all that is theirs: applications, people,
  appointments, and their part in the workshops of their cohort;
- an adviser sees the suppliers that one of these buyers has invited, and those that no buyer has invited:
  the chamber's and those who came by themselves are for every adviser of the programme, or nobody would
  accompany them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from services.enrolment.storage.tables import (
    applications,
    assignments,
    supplier_enrolments,
    supplier_inviters,
)


@dataclass(frozen=True)
class Accompanied:
    """``managed`` are programmes seen as a whole; ``followed`` are, for each programme in which the person is
    an adviser only, the organisations of their buyers."""

    managed: tuple[str, ...] = ()
    followed: Mapping[str, frozenset[UUID]] = field(default_factory=dict)

    def includes(self, programme: str, organisation_id: UUID) -> bool:
        """Whether this organisation is one of theirs in the programme."""
        return programme in self.managed or organisation_id in self.followed.get(programme, ())

    def applications(self) -> ColumnElement[bool]:
        """Those applications that the person sees."""
        return or_(
            applications.c.programme.in_(self.managed),
            *(
                and_(applications.c.programme == programme, applications.c.organisation_id.in_(buyers))
                for programme, buyers in self.followed.items()
            ),
        )

    def suppliers(self) -> ColumnElement[bool]:
        """Those enrolments of suppliers that the person sees."""
        by_a_buyer = select(supplier_inviters.c.supplier_id).where(
            supplier_inviters.c.organisation_id.is_not(None)
        )
        return or_(
            false(),
            supplier_enrolments.c.programme.in_(self.managed),
            *(
                and_(
                    supplier_enrolments.c.programme == programme,
                    or_(
                        supplier_enrolments.c.id.in_(
                            by_a_buyer.where(supplier_inviters.c.organisation_id.in_(buyers))
                        ),
                        supplier_enrolments.c.id.not_in(by_a_buyer),
                    ),
                )
                for programme, buyers in self.followed.items()
            ),
        )


def followed_buyers(
    session: Session, adviser_id: UUID, programmes: Iterable[str]
) -> dict[str, frozenset[UUID]]:
    """The organisations that an adviser follows in each of these programmes."""
    query = select(assignments.c.programme, assignments.c.organisation_id).where(
        assignments.c.adviser_id == adviser_id
    )
    found: dict[str, set[UUID]] = {programme: set() for programme in programmes}
    for programme, organisation_id in session.execute(query):
        if programme in found:
            found[programme].add(organisation_id)
    return {programme: frozenset(buyers) for programme, buyers in found.items()}
