"""Which adviser follows which buyer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.model import Aggregate


@dataclass(eq=False, kw_only=True)
class Assignment(Aggregate):
    """A buyer's adviser in a programme. ``adviser_id`` is None while the buyer has none (any more)."""

    programme: str
    organisation_id: UUID
    adviser_id: UUID | None
    assigned_by: UUID | None
    assigned_at: datetime

    def give_to(self, adviser_id: UUID | None, by: UUID | None, now: datetime) -> bool:
        """Let another adviser follow the buyer, or nobody; false when that is so already."""
        if adviser_id == self.adviser_id:
            return False
        self.adviser_id, self.assigned_by, self.assigned_at = adviser_id, by, now
        return True
