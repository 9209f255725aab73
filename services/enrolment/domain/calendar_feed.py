"""The secret address at which a person's calendar program finds their workshops and appointments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(eq=False, kw_only=True)
class CalendarFeed:
    """One address of one person, who has at most one. Only the token's digest is kept."""

    person_id: UUID
    token_digest: str
    made_at: datetime
