"""What is asked of the database about addresses that change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.chassis.database import insert_for
from services.chassis.model import NotFound
from services.chassis.privacy.subject import address_digest
from services.enrolment.domain.address_change import AddressChange, AddressChangeState
from services.enrolment.domain.person import Person, digest
from services.enrolment.storage.tables import address_changes, former_addresses, people


def waiting_change(session: Session, person_id: UUID, now: datetime) -> AddressChange | None:
    """The change that waits for the link to be opened, if there is one."""
    query = select(AddressChange).where(
        address_changes.c.person_id == person_id,
        address_changes.c.state == AddressChangeState.ASKED,
        address_changes.c.expires_at > now,
    )
    return session.scalars(query).one_or_none()


def change_by_token(session: Session, token: str) -> AddressChange:
    """Raises NotFound."""
    query = select(AddressChange).where(address_changes.c.token_digest == digest(token))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("This link is not valid. Check that the whole link was copied.")
    return found


def changes_since(session: Session, person_id: UUID, since: datetime) -> Sequence[AddressChange]:
    """All that were asked for since, whatever became of them."""
    query = select(AddressChange).where(
        address_changes.c.person_id == person_id, address_changes.c.asked_at >= since
    )
    return session.scalars(query).all()


def remember_former_address(session: Session, person_id: UUID, email: str, now: datetime) -> None:
    row = {"person_id": person_id, "address_digest": address_digest(person_id, email), "given_up_at": now}
    session.execute(insert_for(session, former_addresses).values(row).on_conflict_do_nothing())


def forget_former_address(session: Session, person_id: UUID, email: str) -> None:
    """It is the person's address again."""
    session.execute(
        delete(former_addresses).where(
            former_addresses.c.person_id == person_id,
            former_addresses.c.address_digest == address_digest(person_id, email),
        )
    )


def digests_of(session: Session, person: Person) -> list[str]:
    """By what a person's addresses are recognised: the present one first, then those they had before.

    A former address that is somebody else's today is left out: what is kept under it may be theirs.
    """
    query = select(former_addresses.c.address_digest).where(former_addresses.c.person_id == person.id)
    former = set(session.scalars(query))
    if former:
        others = session.scalars(select(people.c.email).where(people.c.id != person.id))
        former -= _digests(person.id, others)
    return [address_digest(person.id, person.email), *sorted(former)]


def count_asked_since(session: Session, person_id: UUID, since: datetime) -> int:
    query = select(func.count()).where(
        address_changes.c.person_id == person_id, address_changes.c.asked_at >= since
    )
    return session.scalar(query) or 0


def _digests(person_id: UUID, addresses: Iterable[str]) -> set[str]:
    return {address_digest(person_id, address) for address in addresses}
