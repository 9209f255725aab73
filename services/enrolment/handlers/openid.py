"""Signing in with an account at the OpenID Connect provider."""

from __future__ import annotations

from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Forbidden
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.openid_account import OpenIdAccount, OpenIdClaims, check_may_link
from services.enrolment.domain.person import Person, normalise_email
from services.enrolment.events.people import person_snapshot
from services.enrolment.storage import queries, user_sessions


def sign_in_by_openid(claims: OpenIdClaims, unit_of_work: UnitOfWork) -> Person:
    """The person of this account: the one that it was linked with, whatever address it has now.

    A new account finds its person by an address that the provider has verified, or makes one that has no role
    yet; who comes with it twice at one instant is one person. Raises Forbidden without such an address, and
    when the person is linked with another account.
    """
    session = unit_of_work.session
    account = user_sessions.openid_account(session, claims.issuer, claims.subject)
    if account is not None:
        return unit_of_work.get(Person, account.person_id)
    if claims.email is None:
        raise Forbidden(
            "Your account there has no e-mail address that was verified. Sign in by an e-mail link instead."
        )
    person = queries.person_by_email_in_turn(session, claims.email)
    if person is None:
        person = _new_person(claims, claims.email, unit_of_work)
    known = user_sessions.openid_account_of(session, person.id, claims.issuer)
    if known is not None and known.subject == claims.subject:
        return person
    check_may_link(known)
    session.flush()
    session.add(
        OpenIdAccount(
            issuer=claims.issuer, subject=claims.subject, person_id=person.id, linked_at=unit_of_work.now
        )
    )
    return person


def unlink(person_id: UUID, issuer: str, unit_of_work: UnitOfWork) -> None:
    """The account there signs the person in no longer; without one nothing happens."""
    account = user_sessions.openid_account_of(unit_of_work.session, person_id, issuer)
    if account is not None:
        unit_of_work.session.delete(account)


def _new_person(claims: OpenIdClaims, address: str, unit_of_work: UnitOfWork) -> Person:
    person = Person(id=new_id(), name=claims.name, email=normalise_email(address), locale=claims.locale)
    unit_of_work.session.add(person)
    unit_of_work.record(person, "enrolment.person.registered", person_snapshot(person))
    return person
