"""One mail to one recipient for one occasion, from the moment it is planned to what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from services.chassis.model import Aggregate, Conflict
from services.notifications.domain.calendar import Delay
from services.notifications.domain.preferences import normalised

RETRY_AFTER = tuple(Delay(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""How long to wait after each delivery that failed for the time being; after the last one we give up."""

FAREWELL = "person-erased"
"""The workflow of the last mail to somebody who is erased."""


class State(StrEnum):
    """``DIGESTED`` is in a weekly digest instead of a mail of its own; the others say what they are."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"
    DIGESTED = "digested"


class Reason(StrEnum):
    """Why a message waits or why it was not sent."""

    NOT_YET = "not_yet"
    OFFICE_HOURS = "office_hours"
    NO_ROOM = "no_room"
    RETRY = "retry"
    WEEKLY_LIMIT = "weekly_limit"
    DIGEST_CHOSEN = "digest_chosen"
    EXPIRED = "expired"
    UNSUBSCRIBED = "unsubscribed"
    NO_ADDRESS = "no_address"
    REASON_GONE = "reason_gone"
    RECIPIENT_GONE = "recipient_gone"
    REFUSED = "refused"
    GAVE_UP = "gave_up"
    UNCERTAIN = "uncertain"
    UNWRITABLE = "unwritable"


@dataclass(frozen=True)
class Recipient:
    """Somebody to write to. ``person_id`` is None for people without an account."""

    person_id: UUID | None
    name: str
    address: str
    locale: str


@dataclass(eq=False, kw_only=True)
class Message(Aggregate):
    """A mail. Its id follows from its occasion and its address, so that planning twice makes one message.

    Urgent ones, for which somebody is waiting, leave first. ``due_at`` is when to try next, ``expires_at``
    when it is too late to be of use. ``reason`` explains the state,
    ``detail`` is what the mail server said. ``digest_id`` is the digest that a digested message is in.
    ``interruptions`` counts deliveries whose end nobody knows, because the process died in them.
    """

    occasion_id: UUID
    workflow: str
    programme: str | None
    cause: UUID
    recipient_id: UUID | None
    name: str
    address: str
    locale: str
    is_urgent: bool = False
    state: State = State.PLANNED
    reason: Reason | None = None
    detail: str | None = None
    planned_at: datetime
    due_at: datetime
    expires_at: datetime
    claimed_at: datetime | None = None
    sent_at: datetime | None = None
    attempts: int = 0
    interruptions: int = 0
    subject_line: str | None = None
    digest_id: UUID | None = None

    @property
    def recipient(self) -> Recipient:
        return Recipient(self.recipient_id, self.name, self.address, self.locale)

    @property
    def is_open(self) -> bool:
        """Whether it may still leave as a mail of its own."""
        return self.state in (State.PLANNED, State.SENDING)

    def is_expired(self, now: datetime) -> bool:
        return now > self.expires_at

    def wait(self, until: datetime, reason: Reason) -> None:
        self._expect(State.PLANNED)
        self.due_at, self.reason = until, reason

    def claim(self, now: datetime) -> None:
        """Take it for delivery."""
        self._expect(State.PLANNED)
        self._become(State.SENDING, None)
        self.claimed_at = now
        self.attempts += 1

    def sent(self, now: datetime, subject_line: str) -> None:
        self._expect(State.SENDING)
        self._become(State.SENT, None)
        self.sent_at, self.subject_line = now, subject_line

    def failed(self, reason: Reason, detail: str) -> None:
        """It will not be tried again."""
        self._expect(State.SENDING)
        self._become(State.FAILED, reason)
        self.detail = detail

    def postpone(self, now: datetime, detail: str) -> None:
        """The delivery failed for the time being: try later, or give up after the last of RETRY_AFTER."""
        self._expect(State.SENDING)
        if self.attempts > len(RETRY_AFTER):
            self.failed(Reason.GAVE_UP, detail)
            return
        self._become(State.PLANNED, Reason.RETRY)
        self.due_at, self.detail = RETRY_AFTER[self.attempts - 1].after(now), detail

    def interrupted(self, now: datetime, *, can_repeat: bool) -> None:
        """The process died while delivering, so the mail may or may not have left.

        With ``can_repeat`` (a transport in which sending twice writes once) it is simply tried again.
        Otherwise it is tried again once, with the same Message-ID, because a missing mail harms more than a
        double one; a second interruption in a row is left to a person.
        """
        self._expect(State.SENDING)
        self.interruptions += 1
        if self.interruptions > 1 and not can_repeat:
            self._become(State.FAILED, Reason.UNCERTAIN)
        else:
            self._become(State.PLANNED, Reason.RETRY)
            self.due_at = now

    def suppress(self, reason: Reason) -> None:
        """It must not be sent (any more), although its reason stands."""
        self._expect(State.PLANNED)
        self._become(State.SUPPRESSED, reason)

    def cancel(self, reason: Reason) -> None:
        """Nobody needs it any more. A message that is on its way or has arrived stays what it is."""
        self._expect(State.PLANNED, State.DIGESTED)
        self._become(State.CANCELLED, reason)

    def reopen(self) -> None:
        """Its reason is back: a buyer who had left stays after all."""
        self._expect(State.CANCELLED)
        self._become(State.PLANNED, None)

    def digest(self, digest_id: UUID, reason: Reason) -> None:
        """It goes into that weekly digest instead."""
        self._expect(State.PLANNED)
        self._become(State.DIGESTED, reason)
        self.digest_id = digest_id

    def forget_recipient(self, name: str, address: str) -> None:
        """What it says of its recipient is replaced; it stays to be counted."""
        self.recipient_id, self.name, self.address, self.detail = None, name, address, None

    def retry(self, now: datetime, expires_at: datetime) -> None:
        """A person asks for another try of what failed or was too late."""
        if self.state is not State.FAILED and self.reason is not Reason.EXPIRED:
            raise Conflict("Only a message that failed or came too late can be sent again.")
        self._become(State.PLANNED, Reason.RETRY)
        self.due_at, self.expires_at, self.attempts, self.interruptions = now, expires_at, 0, 0

    def _become(self, state: State, reason: Reason | None) -> None:
        self.state, self.reason, self.detail = state, reason, None

    def _expect(self, *states: State) -> None:
        if self.state not in states:
            raise Conflict("This message is on its way, or has been dealt with already.")


def message_id(occasion_id: UUID, address: str) -> UUID:
    """The id of the one message that an occasion gives an address."""
    return uuid5(occasion_id, normalised(address))
