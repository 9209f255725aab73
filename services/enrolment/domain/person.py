"""People, what was granted to them, and the links by which they sign in."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.chassis.model import Aggregate, Gone

SIGN_IN_LINK_LIFETIME = timedelta(minutes=20)
# As many links can be open for one person: whoever asks again and again does not fill a stranger's mailbox.
MOST_OPEN_LINKS = 5


class Role(StrEnum):
    """What a person is in a programme."""

    MANAGER = "manager"
    ADVISER = "adviser"
    JURY = "jury"
    BUYER = "buyer"
    SUPPLIER = "supplier"
    FUNDER = "funder"
    OPERATOR = "operator"


@dataclass(frozen=True)
class PersonGrant:
    """A role in one programme, for one organisation where the role is one of an organisation's people."""

    role: Role
    programme: str | None = None
    organisation_id: UUID | None = None


@dataclass(eq=False, kw_only=True)
class Person(Aggregate):
    """Somebody with an e-mail address, which is theirs alone. ``locale`` is "fr" or "en".

    Who came to a workshop and gave no address has what ``no_address`` says in its place.
    """

    name: str
    email: str
    locale: str = "fr"
    grants: list[PersonGrant] = field(default_factory=list)

    @property
    def address(self) -> str | None:
        """Where they can be written to, if they have said so."""
        return self.email if "@" in self.email else None

    @property
    def organisations(self) -> list[UUID]:
        """Those that the person may act for, each once, in the order in which they came."""
        found = (grant.organisation_id for grant in self.grants)
        return list(dict.fromkeys(identifier for identifier in found if identifier is not None))

    def organisation_to_act_for(self, wanted: UUID | None) -> UUID | None:
        """The one that is wanted, if it is theirs; else the first; None for who belongs to none."""
        mine = self.organisations
        return wanted if wanted in mine else next(iter(mine), None)

    def grants_acting_for(self, organisation_id: UUID | None) -> list[PersonGrant]:
        """What the person may do while acting for one of their organisations: nothing of the others."""
        return [grant for grant in self.grants if grant.organisation_id in (None, organisation_id)]

    def grant(self, grant: PersonGrant) -> bool:
        """Give a role; false when the person has it already."""
        if grant in self.grants:
            return False
        self.grants = [*self.grants, grant]
        return True

    def revoke(self, grant: PersonGrant) -> bool:
        """Take a role away; false when the person does not have it."""
        if grant not in self.grants:
            return False
        self.grants = [each for each in self.grants if each != grant]
        return True


@dataclass(eq=False, kw_only=True)
class SignInLink(Aggregate):
    """A link that signs one person in, once. Only the token's digest is kept."""

    person_id: UUID
    token_digest: str
    expires_at: datetime
    used_at: datetime | None = None

    def check_valid(self, now: datetime) -> None:
        """Raises Gone when it has expired or been used."""
        if self.used_at is not None:
            raise Gone("This sign-in link has been used already. Ask for a new one.")
        if now >= self.expires_at:
            raise Gone("This sign-in link has expired. Ask for a new one.")

    def use(self, now: datetime) -> None:
        """Raises Gone like ``check_valid``."""
        self.check_valid(now)
        self.used_at = now


def can_be_written_to(address: str) -> bool:
    """Whether mail can reach it: no accents before the @ (RFC 5321), unlike in the name of the domain."""
    return address.rpartition("@")[0].isascii()


def normalise_email(address: str) -> str:
    """Two spellings of one address are one: without spaces around it, in lower case."""
    return address.strip().casefold()


def new_token() -> str:
    """A secret for a link: 32 random bytes, in the letters of an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a secret. It is random and long, so that a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def no_address(person_id: UUID) -> str:
    """What stands where somebody's address would: it is none, so that no mail is ever sent to it."""
    return f"no-address-{person_id}"
