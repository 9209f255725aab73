"""A supplier's way through a programme: invited, enrolled, active, dormant, left."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.chassis.model import Aggregate, Conflict, Gone

INVITATION_LIFETIME = timedelta(days=60)


class SupplierState(StrEnum):
    REGISTERED = "registered"
    """Known to the programme, and not invited by anybody yet."""
    INVITED = "invited"
    ENROLLED = "enrolled"
    ACTIVE = "active"
    DORMANT = "dormant"
    LEFT = "left"


@dataclass(eq=False)
class Inviter:
    """Who invited: a buyer, or the chamber (``organisation_id`` is then None)."""

    organisation_id: UUID | None
    organisation_name: str
    invited_at: datetime


@dataclass(eq=False, kw_only=True)
class SupplierEnrolment(Aggregate):
    """One supplier in one programme, whoever invited it and however often.

    ``contact_phone`` is what somebody noted of the contact; a number of their own, people keep themselves.
    ``merged_into`` is the enrolment of the same supplier that counts in its place.
    """

    programme: str
    organisation_id: UUID
    contact_name: str
    contact_email: str
    contact_phone: str | None = None
    contact_locale: str = "fr"
    contact_id: UUID | None = None
    state: SupplierState = SupplierState.INVITED
    invited_by: list[Inviter] = field(default_factory=list)
    invited_at: datetime | None = None
    enrolled_at: datetime | None = None
    merged_into: UUID | None = None

    def invite(self, inviter: Inviter) -> None:
        """Note an invitation; a supplier that had left is invited anew.

        Raises Conflict when the same inviter has invited it before, unless that came to nothing: the link has
        expired, or the supplier has left since.
        """
        before = next(
            (one for one in self.invited_by if one.organisation_id == inviter.organisation_id), None
        )
        if before is None:
            self.invited_by = [*self.invited_by, inviter]
        elif self._came_to_nothing(before, inviter.invited_at):
            before.invited_at = inviter.invited_at
        else:
            raise Conflict("You have invited this supplier already.")
        self.invited_at = self.invited_at or inviter.invited_at
        if self.state in (SupplierState.LEFT, SupplierState.REGISTERED):
            self.state = SupplierState.INVITED

    def learn_contact(self, name: str, email: str, phone: str | None = None) -> bool:
        """Whom to write to, if nobody is known yet, and where to call them; whether anything was news."""
        is_news = not self.contact_email and bool(email)
        if is_news:
            self.contact_name, self.contact_email = name, email
            self.contact_phone = phone or self.contact_phone
        elif phone and self.contact_phone is None and email == self.contact_email:
            self.contact_phone, is_news = phone, True
        return is_news

    def change_contact(self, contact_id: UUID, name: str, email: str, locale: str) -> None:
        """Somebody else of the supplier is written to from now on."""
        if contact_id != self.contact_id and email != self.contact_email:
            self.contact_phone = None
        self.contact_id, self.contact_name = contact_id, name
        self.contact_email, self.contact_locale = email, locale

    def correct_contact(self, name: str, email: str, phone: str | None = None) -> bool:
        """Another name or address, while nobody has accepted; whether the address is another one.

        Raises Conflict afterwards: the link to the address let somebody into the supplier's data.
        """
        if not self.is_waiting:
            raise Conflict("Somebody of this supplier has accepted: its people say whom to write to now.")
        is_another = email != self.contact_email
        self.contact_name, self.contact_email, self.contact_phone = name, email, phone
        return is_another

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has accepted yet."""
        return self.state in (SupplierState.REGISTERED, SupplierState.INVITED)

    @property
    def takes_part(self) -> bool:
        return self.state in (SupplierState.ENROLLED, SupplierState.ACTIVE, SupplierState.DORMANT)

    def enrol(self, contact_id: UUID, name: str, email: str, locale: str, now: datetime) -> bool:
        """The supplier takes part, and this is whom to write to; false when it did already."""
        if not self.is_waiting:
            return False
        self.state, self.enrolled_at = SupplierState.ENROLLED, now
        self.change_contact(contact_id, name, email, locale)
        return True

    def take_over(self, other: SupplierEnrolment) -> None:
        """It is this one that takes part, and not the other, with which it was confused."""
        self.state, self.enrolled_at = other.state, other.enrolled_at
        self.contact_id, self.contact_name = other.contact_id, other.contact_name
        self.contact_email, self.contact_locale = other.contact_email, other.contact_locale
        self.contact_phone = other.contact_phone

    def wait_again(self, contact_name: str, contact_email: str) -> None:
        """Nobody of it has accepted after all."""
        self.state = SupplierState.INVITED if self.invited_by else SupplierState.REGISTERED
        self.contact_id = self.enrolled_at = None
        self.contact_name, self.contact_email, self.contact_phone = contact_name, contact_email, None

    def activate(self) -> bool:
        """The supplier has begun to work; false when that is known or the supplier has left."""
        if self.state not in (SupplierState.INVITED, SupplierState.ENROLLED, SupplierState.DORMANT):
            return False
        self.state = SupplierState.ACTIVE
        return True

    def fall_dormant(self) -> bool:
        """Nothing was heard of it for long; false for one that does not take part."""
        if self.state not in (SupplierState.ENROLLED, SupplierState.ACTIVE):
            return False
        self.state = SupplierState.DORMANT
        return True

    def leave(self) -> None:
        """The supplier stops taking part. Raises Conflict when it has left already."""
        if self.state is SupplierState.LEFT:
            raise Conflict("This supplier has left the programme already.")
        self.state = SupplierState.LEFT

    def come_back(self, *, has_worked: bool) -> None:
        """A supplier that had left is where it was on its way. Raises Conflict when it has not left."""
        if self.state is not SupplierState.LEFT:
            raise Conflict("This supplier has not left the programme.")
        if self.enrolled_at is not None:
            self.state = SupplierState.ACTIVE if has_worked else SupplierState.ENROLLED
        else:
            self.state = SupplierState.INVITED if self.invited_at else SupplierState.REGISTERED

    def _came_to_nothing(self, invitation: Inviter, now: datetime) -> bool:
        if self.state is SupplierState.INVITED:
            return now >= invitation.invited_at + INVITATION_LIFETIME
        return self.state is SupplierState.LEFT


@dataclass(eq=False, kw_only=True)
class Invitation(Aggregate):
    """A link that one supplier was sent. Only the token's digest is kept."""

    supplier_id: UUID
    email: str
    token_digest: str
    expires_at: datetime
    used_at: datetime | None = None

    def check_valid(self, now: datetime) -> None:
        """Raises Gone when it was used or has expired."""
        if self.used_at is not None:
            raise Gone("This invitation has been accepted already. Sign in with your e-mail address.")
        if now >= self.expires_at:
            raise Gone("This invitation has expired. Ask the organisation that invited you for a new one.")

    def end(self, now: datetime) -> None:
        """The link lets nobody in any more."""
        self.expires_at = min(self.expires_at, now)

    def accept(self, now: datetime) -> None:
        """Raises Gone like ``check_valid``."""
        self.check_valid(now)
        self.used_at = now
