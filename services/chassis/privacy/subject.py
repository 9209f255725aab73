"""Whom an export or an erasure is about, as far as one service knows."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from services.chassis.privacy.holdings import Holding, Holdings, Kind

ERASED_NAME = "Personne effacée"


_PSEUDONYM = "erased-"


def is_pseudonym(address: str) -> bool:
    """Whether this stands where somebody's address was."""
    return address.startswith(_PSEUDONYM)


@dataclass(frozen=True)
class Subject:
    """A person, with the addresses and names by which the service's data know them.

    ``digests`` are those of all their addresses, also of those that the service has not met.
    ``organisations`` are those that they belong to today: whoever left one takes none of its files along.
    """

    person_id: UUID
    addresses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    organisations: frozenset[UUID] = frozenset()
    digests: frozenset[str] = frozenset()

    def has_address(self, address: str) -> bool:
        """Whether this is theirs. That it stands beside their id does not make it so."""
        known = address.strip().casefold()
        return known in self.addresses or address_digest(self.person_id, known) in self.digests

    @property
    def pseudonym(self) -> str:
        """What stands where an address was. It is none, so that no mail is ever sent to it."""
        return f"{_PSEUDONYM}{self.person_id}"

    def pseudonym_in(self, row: str) -> str:
        """The same for one row of a table that may not hold it twice; ``row`` is its key as text.

        It is always the same for this row, and as long as the other: columns are made for that.
        """
        return self.pseudonym if row == str(self.person_id) else f"{_PSEUDONYM}{uuid5(self.person_id, row)}"


def address_digest(person_id: UUID, address: str) -> str:
    """What can be told of somebody's address to those who know the address already.

    The person's id, which is random, is the salt.
    """
    return hashlib.sha256(f"{person_id}/{address.strip().casefold()}".encode()).hexdigest()


def identify(session: Session, holdings: Holdings, person_id: UUID, digests: Collection[str]) -> Subject:
    """What the service's tables call this person.

    Only rows with their id give names: what is written beside an address, anybody may have made up to have
    it erased from other people's texts.
    """
    wanted = set(digests)
    addresses = {
        found.strip().casefold()
        for holding in holdings
        if holding.address is not None
        for found in session.scalars(select(holding.address).distinct())
        if found and address_digest(person_id, found) in wanted
    }
    names = {
        name.strip()
        for holding in holdings
        for column in holding.of_kind(Kind.NAME)
        if holding.person is not None
        for name in _strings(session, select(column).where(holding.person == person_id).distinct())
        if name.strip() and name != ERASED_NAME
    }
    return Subject(person_id, frozenset(addresses), frozenset(names), digests=frozenset(digests))


def belongs(holding: Holding, subject: Subject) -> ColumnElement[bool]:
    """The condition on a row of the holding's table that it is this person's.

    An address decides only where no id does: somebody else may have it today.
    """
    conditions: list[ColumnElement[bool]] = []
    if holding.person is not None:
        conditions.append(holding.person == subject.person_id)
    if holding.address is not None and subject.addresses:
        by_address = func.lower(holding.address).in_(sorted(subject.addresses))
        nobody = holding.person is None or holding.person.is_(None)
        conditions.append(by_address if nobody is True else and_(by_address, nobody))
    return or_(*conditions) if conditions else false()


def _strings(session: Session, query: Select[Any]) -> Iterable[str]:
    return (value for value in session.scalars(query) if isinstance(value, str))
