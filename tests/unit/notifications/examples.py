"""Messages, workflows and moments from which the tests start."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.notifications.domain.calendar import Delay, OfficeHours
from services.notifications.domain.message import Message
from services.notifications.domain.workflow import Audience, Workflow

THURSDAY = datetime(2026, 3, 12, 13, 32, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 14, 13, 32, tzinfo=UTC)
MONDAY_OPENING = datetime(2026, 3, 16, 7, 30, tzinfo=UTC)
NO_HOLIDAYS = OfficeHours(lambda _: False)


def a_workflow(**changes: Any) -> Workflow:
    values: dict[str, Any] = {
        "key": "news",
        "label": {"fr": "Nouvelles", "en": "News"},
        "triggers": ("enrolment.supplier.invited",),
        "audiences": (Audience(contact="contact"),),
        "link": "/somewhere",
        "expires_after": Delay(days=7),
    }
    return Workflow(**values | changes)


def a_message(**changes: Any) -> Message:
    values: dict[str, Any] = {
        "id": UUID(int=1),
        "occasion_id": UUID(int=2),
        "workflow": "news",
        "programme": "cesar",
        "cause": UUID(int=3),
        "recipient_id": None,
        "name": "Bruno Faïsse",
        "address": "bruno@maraicher.example",
        "locale": "fr",
        "planned_at": THURSDAY,
        "due_at": THURSDAY,
        "expires_at": Delay(days=7).after(THURSDAY),
    }
    return Message(**values | changes)
