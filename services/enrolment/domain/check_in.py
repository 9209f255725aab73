"""The code by which people in the room confirm that they are there. It changes: no picture of it lasts."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from services.chassis.model import Conflict, Gone
from services.enrolment.domain.workshop import Workshop, WorkshopState

CODE_LIFETIME = timedelta(minutes=2)
# The code before is taken too: somebody may be about to press the button when the picture changes.
_CODES_TAKEN = 2
_EARLIEST = timedelta(hours=1)
_LATEST = timedelta(hours=1)


def current_code(secret: str, workshop_id: UUID, now: datetime) -> str:
    """The code that the room's screen shows now, signed with the service's secret."""
    return _code(secret, workshop_id, _window(now))


def check_code(secret: str, workshop: Workshop, code: str, now: datetime) -> None:
    """Raises Gone for a code that is not of these minutes, Conflict when nobody can check in now."""
    if workshop.state is not WorkshopState.SCHEDULED:
        raise Conflict("This workshop is over or cancelled.")
    if not workshop.starts_at - _EARLIEST <= now <= workshop.ends_at + _LATEST:
        raise Conflict("You can confirm your presence from an hour before until an hour after the workshop.")
    taken = (_code(secret, workshop.id, _window(now) - age) for age in range(_CODES_TAKEN))
    if not any(hmac.compare_digest(code.encode(), each.encode()) for each in taken):
        raise Gone("This code is no longer shown. Scan the one that is on the screen now.")


def _window(now: datetime) -> int:
    return int(now.timestamp() // CODE_LIFETIME.total_seconds())


def _code(secret: str, workshop_id: UUID, window: int) -> str:
    message = f"check-in/{workshop_id}/{window}".encode()
    return hmac.new(secret.encode(), message, sha256).hexdigest()[:20]
