"""Sharing: what one supplier lets one buyer see of one assessment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.chassis.model import Aggregate, Conflict, DomainError


class Scope(StrEnum):
    """The parts that can be shared, each decided on its own."""

    LEVEL = "level"
    THEMES = "themes"
    ANSWERS = "answers"
    PROOFS = "proofs"


@dataclass(eq=False, kw_only=True)
class Sharing(Aggregate):
    """One supplier's decision about one buyer. An empty scope shares nothing."""

    programme: str
    assessment_id: UUID
    supplier_organisation_id: UUID
    supplier_name: str
    buyer_organisation_id: UUID
    buyer_name: str
    scope: frozenset[Scope] = field(default_factory=frozenset)
    granted_at: datetime | None = None
    revoked_at: datetime | None = None

    def allows(self, part: Scope) -> bool:
        return part in self.scope

    def grant(self, parts: Iterable[Scope], now: datetime) -> bool:
        """Share exactly ``parts`` from now on; false when that is the case already.

        Raises DomainError when nothing is chosen, or proofs without the answers that they prove.
        """
        scope = frozenset(parts)
        if not scope:
            raise DomainError("Choose at least one thing to share, or stop sharing.", field="scope")
        if Scope.PROOFS in scope and Scope.ANSWERS not in scope:
            raise DomainError(
                "A proof is read together with its answer: share the answers as well.", field="scope"
            )
        if scope == self.scope:
            return False
        self.scope, self.granted_at, self.revoked_at = scope, now, None
        return True

    def revoke(self, now: datetime) -> None:
        """Share nothing any more. Raises Conflict when nothing is shared."""
        if not self.scope:
            raise Conflict("Nothing is shared with this buyer.")
        self.scope, self.revoked_at = frozenset(), now
