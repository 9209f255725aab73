"""Colleagues are invited into a role, and come in by the link of a mail."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Conflict, DomainError
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, PersonGrant, digest, new_token, normalise_email
from services.enrolment.domain.role_invitation import (
    ORGANISATION_ROLES,
    ROLE_INVITATION_LIFETIME,
    TEAM_ROLES,
    RoleInvitation,
)
from services.enrolment.events.role_invitations import role_invitation_snapshot
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.storage import queries, roles

MOST_OPEN = 50


@dataclass(frozen=True, kw_only=True)
class InviteIntoRole:
    """``inviter_name`` is who the mail says it is from. Whether they may invite is the caller's to check."""

    grant: PersonGrant
    name: str
    email: str
    locale: str
    inviter_id: UUID
    inviter_name: str


def invite_into_role(command: InviteIntoRole, public_url: str, unit_of_work: UnitOfWork) -> RoleInvitation:
    """Invite somebody; also who has an account takes a role only by accepting it.

    Raises NotFound for an unknown programme, DomainError for a role that is not given so, Conflict for who
    has the role or waits for an answer, and when many wait already.
    """
    session, grant = unit_of_work.session, command.grant
    _check_can_be_given(grant)
    # Two who invite the same person at the same instant take their turns.
    queries.programme_by_slug(session, str(grant.programme), lock=True)
    person = queries.person_by_email(session, command.email)
    if person is not None and grant in person.grants:
        raise Conflict("%(name)s has this role already.", field="email", name=person.name)
    if roles.open_invitation(session, grant, command.email) is not None:
        raise Conflict("This address is invited already. You can send the invitation again.", field="email")
    if len(roles.open_invitations(session, grant.programme, grant.organisation_id)) >= MOST_OPEN:
        raise Conflict("Many invitations wait for an answer already. Withdraw some of them first.")
    token = new_token()
    invitation = RoleInvitation(
        id=new_id(),
        programme=str(grant.programme),
        role=grant.role,
        organisation_id=grant.organisation_id,
        name=command.name,
        email=normalise_email(command.email),
        locale=command.locale,
        inviter_id=command.inviter_id,
        inviter_name=command.inviter_name,
        token_digest=digest(token),
        sent_at=unit_of_work.now,
        expires_at=unit_of_work.now + ROLE_INVITATION_LIFETIME,
    )
    session.add(invitation)
    _record(invitation, "sent", unit_of_work, role_invitation_url(public_url, token))
    return invitation


def send_again(invitation_id: UUID, public_url: str, unit_of_work: UnitOfWork) -> RoleInvitation:
    """With a new link; the one before is of no use any more. Raises NotFound, Conflict."""
    invitation = unit_of_work.get(RoleInvitation, invitation_id, lock=True)
    token = new_token()
    invitation.send_again(digest(token), unit_of_work.now)
    _record(invitation, "sent", unit_of_work, role_invitation_url(public_url, token))
    return invitation


def withdraw(invitation_id: UUID, unit_of_work: UnitOfWork) -> RoleInvitation:
    """Raises NotFound, Conflict when it was answered."""
    invitation = unit_of_work.get(RoleInvitation, invitation_id, lock=True)
    invitation.withdraw(unit_of_work.now)
    _record(invitation, "withdrawn", unit_of_work)
    return invitation


def accept_role(token: str, name: str, unit_of_work: UnitOfWork) -> Person:
    """The invited person, with the role. Raises NotFound or Gone.

    Whoever has the link can read the address that it was sent to; that is why it signs in who is new. Who has
    an account is signed in before, since the link is good for much longer than one that signs in
    (``web/pages/welcome.py``).
    """
    invitation = roles.invitation_by_token(unit_of_work.session, token, lock=True)
    invitation.accept(unit_of_work.now)
    person = _let_in(invitation, name, unit_of_work)
    _record(invitation, "accepted", unit_of_work)
    return person


def role_invitation_url(public_url: str, token: str) -> str:
    return f"{public_url}/welcome/{token}"


def _check_can_be_given(grant: PersonGrant) -> None:
    allowed = TEAM_ROLES if grant.organisation_id is None else ORGANISATION_ROLES
    if grant.role not in allowed or grant.programme is None:
        raise DomainError("This role cannot be given here.", field="role")


def _let_in(invitation: RoleInvitation, name: str, unit_of_work: UnitOfWork) -> Person:
    command = RegisterPerson(
        name=name, email=invitation.email, locale=invitation.locale, grant=invitation.grant
    )
    return register_person(command, unit_of_work)


def _record(
    invitation: RoleInvitation, what_happened: str, unit_of_work: UnitOfWork, url: str | None = None
) -> None:
    organisation_name = None
    if invitation.organisation_id is not None:
        organisation_name = unit_of_work.get(Organisation, invitation.organisation_id).name
    snapshot = role_invitation_snapshot(invitation, organisation_name, url)
    unit_of_work.record(invitation, f"enrolment.role_invitation.{what_happened}", snapshot)
