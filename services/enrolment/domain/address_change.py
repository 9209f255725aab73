"""Somebody's new e-mail address: asked for, confirmed from it, and undone from the one before.

The address is all that signs a person in, so that whoever changes it takes the account over. That is why the
new one has to show that it is read, the one before is told at once and can undo it for a week, and only
somebody who is signed in as the person can confirm: a link that went to a mistyped address opens nothing.
Source: OWASP Authentication Cheat Sheet, "Change A User's Registered Email Address".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.chassis.model import Aggregate, Conflict, Gone

CONFIRMATION_LIFETIME = timedelta(hours=4)
OBJECTION_LIFETIME = timedelta(days=7)
# Each request writes to an address that may be a stranger's.
MOST_A_DAY = 5


class AddressChangeState(StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    """Taken back by the person, or replaced by a later request."""
    OBJECTED = "objected"
    """Whoever reads the address before has said that it was not them."""


@dataclass(eq=False, kw_only=True)
class AddressChange(Aggregate):
    """One request. ``is_taken``: the new address has an account already, of which only its owner is told.

    Such a request looks like any other to the one who asks, and nobody has the link that confirms it.
    """

    person_id: UUID
    former_email: str
    new_email: str
    token_digest: str
    asked_at: datetime
    expires_at: datetime
    is_taken: bool = False
    state: AddressChangeState = AddressChangeState.ASKED
    confirmed_at: datetime | None = None

    @property
    def objection_until(self) -> datetime:
        return (self.confirmed_at or self.asked_at) + OBJECTION_LIFETIME

    def is_waiting(self, now: datetime) -> bool:
        """Whether the link to the new address can still be used."""
        return self.state is AddressChangeState.ASKED and now < self.expires_at

    def check_waiting(self, now: datetime) -> None:
        """Raises Gone when the link is of no use any more."""
        if self.state is AddressChangeState.CONFIRMED:
            raise Gone("This link has been used already.")
        if self.state is not AddressChangeState.ASKED:
            raise Gone("This change was stopped. You can ask again on the page “My profile”.")
        if now >= self.expires_at:
            raise Gone("This link has expired. You can ask again on the page “My profile”.")

    def confirm(self, now: datetime) -> None:
        """Raises Gone like ``check_waiting``."""
        self.check_waiting(now)
        self.state, self.confirmed_at = AddressChangeState.CONFIRMED, now

    def cancel(self) -> None:
        """Raises Conflict unless it is still asked for."""
        if self.state is not AddressChangeState.ASKED:
            raise Conflict("No change of address waits for a confirmation.")
        self.state = AddressChangeState.CANCELLED

    def check_can_be_objected_to(self, now: datetime) -> None:
        """Raises Gone when it is too late."""
        if now >= self.objection_until:
            raise Gone("This link has expired. Write to the team of your programme.")

    def object_to(self, now: datetime) -> bool:
        """Whether it changes anything: a second click does not. Raises Gone when it is too late."""
        self.check_can_be_objected_to(now)
        if self.state is AddressChangeState.OBJECTED:
            return False
        self.state = AddressChangeState.OBJECTED
        return True


def masked(email: str) -> str:
    """An address as whoever knows it recognises it, and nobody else learns it: "c…@mairie.example"."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"
