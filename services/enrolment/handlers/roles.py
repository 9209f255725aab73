"""Roles that are taken away or changed, and organisations that people leave."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from services.chassis.model import Conflict, DomainError, NotFound
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.application import Application
from services.enrolment.domain.assignment import Assignment
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.role_invitation import ORGANISATION_ROLES, TEAM_ROLES
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.events.appointments import assignment_snapshot
from services.enrolment.events.people import person_snapshot
from services.enrolment.handlers.role_invitations import withdraw
from services.enrolment.handlers.suppliers import record
from services.enrolment.handlers.user_sessions import end_what_acts_as
from services.enrolment.storage import queries, roles
from services.enrolment.storage.jury_queries import sits_on_a_jury_of
from services.enrolment.storage.tables import applications, assignments, supplier_enrolments

# Somebody has to be left who can let others in.
_NEVER_WITHOUT = (Role.MANAGER, Role.BUYER, Role.SUPPLIER)


def take_role(person_id: UUID, grant: PersonGrant, by: UUID, unit_of_work: UnitOfWork) -> Person:
    """Take a role away, and end the sign-ins and tokens that claim it.

    The programme is locked, so that two managers who remove each other take their turns. Raises NotFound for
    a role that the person does not have; Conflict for the last manager, the last person of an organisation,
    and a member of a jury.
    """
    session = unit_of_work.session
    if grant.programme is None:
        raise NotFound("This does not exist, or no longer.")
    queries.programme_by_slug(session, grant.programme, lock=True)
    person = unit_of_work.get(Person, person_id, lock=True)
    _check_may_go(person, grant, unit_of_work)
    if not person.revoke(grant):
        raise NotFound("This person does not have this role, or no longer.")
    if grant.role is Role.ADVISER:
        _leave_buyers(person, grant.programme, by, unit_of_work)
    elif grant.role in ORGANISATION_ROLES:
        hand_contact_on(person, grant, unit_of_work)
    unit_of_work.record(person, "enrolment.person.updated", person_snapshot(person))
    end_what_acts_as(person, grant, unit_of_work)
    _take_invitations_back(person, grant, unit_of_work)
    return person


def change_role(person_id: UUID, old: PersonGrant, role: Role, by: UUID, unit_of_work: UnitOfWork) -> Person:
    """Give another role of the team in place of one. Raises like ``take_role``, and DomainError."""
    if role not in TEAM_ROLES or old.role not in TEAM_ROLES:
        raise DomainError("This role cannot be given here.", field="role")
    person = unit_of_work.get(Person, person_id, lock=True)
    if role is old.role:
        return person
    take_role(person_id, old, by, unit_of_work)
    if person.grant(PersonGrant(role, old.programme)):
        unit_of_work.record(person, "enrolment.person.updated", person_snapshot(person))
    return person


def leave_organisation(person_id: UUID, organisation_id: UUID, unit_of_work: UnitOfWork) -> Person:
    """Act for this organisation no longer. Raises NotFound, and Conflict like ``take_role``."""
    person = unit_of_work.get(Person, person_id)
    mine = [grant for grant in person.grants if grant.organisation_id == organisation_id]
    if not mine:
        raise NotFound("You do not belong to this organisation.")
    for grant in mine:
        take_role(person_id, grant, person_id, unit_of_work)
    return person


def _check_may_go(person: Person, grant: PersonGrant, unit_of_work: UnitOfWork) -> None:
    session = unit_of_work.session
    if grant.role in _NEVER_WITHOUT and [each.id for each in roles.people_with(session, grant)] == [
        person.id
    ]:
        if grant.role is Role.MANAGER:
            raise Conflict("A programme keeps at least one manager: give the role to somebody else first.")
        raise Conflict("An organisation keeps at least one person: invite somebody else first.")
    is_juror = grant.role is Role.JURY and grant.programme is not None
    if is_juror and sits_on_a_jury_of(session, str(grant.programme), person.id):
        raise Conflict("This person sits on the jury of a cohort: take them off it on the page of the jury.")


def _take_invitations_back(person: Person, grant: PersonGrant, unit_of_work: UnitOfWork) -> None:
    """Who may let nobody in any more has nobody come in by an earlier link, such as themselves."""
    if grant.role in _NEVER_WITHOUT:
        for each in roles.open_invitations(unit_of_work.session, grant.programme, grant.organisation_id):
            if each.inviter_id == person.id:
                withdraw(each.id, unit_of_work)


def _leave_buyers(person: Person, programme: str, by: UUID, unit_of_work: UnitOfWork) -> None:
    """Nobody follows the adviser's buyers until a manager says who does."""
    followed = select(Assignment).where(
        assignments.c.programme == programme, assignments.c.adviser_id == person.id
    )
    for assignment in unit_of_work.session.scalars(followed).all():
        if assignment.give_to(None, by, unit_of_work.now):
            organisation = unit_of_work.get(Organisation, assignment.organisation_id)
            snapshot = assignment_snapshot(assignment, organisation)
            unit_of_work.record(assignment, "enrolment.adviser_assignment.changed", snapshot)


def hand_contact_on(person: Person, grant: PersonGrant, unit_of_work: UnitOfWork) -> None:
    """Mails to the organisation go to somebody who is still there, if anybody is."""
    session = unit_of_work.session
    next_one = next((each for each in roles.people_with(session, grant) if each.id != person.id), None)
    if next_one is None:
        return
    enrolled = select(SupplierEnrolment).where(
        supplier_enrolments.c.programme == grant.programme,
        supplier_enrolments.c.organisation_id == grant.organisation_id,
        supplier_enrolments.c.contact_id == person.id,
    )
    for supplier in session.scalars(enrolled).all():
        supplier.change_contact(next_one.id, next_one.name, next_one.email, next_one.locale)
        record(supplier, "updated", unit_of_work)
    applied = select(Application).where(
        applications.c.programme == grant.programme,
        applications.c.organisation_id == grant.organisation_id,
        applications.c.contact_id == person.id,
    )
    for application in session.scalars(applied).all():
        application.contact_id = next_one.id
