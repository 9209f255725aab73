"""What becomes of a message at the moment it is due: the last check before it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notifications.domain.calendar import OfficeHours
from services.notifications.domain.message import Message, Reason
from services.notifications.domain.preferences import Choice, Preferences
from services.notifications.domain.workflow import Importance, Workflow


@dataclass(frozen=True)
class Digest:
    """It may not leave by itself: it belongs into its recipient's next weekly digest."""

    reason: Reason


def decide(
    message: Message,
    workflow: Workflow,
    preferences: Preferences,
    *,
    state: Mapping[str, Any],
    office_hours: OfficeHours,
    at_any_hour: bool = False,
    is_digest: bool = False,
    now: datetime,
) -> Digest | None:
    """Move a due message on: to ``sending`` if it may leave now, else to what it has to wait for.

    ``state`` is the latest known state of what the message is about. Returns Digest, and leaves the message
    as it is, when it has to go into the weekly digest; a digest itself waits for room instead.
    """
    if message.is_expired(now):
        message.suppress(Reason.EXPIRED)
    elif not workflow.reason_stands(state):
        message.cancel(Reason.REASON_GONE)
    elif workflow.is_transactional:
        message.claim(now)
    elif workflow.is_optional and preferences.choice is Choice.NOTHING:
        message.suppress(Reason.UNSUBSCRIBED)
    elif not at_any_hour and not office_hours.is_open(now):
        message.wait(office_hours.next_open(now), Reason.OFFICE_HOURS)
    elif not workflow.is_optional:
        message.claim(now)
    elif is_digest or message.attempts:
        # What has been tried before was counted then; it only has to stay within the limit as a whole.
        _leave_when_there_is_room(message, preferences, now)
    elif preferences.choice is Choice.DIGEST:
        return Digest(Reason.DIGEST_CHOSEN)
    elif preferences.room_from(now, workflow.importance) > now:
        return Digest(Reason.WEEKLY_LIMIT)
    else:
        _leave(message, preferences, now)
    return None


def _leave_when_there_is_room(message: Message, preferences: Preferences, now: datetime) -> None:
    room_from = preferences.room_from(now, Importance.HIGH, besides=message.id)
    if room_from > now:
        message.wait(room_from, Reason.NO_ROOM)
    else:
        _leave(message, preferences, now)


def _leave(message: Message, preferences: Preferences, now: datetime) -> None:
    preferences.count(message.id, now)
    message.claim(now)
