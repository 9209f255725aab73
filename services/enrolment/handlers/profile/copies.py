"""Where a person's name and address are written beside other things, and follow them.

Agreements and attendance sheets do not: they say who signed, under the name of that day.
"""

from __future__ import annotations

from sqlalchemy import and_, exists, or_, select, update

from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.person import Person
from services.enrolment.domain.role_invitation import RoleInvitation, RoleInvitationState
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers.suppliers import record
from services.enrolment.storage.tables import (
    application_drafts,
    invitations,
    role_invitations,
    supplier_enrolments,
)


def let_suppliers_follow(
    person: Person, unit_of_work: UnitOfWork, *, former_email: str | None = None
) -> None:
    """The suppliers whose contact this is; with ``former_email`` also those who were only invited there."""
    is_theirs = supplier_enrolments.c.contact_id == person.id
    if former_email is not None:
        invited_there = supplier_enrolments.c.contact_email == former_email
        is_theirs = or_(is_theirs, and_(supplier_enrolments.c.contact_id.is_(None), invited_there))
    found = select(SupplierEnrolment).where(is_theirs).order_by(supplier_enrolments.c.id)
    for supplier in unit_of_work.session.scalars(found.with_for_update()).all():
        if supplier.contact_id is None:
            supplier.contact_email = person.email
        else:
            supplier.change_contact(person.id, person.name, person.email, person.locale)
        record(supplier, "updated", unit_of_work)


def let_open_links_follow(person: Person, former_email: str, unit_of_work: UnitOfWork) -> None:
    """What was sent to the former address and is still open lets the same person in, not another one."""
    session = unit_of_work.session
    session.execute(
        update(invitations)
        .where(invitations.c.email == former_email, invitations.c.used_at.is_(None))
        .values(email=person.email)
    )
    invited = select(RoleInvitation).where(
        role_invitations.c.email == former_email, role_invitations.c.state == RoleInvitationState.OPEN
    )
    for invitation in session.scalars(invited).all():
        invitation.email = person.email
    begun_there = application_drafts.alias()
    has_one = exists().where(
        begun_there.c.cohort_id == application_drafts.c.cohort_id, begun_there.c.email == person.email
    )
    session.execute(
        update(application_drafts)
        .where(application_drafts.c.email == former_email, ~has_one)
        .values(email=person.email)
    )
