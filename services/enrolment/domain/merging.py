"""Two organisations that turn out to be one, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.model import Conflict


@dataclass(eq=False, kw_only=True)
class Merge:
    """Organisation ``merged_id`` is organisation ``kept_id``.

    ``moved`` remembers what was moved or filled in, so that all of it can be put back.
    """

    id: UUID
    programme: str
    kept_id: UUID
    merged_id: UUID
    merged_by: UUID
    merged_at: datetime
    moved: dict[str, Any]
    undone_by: UUID | None = None
    undone_at: datetime | None = None

    def undo(self, by: UUID, now: datetime) -> None:
        """Raises Conflict when it was undone before."""
        if self.undone_at is not None:
            raise Conflict("This merge has been undone already.")
        self.undone_by, self.undone_at = by, now
