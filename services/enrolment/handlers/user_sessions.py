"""Sign-ins and API tokens: begun, used, ended before their time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.chassis import sessions
from services.chassis.events import new_id
from services.chassis.model import NotFound
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.person import Person, PersonGrant
from services.enrolment.domain.user_session import (
    SessionKind,
    SignInWay,
    UserSession,
    check_count,
    sign_in_of,
    token_for,
)
from services.enrolment.events.user_sessions import session_snapshot
from services.enrolment.storage import user_sessions


@dataclass(frozen=True, kw_only=True)
class StartSession:
    """``replaces`` is the sign-in that the same browser had, of whomever. ``device`` says where, in words.

    ``acting_for`` is an organisation of the person's; None for the one that they chose last.
    """

    person: Person
    way: SignInWay
    device: str
    replaces: UUID | None = None
    acting_for: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class CreateToken:
    """``grants`` are the roles that the program gets."""

    person_id: UUID
    name: str
    grants: Sequence[PersonGrant]
    lifetime: timedelta


def start_session(command: StartSession, unit_of_work: UnitOfWork) -> UserSession:
    """Let the person in."""
    session, person = unit_of_work.session, command.person
    session.flush()
    if command.replaces is not None:
        before = session.get(UserSession, command.replaces)
        if before is not None:
            _end(before, unit_of_work)
    choice = command.acting_for or user_sessions.last_choice(session, person.id)
    user_sessions.forget_old(session, person.id, unit_of_work.now)
    begun = sign_in_of(new_id(), person, command.way, command.device, choice, unit_of_work.now)
    session.add(begun)
    return begun


def create_token(command: CreateToken, unit_of_work: UnitOfWork) -> UserSession:
    """A token of this person's. The person is locked, so that a role that goes takes its tokens with it.

    Raises NotFound, Conflict for too many tokens, DomainError like ``token_for``.
    """
    person = unit_of_work.get(Person, command.person_id, lock=True)
    check_count(user_sessions.count_tokens(unit_of_work.session, person.id, unit_of_work.now))
    made = token_for(new_id(), person, command.name, command.grants, command.lifetime, unit_of_work.now)
    unit_of_work.session.add(made)
    return made


def end_session(session_id: UUID, person_id: UUID, unit_of_work: UnitOfWork) -> UserSession:
    """End one of the person's sign-ins or tokens; one that has ended stays so.

    Raises NotFound, also for what is another person's.
    """
    found = unit_of_work.session.get(UserSession, session_id, with_for_update=True, populate_existing=True)
    if found is None or found.person_id != person_id:
        raise NotFound("This does not exist, or no longer.")
    _end(found, unit_of_work)
    return found


def end_sessions(
    person_id: UUID, unit_of_work: UnitOfWork, *, keep: UUID | None = None, kind: SessionKind | None = None
) -> int:
    """End the sign-ins and tokens, or those of one kind, but for ``keep``. How many they were."""
    found = user_sessions.open_sessions(unit_of_work.session, person_id, unit_of_work.now, kind)
    return sum(_end(each, unit_of_work) for each in found if each.id != keep)


def end_in_programme(person_id: UUID, programme: str, unit_of_work: UnitOfWork) -> None:
    """Sign the person out, and revoke the tokens that act in this programme, not those of others."""
    for each in user_sessions.open_sessions(unit_of_work.session, person_id, unit_of_work.now):
        acts_here = any(grant.programme in (None, programme) for grant in each.grants)
        if each.kind is SessionKind.BROWSER or acts_here:
            _end(each, unit_of_work)


def end_what_acts_as(person: Person, lost: PersonGrant, unit_of_work: UnitOfWork) -> None:
    """A role was taken from the person: whatever still claims it is ended, so that no service believes it."""
    for each in user_sessions.open_sessions(unit_of_work.session, person.id, unit_of_work.now):
        if each.kind is SessionKind.BROWSER or lost in each.grants:
            _end(each, unit_of_work)


def choose_organisation(
    session_id: UUID, person_id: UUID, organisation_id: UUID, unit_of_work: UnitOfWork
) -> UserSession:
    """Act for this organisation from now on. Raises NotFound, DomainError like ``act_for``."""
    person = unit_of_work.get(Person, person_id)
    found = unit_of_work.get(UserSession, session_id, lock=True)
    found.act_for(organisation_id, person)
    return found


def note_use(session_id: UUID, used_at: datetime, unit_of_work: UnitOfWork) -> None:
    """Somebody came with it, to any of the services. What is not known any more is left alone."""
    found = unit_of_work.session.get(UserSession, session_id, with_for_update=True, populate_existing=True)
    if found is not None:
        found.use(used_at)


def _end(found: UserSession, unit_of_work: UnitOfWork) -> bool:
    if not found.end(unit_of_work.now):
        return False
    unit_of_work.record(found, "enrolment.session.ended", session_snapshot(found))
    # This service must not wait until it hears of its own event.
    sessions.end_session(unit_of_work.session, found.id, found.expires_at, unit_of_work.now)
    return True
