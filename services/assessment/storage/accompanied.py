"""Whose assessments somebody of the team sees.

The rule is enrolment's, and the same in every service: a manager sees all suppliers of their programmes; an
adviser those that one of their buyers has invited, and those that no buyer has invited. Who follows whom is
learnt from enrolment's events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, false, or_, select
from sqlalchemy.orm import Session

from services.assessment.storage.tables import adviser_assignments, assessments, suppliers


@dataclass(frozen=True)
class Accompanied:
    """``managed`` are programmes seen as a whole, None all of them; ``followed`` are, for each programme in
    which the person is an adviser only, the organisations of their buyers."""

    managed: tuple[str, ...] | None = ()
    followed: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)

    def assessments(self) -> ColumnElement[bool] | None:
        """Those assessments that the person sees; None is no limit."""
        if self.managed is None:
            return None
        return or_(
            false(),
            assessments.c.programme.in_(self.managed),
            *(
                and_(
                    assessments.c.programme == programme,
                    assessments.c.organisation_id.in_(
                        select(suppliers.c.organisation_id).where(
                            suppliers.c.programme == programme, _is_for(buyers)
                        )
                    ),
                )
                for programme, buyers in self.followed.items()
            ),
        )


def followed_buyers(session: Session, adviser_id: UUID, programme: str) -> tuple[UUID, ...]:
    """The organisations that an adviser follows in a programme."""
    table = adviser_assignments
    query = select(table.c.organisation_id).where(
        table.c.adviser_id == adviser_id, table.c.programme == programme
    )
    return tuple(session.scalars(query))


def _is_for(buyers: tuple[UUID, ...]) -> ColumnElement[bool]:
    """Invited by one of these buyers, or by none. Inviters are a JSON list; ids are found in its text."""
    inviters = cast(suppliers.c.invited_by, Text)
    return or_(inviters == "[]", *(inviters.contains(str(buyer)) for buyer in buyers))
