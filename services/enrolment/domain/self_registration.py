"""A supplier who comes by itself: the address is confirmed first, and no organisation is given away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.chassis.model import Aggregate, Conflict, Gone

SELF_REGISTRATION_LIFETIME = timedelta(days=2)
# As many wait for one address: whoever writes a stranger's address into the form does not fill the mailbox.
MOST_OPEN_SELF_REGISTRATIONS = 3


@dataclass(eq=False, kw_only=True)
class SelfRegistration(Aggregate):
    """What a supplier wrote into the public form. Nothing comes of it before the address is confirmed."""

    programme: str
    organisation_name: str
    siret: str | None
    commune: str | None
    contact_name: str
    contact_email: str
    locale: str
    token_digest: str
    expires_at: datetime
    confirmed_at: datetime | None = None

    def check_valid(self, now: datetime) -> None:
        """Raises Gone when it was confirmed before or has expired."""
        if self.confirmed_at is not None:
            raise Gone("This link has been used already. Sign in with your e-mail address.")
        if now >= self.expires_at:
            raise Gone("This link has expired. Fill in the form again.")

    def confirm(self, now: datetime) -> None:
        """Raises Gone like ``check_valid``."""
        self.check_valid(now)
        self.confirmed_at = now


class JoinState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    DECLINED = "declined"


@dataclass(eq=False, kw_only=True)
class JoinRequest(Aggregate):
    """Somebody says that they are of an organisation that is registered already; the team decides.

    ``application_id`` is the application that they handed in with its SIRET, if that is how they said so.
    """

    programme: str
    organisation_id: UUID
    name: str
    email: str
    locale: str
    asked_at: datetime
    application_id: UUID | None = None
    state: JoinState = JoinState.OPEN
    decided_by: UUID | None = None
    decided_at: datetime | None = None

    def decide(self, *, granted: bool, by: UUID, now: datetime) -> None:
        """Raises Conflict when somebody else was faster."""
        if self.state is not JoinState.OPEN:
            raise Conflict("Somebody has answered this request already.")
        self.state = JoinState.GRANTED if granted else JoinState.DECLINED
        self.decided_by, self.decided_at = by, now
