"""The weekly digest: one mail with everything that was not worth, or not allowed, a mail of its own."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from services.notifications.domain.calendar import PARIS, OfficeHours
from services.notifications.domain.message import Message, Reason, Recipient, message_id
from services.notifications.domain.occasion import Occasion
from services.notifications.domain.preferences import preferences_id
from services.notifications.domain.workflow import Workflow

WEEKLY_DIGEST = "weekly-digest"
"""The key of the workflow that no event starts: its trigger is that something waits for it."""

_NAMESPACE = uuid5(NAMESPACE_URL, "notifications/digest")


def next_digest(
    recipient: Recipient, workflow: Workflow, office_hours: OfficeHours, now: datetime
) -> tuple[Occasion, Message]:
    """The digest of an address for the week after ``now``, as it is planned for the first thing in it.

    The ids depend on the address and the week only, so that everything of one week finds the same digest.
    It belongs to no programme: it may hold news of several.
    """
    due_at = office_hours.next_week(now)
    week = due_at.astimezone(PARIS).strftime("%G-%V")
    occasion_id = uuid5(_NAMESPACE, f"{preferences_id(recipient.address)}/{week}")
    expires_at = workflow.expires_after.after(due_at)
    occasion = Occasion(
        id=occasion_id,
        workflow=workflow.key,
        programme=None,
        subject_id=occasion_id,
        cause=occasion_id,
        occurred_at=now,
        sequence=0,
        values={},
        open_until=expires_at,
    )
    message = Message(
        id=message_id(occasion_id, recipient.address),
        occasion_id=occasion_id,
        workflow=workflow.key,
        programme=None,
        cause=occasion_id,
        recipient_id=recipient.person_id,
        name=recipient.name,
        address=recipient.address,
        locale=recipient.locale,
        reason=Reason.NOT_YET,
        planned_at=now,
        due_at=due_at,
        expires_at=expires_at,
    )
    return occasion, message
