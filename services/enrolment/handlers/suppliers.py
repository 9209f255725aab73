"""Suppliers: invited, and accepting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Conflict, Forbidden
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, PersonGrant, Role, digest, new_token, normalise_email
from services.enrolment.domain.supplier import (
    INVITATION_LIFETIME,
    Invitation,
    Inviter,
    SupplierEnrolment,
    SupplierState,
)
from services.enrolment.events.suppliers import supplier_snapshot
from services.enrolment.handlers.organisations import OrganisationDetails, add_siret, register_organisation
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.handlers.supplier_history import log_earlier_invitations, log_expired_link
from services.enrolment.storage import queries
from services.enrolment.storage.supplier_log import last_sent_again_at


@dataclass(frozen=True, kw_only=True)
class InviteSupplier:
    """``inviter_id`` is the buyer's organisation; None when the chamber itself invites.

    ``commune`` is INSEE's code; it and ``siret`` are checked already.
    """

    programme: str
    inviter_id: UUID | None
    organisation_name: str
    siret: str | None
    commune: str | None
    contact_name: str
    contact_email: str
    naf_code: str | None = None
    size: str | None = None
    locale: str = "fr"


def invite_supplier(
    command: InviteSupplier, public_url: str, unit_of_work: UnitOfWork
) -> tuple[SupplierEnrolment, str | None]:
    """Invite a supplier, who may have been invited by others before: one SIRET or address is one supplier.

    Gives the enrolment and the invitation's secret, which is stored nowhere and goes out by mail only; no
    secret when the supplier takes part already. Raises NotFound for an unknown programme, Forbidden for a
    buyer without a place in a cohort, Conflict when this inviter has invited the supplier already or the
    SIRET belongs to a buyer.
    """
    inviter = inviter_of(command.programme, command.inviter_id, unit_of_work)
    supplier = _known_supplier(command, unit_of_work) or _new_supplier(command, unit_of_work)
    supplier.learn_contact(command.contact_name, normalise_email(command.contact_email))
    token = invite_known(supplier, inviter, public_url, unit_of_work)
    return supplier, token


def invite_known(
    supplier: SupplierEnrolment, inviter: Inviter, public_url: str, unit_of_work: UnitOfWork
) -> str | None:
    """The invitation's secret; none when the supplier takes part already. Raises Conflict when invited."""
    was_waiting = supplier.state is SupplierState.INVITED
    earlier = [each.invited_at for each in supplier.invited_by]
    supplier.invite(inviter)
    log_earlier_invitations(supplier, earlier, unit_of_work)
    if was_waiting:
        again_at = last_sent_again_at(unit_of_work.session, supplier.id)
        log_expired_link(supplier, max(filter(None, (*earlier, again_at)), default=None), unit_of_work)
    if supplier.state is not SupplierState.INVITED:
        record(supplier, "invited", unit_of_work)
        return None
    invitation, token = new_invitation(supplier, unit_of_work.now)
    unit_of_work.session.flush()
    unit_of_work.session.add(invitation)
    record(supplier, "invited", unit_of_work, invitation_url=invitation_url(public_url, token))
    return token


def new_invitation(supplier: SupplierEnrolment, now: datetime) -> tuple[Invitation, str]:
    """An invitation with its secret."""
    token = new_token()
    invitation = Invitation(
        id=new_id(),
        supplier_id=supplier.id,
        # The contact that is known, whatever address this inviter gave: the link lets into its data.
        email=supplier.contact_email,
        token_digest=digest(token),
        expires_at=now + INVITATION_LIFETIME,
    )
    return invitation, token


def new_enrolment(
    programme: str, organisation_id: UUID, contact_name: str, contact_email: str, locale: str
) -> SupplierEnrolment:
    return SupplierEnrolment(
        id=new_id(),
        programme=programme,
        organisation_id=organisation_id,
        contact_name=contact_name,
        contact_email=normalise_email(contact_email),
        contact_locale=locale,
        state=SupplierState.REGISTERED,
    )


def invitation_url(public_url: str, token: str) -> str:
    return f"{public_url}/invitations/{token}"


