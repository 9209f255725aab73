"""What somebody has begun to write for an application and has not handed in yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from services.chassis.model import Aggregate, Conflict

# Whoever types a stranger's address again and again does not fill the stranger's mailbox.
LINK_SENT_AGAIN_AFTER = timedelta(hours=1)


@dataclass(eq=False, kw_only=True)
class ApplicationDraft(Aggregate):
    """One person's draft for one cohort: the form as typed, right or wrong, complete or not.

    Whoever has the personal link that went to ``email`` may write on, and whoever has signed in with that
    address.
    """

    programme: str
    cohort_id: UUID
    email: str
    locale: str = "fr"
    typed: Mapping[str, str] = field(default_factory=dict)
    saved_at: datetime | None = None
    link_sent_at: datetime | None = None
    submitted_at: datetime | None = None
    reminded_at: datetime | None = None

    @property
    def application_id(self) -> UUID:
        """The id of the application that it becomes, so that it becomes no more than one."""
        return uuid5(self.id, "application")

    @property
    def is_open(self) -> bool:
        return self.submitted_at is None

    def write(self, typed: Mapping[str, str], now: datetime) -> None:
        """Keep what was typed. Raises Conflict when it has been handed in."""
        self.check_open()
        self.typed, self.saved_at = dict(typed), now

    def send_link(self, now: datetime) -> bool:
        """Whether the personal link goes out now; false when it did a moment ago."""
        if self.link_sent_at is not None and now - self.link_sent_at < LINK_SENT_AGAIN_AFTER:
            return False
        self.link_sent_at = now
        return True

    def hand_in(self, now: datetime) -> None:
        """Raises Conflict when it has been handed in before."""
        self.check_open()
        self.submitted_at = now

    def check_open(self) -> None:
        """Raises Conflict when it has been handed in."""
        if not self.is_open:
            raise Conflict("This application has been handed in: it can no longer be changed here.")


@dataclass(eq=False, kw_only=True)
class Attachment:
    """A file that answers a question of the call. ``application_id`` may be a draft. ``size`` in bytes."""

    id: UUID
    application_id: UUID
    question: str
    name: str
    media_type: str
    size: int
    added_at: datetime
