"""What happened to a supplier beyond its present invitations and its acceptance, as its page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

# A link sent again makes the one before worthless, so that it is not done by the hour.
SENT_AGAIN_AFTER = timedelta(days=1)


class SupplierDeed(StrEnum):
    """``INVITED`` is an earlier invitation by somebody who has invited it anew since."""

    INVITED = "invited"
    LINK_EXPIRED = "link_expired"
    INVITED_AGAIN = "invited_again"
    CONTACT_CORRECTED = "contact_corrected"
    DETAILS_CORRECTED = "details_corrected"
    ACTIVATED = "activated"
    FELL_DORMANT = "fell_dormant"
    LEFT = "left"
    RETURNED = "returned"
    NOT_DELIVERED = "not_delivered"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(eq=False, kw_only=True)
class SupplierLogEntry:
    """``by`` is the person who did it; None for what happened by itself. ``reason`` is for the team alone."""

    supplier_id: UUID
    what: SupplierDeed
    happened_at: datetime
    by: UUID | None = None
    reason: str = ""
