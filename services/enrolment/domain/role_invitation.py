"""Colleagues who are invited into a role: into the team by a manager, into an organisation by its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.chassis.model import Aggregate, Conflict, Gone
from services.enrolment.domain.person import PersonGrant, Role

ROLE_INVITATION_LIFETIME = timedelta(days=14)
# Whoever presses the button again and again does not fill a stranger's mailbox.
MOST_RESENT = 5
RESENT_AFTER = timedelta(minutes=10)

TEAM_ROLES = (Role.MANAGER, Role.ADVISER, Role.JURY, Role.FUNDER)
"""The roles that a manager gives, for a whole programme."""
ORGANISATION_ROLES = (Role.BUYER, Role.SUPPLIER)
"""The roles that the people of an organisation give each other, for that organisation."""


class RoleInvitationState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


@dataclass(eq=False, kw_only=True)
class RoleInvitation(Aggregate):
    """One address is invited into one role. Only the digest of the link's secret is kept."""

    programme: str
    role: Role
    organisation_id: UUID | None
    name: str
    email: str
    locale: str
    inviter_id: UUID
    inviter_name: str
    token_digest: str
    sent_at: datetime
    expires_at: datetime
    sent_count: int = 1
    state: RoleInvitationState = RoleInvitationState.OPEN
    answered_at: datetime | None = None

    @property
    def grant(self) -> PersonGrant:
        """What whoever accepts gets."""
        return PersonGrant(self.role, self.programme, self.organisation_id)

    def check_valid(self, now: datetime) -> None:
        """Raises Gone when it was used or withdrawn or has expired."""
        if self.state is RoleInvitationState.ACCEPTED:
            raise Gone("This invitation has been accepted already. Sign in with your e-mail address.")
        if self.state is RoleInvitationState.WITHDRAWN:
            raise Gone(
                "This invitation was withdrawn. Ask %(name)s if you think that this is a mistake.",
                name=self.inviter_name,
            )
        if now >= self.expires_at:
            raise Gone("This invitation has expired. Ask %(name)s to send it again.", name=self.inviter_name)

    def accept(self, now: datetime) -> None:
        """Raises Gone like ``check_valid``."""
        self.check_valid(now)
        self.state, self.answered_at = RoleInvitationState.ACCEPTED, now

    def send_again(self, token_digest: str, now: datetime) -> None:
        """A new link, which makes the one before useless. Raises Conflict when answered or sent too often."""
        self._check_open()
        if self.sent_count > MOST_RESENT or now < self.sent_at + RESENT_AFTER:
            raise Conflict("This invitation was sent a moment ago, or often enough. Speak to the person.")
        self.token_digest, self.sent_at, self.sent_count = token_digest, now, self.sent_count + 1
        self.expires_at = now + ROLE_INVITATION_LIFETIME

    def withdraw(self, now: datetime) -> None:
        """The link is of no use from now on. Raises Conflict when it was answered."""
        self._check_open()
        self.state, self.answered_at = RoleInvitationState.WITHDRAWN, now

    def _check_open(self) -> None:
        if self.state is not RoleInvitationState.OPEN:
            raise Conflict("This invitation has been answered or withdrawn already.")
