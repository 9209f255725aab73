"""A new e-mail address: asked for, confirmed, taken back, and undone by whoever reads the one before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from services.chassis.events import new_id
from services.chassis.model import Conflict, DomainError, Forbidden
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.address_change import (
    CONFIRMATION_LIFETIME,
    MOST_A_DAY,
    AddressChange,
    AddressChangeState,
)
from services.enrolment.domain.person import Person, digest, new_token, normalise_email
from services.enrolment.domain.user_session import SessionKind
from services.enrolment.events.address_changes import address_change_snapshot
from services.enrolment.events.people import person_snapshot
from services.enrolment.handlers.profile.copies import let_open_links_follow, let_suppliers_follow
from services.enrolment.handlers.user_sessions import end_sessions
from services.enrolment.storage import address_changes as stored
from services.enrolment.storage import queries
from services.enrolment.storage.tables import openid_accounts, sign_in_links

AddressOf = Callable[[UUID], str]
"""The personal link by which whoever reads the former address objects to a change, by the change's id."""


@dataclass(frozen=True, kw_only=True)
class AskForAddress:
    person_id: UUID
    email: str


def ask_for_address(
    command: AskForAddress, public_url: str, objection_address: AddressOf, unit_of_work: UnitOfWork
) -> AddressChange:
    """Have the new address confirmed, and tell the present one. The request before is replaced.

    Whether the new address has an account makes no difference to the one who asks. Raises NotFound,
    DomainError for the present address, Conflict for too many requests in a day.
    """
    session, now = unit_of_work.session, unit_of_work.now
    # Locked, so that two requests take their turns and one of them waits in the end.
    person = unit_of_work.get(Person, command.person_id, lock=True)
    email = normalise_email(command.email)
    if email == person.email:
        raise DomainError("This is your address already.", field="email")
    if stored.count_asked_since(session, person.id, now - timedelta(days=1)) >= MOST_A_DAY:
        raise Conflict("You have asked for this often today. Try again tomorrow.", field="email")
    before = stored.waiting_change(session, person.id, now)
    if before is not None:
        _cancel(before, person, unit_of_work)
    token = new_token()
    change = AddressChange(
        id=new_id(),
        person_id=person.id,
        former_email=person.email,
        new_email=email,
        token_digest=digest(token),
        asked_at=now,
        expires_at=now + CONFIRMATION_LIFETIME,
        is_taken=queries.person_by_email(session, email) is not None,
    )
    session.add(change)
    url = None if change.is_taken else f"{public_url}/account/address/{token}"
    snapshot = address_change_snapshot(change, person, url=url, objection_url=objection_address(change.id))
    unit_of_work.record(change, "enrolment.address_change.requested", snapshot)
    return change


def cancel_change(person_id: UUID, unit_of_work: UnitOfWork) -> AddressChange:
    """The person has thought again. Raises NotFound, Conflict when nothing waits."""
    person = unit_of_work.get(Person, person_id, lock=True)
    change = stored.waiting_change(unit_of_work.session, person_id, unit_of_work.now)
    if change is None:
        raise Conflict("No change of address waits for a confirmation.")
    _cancel(change, person, unit_of_work)
    return change


def confirm_change(
    token: str, by: UUID, keep: UUID | None, objection_address: AddressOf, unit_of_work: UnitOfWork
) -> Person:
    """From now on the person is reached, and signs in, with the new address. A second click changes nothing.

    Other sign-ins end but for ``keep``: if somebody else was signed in as the person, this is when it stops.
    Tokens stay, since no program gets in by an address. Links that were sent to the former address sign
    nobody in any more. Raises NotFound, Forbidden unless it is the person who confirms, Gone, and Conflict
    when somebody has registered with the address meanwhile.
    """
    session = unit_of_work.session
    change = stored.change_by_token(session, token)
    if change.person_id != by:
        raise Forbidden("This link is for somebody else: sign in with the address that is to change.")
    person = unit_of_work.get(Person, change.person_id, lock=True)
    session.refresh(change)
    if change.state is AddressChangeState.CONFIRMED and person.email == change.new_email:
        return person
    change.confirm(unit_of_work.now)
    _move(person, change.new_email, unit_of_work)
    session.execute(delete(sign_in_links).where(sign_in_links.c.person_id == person.id))
    end_sessions(person.id, unit_of_work, keep=keep, kind=SessionKind.BROWSER)
    snapshot = address_change_snapshot(change, person, objection_url=objection_address(change.id))
    unit_of_work.record(change, "enrolment.address_change.confirmed", snapshot)
    return person


def object_to_change(change_id: UUID, unit_of_work: UnitOfWork) -> Person:
    """Whoever reads the former address did not ask for this: the account is theirs alone again.

    The former address is back, unless somebody has registered with it meanwhile; and whatever could still let
    a stranger in ends: sign-ins, tokens, links, and accounts at a provider that were linked since. A second
    click changes nothing. Raises NotFound, Gone.
    """
    session, now = unit_of_work.session, unit_of_work.now
    change = unit_of_work.get(AddressChange, change_id)
    person = unit_of_work.get(Person, change.person_id, lock=True)
    session.refresh(change)
    if not change.object_to(now):
        return person
    end_sessions(person.id, unit_of_work)
    session.execute(delete(sign_in_links).where(sign_in_links.c.person_id == person.id))
    linked_since = openid_accounts.c.linked_at >= change.asked_at
    session.execute(delete(openid_accounts).where(openid_accounts.c.person_id == person.id, linked_since))
    if person.email != change.former_email and queries.person_by_email(session, change.former_email) is None:
        _move(person, change.former_email, unit_of_work)
        stored.forget_former_address(session, person.id, change.former_email)
    for undone in stored.changes_since(session, person.id, change.asked_at):
        undone.state = AddressChangeState.OBJECTED
        if person.email != undone.new_email:
            # It never was theirs: what is kept under it is a stranger's.
            stored.forget_former_address(session, person.id, undone.new_email)
    snapshot = address_change_snapshot(change, person)
    unit_of_work.record(change, "enrolment.address_change.objected", snapshot)
    return person


def _cancel(change: AddressChange, person: Person, unit_of_work: UnitOfWork) -> None:
    change.cancel()
    snapshot = address_change_snapshot(change, person)
    unit_of_work.record(change, "enrolment.address_change.cancelled", snapshot)


def _move(person: Person, email: str, unit_of_work: UnitOfWork) -> None:
    """Give the person another address, wherever it is written. Raises Conflict when it is somebody's."""
    session, former = unit_of_work.session, person.email
    taken = Conflict("This address stands for another account meanwhile. Choose another one.")
    if queries.person_by_email(session, email) is not None:
        raise taken
    person.email = email
    try:
        unit_of_work.record(person, "enrolment.person.updated", person_snapshot(person))
        session.flush()
    except IntegrityError as error:
        # Somebody registered with it at this very instant.
        raise taken from error
    stored.remember_former_address(session, person.id, former, unit_of_work.now)
    let_suppliers_follow(person, unit_of_work, former_email=former)
    let_open_links_follow(person, former, unit_of_work)
