"""From enrolment's people to the identities that sessions and tokens carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from services.chassis.model import Forbidden
from services.chassis.web.identity import ActingFor, Grant, Identity, SessionClaim
from services.chassis.web.session import (
    clear_session,
    current_person,
    is_bearer_request,
    issue_session,
    signed_in_person,
)
from services.chassis.web.work import reading, runtime
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.user_session import SessionKind, UserSession
from services.enrolment.storage import queries
from services.enrolment.storage.supplier_list import SupplierFilter
from services.enrolment.web.accompanying import accompanied_by


def identity_of(person: Person) -> Identity:
    """With all that was granted to the person, whatever organisation they act for."""
    return Identity(person.id, person.name, person.email, person.locale, _grants(person.grants))


def identity_in(found: UserSession, person: Person, session: Session) -> Identity:
    """What a sign-in or an API token of this person carries."""
    claim = SessionClaim(found.id, found.good_until(person))
    if found.kind is SessionKind.PROGRAM:
        grants = _grants(grant for grant in found.grants if grant in person.grants)
        return replace(identity_of(person), session=claim, grants=grants)
    organisation_id = person.organisation_to_act_for(found.acting_for)
    acting_for = None
    if organisation_id is not None:
        name = session.get_one(Organisation, organisation_id).name
        acting_for = ActingFor(organisation_id, name, is_choice=len(person.organisations) > 1)
    return replace(
        identity_of(person),
        session=claim,
        grants=_grants(person.grants_acting_for(organisation_id)),
        acting_for=acting_for,
    )


def renew_session(response: Response) -> Response:
    """Let the session follow what the person may do now: enrolment is who knows.

    Other services believe the session until it ends or until the person next opens one of these pages.
    """
    claimed = current_person()
    if claimed is None or is_bearer_request() or request.method != "GET" or request.endpoint == "static":
        return response
    if "Set-Cookie" in response.headers:
        return response
    with reading() as session:
        person = session.get(Person, claimed.person_id)
        found = session.get(UserSession, claimed.session.id) if claimed.session else None
        if person is None:
            clear_session(response)
            return response
        now = (
            identity_in(found, person, session)
            if found
            else replace(identity_of(person), session=claimed.session)
        )
    if now.session and now.session.expires_at <= runtime().clock():
        clear_session(response)
    elif now != claimed:
        issue_session(response, now)
    return response


def _grants(given: Iterable[PersonGrant]) -> tuple[Grant, ...]:
    return tuple(Grant(grant.role.value, grant.programme, grant.organisation_id) for grant in given)


def check_may(programme: str, *roles: str) -> None:
    """Raises Forbidden unless the person has one of the roles in this programme."""
    person = signed_in_person()
    if not any(person.may(role, programme) for role in roles):
        raise Forbidden("You do not take part in this programme in a role that may do this.")


def manages_by_now(programme: str, session: Session) -> bool:
    """Whether the person manages it, also if the session does not know yet: it follows with the next page."""
    claimed = current_person()
    found = session.get(Person, claimed.person_id) if claimed else None
    return found is not None and PersonGrant(Role.MANAGER, programme) in found.grants


def is_only_buyer(person: Identity) -> bool:
    return "buyer" in person.roles and not person.has_any_role({"manager", "adviser"})


def visible_suppliers(person: Identity, session: Session, chosen: Mapping[str, str]) -> SupplierFilter:
    """A buyer sees the suppliers they invited; the team, those it accompanies. ``chosen`` narrows it."""
    state, department = chosen.get("state") or None, chosen.get("department") or None
    if is_only_buyer(person):
        return SupplierFilter(inviter_ids=person.organisations("buyer"), state=state, department=department)
    inviter = _identifier(chosen.get("inviter"))
    return SupplierFilter(accompanied_by(person, session), None, state, department, inviter)


def _identifier(text: str | None) -> UUID | None:
    """None for what is none: a filter that says nothing filters nothing."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def inviter_of(person: Identity, session: Session) -> tuple[str, UUID | None]:
    """For which programme and whom this person invites: their own organisation, or the chamber (None).

    Raises Forbidden for a person who is neither a manager nor a buyer with a place in a cohort.
    """
    for grant in person.grants:
        programme, organisation_id = grant.programme, grant.organisation_id
        if grant.role != "buyer" or programme is None or organisation_id is None:
            continue
        if queries.holds_a_place(session, programme, organisation_id):
            return programme, organisation_id
    for programme in person.programmes("manager"):
        return programme, None
    raise Forbidden("You can invite suppliers as soon as your application has been accepted.")


def may_invite(person: Identity, session: Session) -> bool:
    try:
        inviter_of(person, session)
    except Forbidden:
        return False
    return True