def accept_invitation(token: str, name: str, unit_of_work: UnitOfWork) -> Person:
    """The invited person takes part and is who may sign in for the supplier. Raises NotFound or Gone.

    Whoever has the link can read the address that it was sent to; that is why it signs in.
    """
    session = unit_of_work.session
    invitation = queries.invitation_by_token(session, token, lock=True)
    invitation.accept(unit_of_work.now)
    supplier = unit_of_work.get(SupplierEnrolment, invitation.supplier_id, lock=True)
    person = register_person(
        RegisterPerson(
            name=name,
            email=invitation.email,
            locale=supplier.contact_locale,
            grant=PersonGrant(Role.SUPPLIER, supplier.programme, supplier.organisation_id),
        ),
        unit_of_work,
    )
    session.flush()
    if supplier.enrol(person.id, person.name, unit_of_work.now):
        record(supplier, "enrolled", unit_of_work)
    return person


def inviter_of(programme: str, inviter_id: UUID | None, unit_of_work: UnitOfWork) -> Inviter:
    """The buyer, or the chamber for None. Raises NotFound, Forbidden for a buyer without a place.

    The programme is locked, so that two who invite the same supplier at the same instant take their turns.
    """
    chamber = queries.programme_by_slug(unit_of_work.session, programme, lock=True).chamber
    if inviter_id is None:
        return Inviter(None, chamber, unit_of_work.now)
    if not queries.holds_a_place(unit_of_work.session, programme, inviter_id):
        raise Forbidden("You can invite suppliers as soon as your application has been accepted.")
    buyer = unit_of_work.get(Organisation, inviter_id)
    return Inviter(buyer.id, buyer.name, unit_of_work.now)


def _known_supplier(command: InviteSupplier, unit_of_work: UnitOfWork) -> SupplierEnrolment | None:
    session = unit_of_work.session
    organisation = queries.organisation_by_siret(session, command.siret) if command.siret else None
    if organisation is None:
        return _supplier_with_address(command, unit_of_work)
    if organisation.kind != "supplier":
        raise Conflict("This SIRET belongs to an organisation that is not a supplier.", field="siret")
    known = queries.supplier_enrolment_of(session, command.programme, organisation.id)
    return known or _enrolment(command, organisation, unit_of_work)


def _supplier_with_address(command: InviteSupplier, unit_of_work: UnitOfWork) -> SupplierEnrolment | None:
    """The supplier whom others invited by the same address. One address may stand for several SIRETs."""
    same_address = queries.suppliers_by_email(unit_of_work.session, command.programme, command.contact_email)
    for supplier, organisation in same_address:
        if command.siret is None:
            return supplier
        if organisation.siret is None:
            add_siret(organisation, command.siret, unit_of_work)
            return supplier
    return None


def _new_supplier(command: InviteSupplier, unit_of_work: UnitOfWork) -> SupplierEnrolment:
    organisation = register_organisation(
        OrganisationDetails(
            name=command.organisation_name,
            kind="supplier",
            siret=command.siret,
            email=command.contact_email,
            commune=command.commune,
            naf_code=command.naf_code,
            size=command.size,
        ),
        unit_of_work,
    )
    return _enrolment(command, organisation, unit_of_work)


def _enrolment(
    command: InviteSupplier, organisation: Organisation, unit_of_work: UnitOfWork
) -> SupplierEnrolment:
    unit_of_work.session.flush()
    supplier = new_enrolment(
        command.programme, organisation.id, command.contact_name, command.contact_email, command.locale
    )
    unit_of_work.session.add(supplier)
    return supplier


def record(
    supplier: SupplierEnrolment,
    what_happened: str,
    unit_of_work: UnitOfWork,
    *,
    invitation_url: str | None = None,
) -> SupplierEnrolment:
    """Publish the supplier's state, with what it is that happened to it."""
    organisation = unit_of_work.get(Organisation, supplier.organisation_id)
    if organisation.merged_into is not None:
        organisation = unit_of_work.get(Organisation, organisation.merged_into)
    snapshot = supplier_snapshot(supplier, organisation, invitation_url=invitation_url)
    unit_of_work.record(supplier, f"enrolment.supplier.{what_happened}", snapshot)
    return supplier
