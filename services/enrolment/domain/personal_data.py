"""What a person may ask about their data: a copy of all of it, or to be erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.chassis.model import Aggregate, Conflict, DomainError, Gone

HOLDERS = ("enrolment", "assessment", "notifications", "reporting")
"""The services that hold personal data: each answers, however long it was down."""

EXPORT_LIFETIME = timedelta(days=7)
CONFIRMATION_LIFETIME = timedelta(days=7)
ANSWERED_WITHIN = timedelta(days=30)
"""A month, as the law has it (GDPR, article 12, paragraph 3), in its shorter form."""
LATE_AFTER = timedelta(minutes=15)
"""A service that is at work erases within seconds; after this it fails, or is down."""


@dataclass(eq=False, kw_only=True)
class PersonExport(Aggregate):
    """A copy of somebody's data. Its pieces can be read as long as there is ``private_key``."""

    person_id: UUID
    asked_by: UUID
    asked_at: datetime
    expires_at: datetime
    public_key: str
    private_key: str | None
    ready_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return self.private_key is not None and now < self.expires_at

    def check_fetchable(self, now: datetime) -> None:
        """Raises Gone when it has expired, Conflict while a service has not answered yet."""
        if not self.is_open(now):
            raise Gone("This copy has expired. You can ask for a new one.")
        if self.ready_at is None:
            raise Conflict("This copy is not complete yet.")

    def expire(self) -> None:
        """Throw the key away: what was sealed for it can no longer be read by anybody."""
        self.private_key = None


class ErasureState(StrEnum):
    ASKED = "asked"
    """Asked, and not yet confirmed by the link that went to the person's address."""
    CONFIRMED = "confirmed"
    """Confirmed by the person; a manager decides."""
    ERASING = "erasing"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(eq=False, kw_only=True)
class PersonErasure(Aggregate):
    """Somebody's wish to be erased, and what became of it."""

    person_id: UUID
    programme: str | None
    asked_by: UUID
    asked_at: datetime
    token_digest: str
    expires_at: datetime
    state: ErasureState = ErasureState.ASKED
    confirmed_at: datetime | None = None
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    reason: str | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether something still comes of it. A link that was not used in time ends it."""
        if self.state is ErasureState.ASKED:
            return now < self.expires_at
        return self.state in (ErasureState.CONFIRMED, ErasureState.ERASING)

    @property
    def answer_due(self) -> datetime | None:
        """When the team has answered at the latest; None before the person has confirmed."""
        return self.confirmed_at + ANSWERED_WITHIN if self.confirmed_at else None

    def late_since(self, now: datetime) -> datetime | None:
        """Since when a service should have erased and has not, if so: somebody has to look at it."""
        if self.state is not ErasureState.ERASING or self.decided_at is None:
            return None
        return self.decided_at if now >= self.decided_at + LATE_AFTER else None

    def check_valid(self, now: datetime) -> None:
        """Raises Gone when the link has been used or has expired."""
        if self.state is not ErasureState.ASKED:
            raise Gone("This link has been used already.")
        if now >= self.expires_at:
            raise Gone("This link has expired. Ask again on the page “My data”.")

    def confirm(self, now: datetime) -> None:
        """The person means it. Raises Gone like ``check_valid``."""
        self.check_valid(now)
        self.state, self.confirmed_at = ErasureState.CONFIRMED, now

    def grant(self, by: UUID, now: datetime) -> None:
        """Raises Conflict unless it waits for a decision."""
        self._decide(ErasureState.ERASING, by, now, None)

    def decline(self, by: UUID, now: datetime, reason: str) -> None:
        """Raises Conflict like ``grant``, DomainError without a reason, which the law asks for (12(4))."""
        if not reason.strip():
            raise DomainError("Say why the data have to be kept.", field="reason")
        self._decide(ErasureState.DECLINED, by, now, reason.strip())

    def withdraw(self, now: datetime) -> None:
        """The person has thought again. Raises Conflict once it was decided."""
        if self.state not in (ErasureState.ASKED, ErasureState.CONFIRMED):
            raise Conflict("This request has been decided already.")
        self.state, self.decided_at = ErasureState.WITHDRAWN, now

    def finish(self) -> None:
        """Every service has answered."""
        self.state = ErasureState.DONE

    def _decide(self, state: ErasureState, by: UUID, now: datetime, reason: str | None) -> None:
        if self.state is not ErasureState.CONFIRMED:
            raise Conflict("This request does not wait for a decision. Load the page again.")
        self.state, self.decided_by, self.decided_at, self.reason = state, by, now, reason
