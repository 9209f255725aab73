"""Where somebody is signed in, and the programs that act for them: listed, and ended when they say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.chassis.model import Aggregate, Conflict, DomainError
from services.enrolment.domain.person import Person, PersonGrant, Role

SIGN_IN_LIFETIME = timedelta(hours=12)
# Who sees nobody's data but their own, on their own telephone, need not ask for a link each morning.
SUPPLIERS_SIGN_IN_LIFETIME = timedelta(days=30)
LONGEST_TOKEN_LIFETIME = timedelta(days=366)
MOST_TOKENS = 20
# After so long an ended session is of no use to anybody.
KEPT_AFTER_END = timedelta(days=30)


class SessionKind(StrEnum):
    BROWSER = "browser"
    PROGRAM = "program"
    """An API token."""


class SignInWay(StrEnum):
    """How somebody showed who they are."""

    LINK = "link"
    OPENID = "openid"
    INVITATION = "invitation"
    TOKEN = "token"


@dataclass(eq=False, kw_only=True)
class UserSession(Aggregate):
    """One sign-in of a person, or one API token. It has one end, however often it is shown.

    ``label`` is the device in words, or the name that a token was given. ``grants`` are those of a token; a
    sign-in has all that the person has. ``acting_for`` is the organisation that was chosen.
    """

    person_id: UUID
    kind: SessionKind
    way: SignInWay
    label: str
    started_at: datetime
    expires_at: datetime
    grants: list[PersonGrant] = field(default_factory=list)
    acting_for: UUID | None = None
    used_at: datetime | None = None
    ended_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at

    def good_until(self, person: Person) -> datetime:
        """A sign-in that a supplier has kept for long is over as soon as the person may see more."""
        if self.kind is SessionKind.PROGRAM:
            return self.expires_at
        return min(self.expires_at, _whole_second(self.started_at) + _lifetime(person))

    def use(self, now: datetime) -> None:
        """Note the latest use; what was told late changes nothing."""
        self.used_at = max(self.used_at or now, now)

    def end(self, now: datetime) -> bool:
        """False when it has ended before."""
        if self.ended_at is not None:
            return False
        self.ended_at = now
        return True

    def act_for(self, organisation_id: UUID, person: Person) -> None:
        """Raises DomainError for an organisation that the person does not belong to."""
        if organisation_id not in person.organisations:
            raise DomainError("You do not belong to this organisation.", field="organisation_id")
        self.acting_for = organisation_id


def token_for(
    identifier: UUID,
    person: Person,
    name: str,
    grants: Sequence[PersonGrant],
    lifetime: timedelta,
    now: datetime,
) -> UserSession:
    """An API token with these roles, never with one that the person does not have.

    Raises DomainError for no role at all, for one that is not theirs and for a lifetime that is too long.
    """
    if not grants:
        raise DomainError("Choose at least one role.", field="roles")
    if not set(grants) <= set(person.grants):
        raise DomainError("A token cannot have a role that its person does not have.", field="roles")
    if not timedelta(0) < lifetime <= LONGEST_TOKEN_LIFETIME:
        raise DomainError("A token is valid for a year at most.", field="days")
    return UserSession(
        id=identifier,
        person_id=person.id,
        kind=SessionKind.PROGRAM,
        way=SignInWay.TOKEN,
        label=name,
        grants=list(grants),
        started_at=now,
        expires_at=_whole_second(now) + lifetime,
    )


def sign_in_of(
    identifier: UUID, person: Person, way: SignInWay, device: str, last_choice: UUID | None, now: datetime
) -> UserSession:
    """A sign-in, which acts for the organisation that was chosen last, if the person still belongs to it."""
    return UserSession(
        id=identifier,
        person_id=person.id,
        kind=SessionKind.BROWSER,
        way=way,
        label=device,
        acting_for=person.organisation_to_act_for(last_choice),
        started_at=now,
        expires_at=_whole_second(now) + _lifetime(person),
    )


def check_count(tokens: int) -> None:
    """Raises Conflict when a person has as many tokens as one can keep an eye on."""
    if tokens >= MOST_TOKENS:
        raise Conflict(
            "You have %(most)s tokens already. Revoke one that is no longer used.", most=MOST_TOKENS
        )


def _lifetime(person: Person) -> timedelta:
    roles = {grant.role for grant in person.grants}
    return SUPPLIERS_SIGN_IN_LIFETIME if roles == {Role.SUPPLIER} else SIGN_IN_LIFETIME


def _whole_second(now: datetime) -> datetime:
    """Signed tokens say their end in whole seconds."""
    return now.replace(microsecond=0)
