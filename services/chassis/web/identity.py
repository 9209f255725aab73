"""Who somebody is and what was granted to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Grant:
    """A role, within one programme and for one organisation; None means that it is not limited to one."""

    role: str
    programme: str | None = None
    organisation_id: UUID | None = None


@dataclass(frozen=True)
class SessionClaim:
    """By which sign-in or API token somebody is here, and until when it is good unless it is ended before."""

    id: UUID
    expires_at: datetime


@dataclass(frozen=True)
class ActingFor:
    """The organisation that the person acts for now. ``is_choice``: they belong to others as well."""

    organisation_id: UUID
    name: str
    is_choice: bool = False


@dataclass(frozen=True)
class Identity:
    """A signed-in person. ``locale`` is the language they prefer ("fr", "en").

    ``grants`` are those that count now: of the organisations somebody belongs to, only the one that they act
    for. ``session`` is None for what was signed before sessions had ids; no program gets in by it.
    """

    person_id: UUID
    name: str
    email: str
    locale: str = "fr"
    grants: tuple[Grant, ...] = ()
    session: SessionClaim | None = None
    acting_for: ActingFor | None = None

    @property
    def initials(self) -> str:
        """Of the first and the last name, for the picture that stands for the person."""
        names = self.name.split()
        return "".join(name[0] for name in (names[:1] + names[1:][-1:])).upper()

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def has_any_role(self, roles: Iterable[str]) -> bool:
        return not self.roles.isdisjoint(roles)

    def may(self, role: str, programme: str | None = None, organisation_id: UUID | str | None = None) -> bool:
        """Whether the role was granted for this programme and organisation; None is not looked at."""
        return any(
            grant.role == role
            and _covers(grant.programme, programme)
            and _covers(grant.organisation_id, organisation_id)
            for grant in self.grants
        )

    def organisations(self, role: str) -> tuple[UUID, ...]:
        """The organisations that the role was granted for, in the order of the grants, each once.

        Empty also when the role is not limited to organisations: ask ``may`` for a decision.
        """
        found = (grant.organisation_id for grant in self.grants if grant.role == role)
        return tuple(dict.fromkeys(identifier for identifier in found if identifier is not None))

    def programmes(self, role: str) -> tuple[str, ...]:
        """The programmes that the role was granted for, each once; empty also when it has no limits."""
        found = (grant.programme for grant in self.grants if grant.role == role)
        return tuple(dict.fromkeys(programme for programme in found if programme is not None))


def _covers(granted: UUID | str | None, asked: UUID | str | None) -> bool:
    return granted is None or asked is None or str(granted) == str(asked)
