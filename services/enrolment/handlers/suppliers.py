"""Suppliers: invited, and accepting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Forbidden, Gone
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
from services.enrolment.handlers.known_suppliers import known_supplier
from services.enrolment.handlers.organisations import OrganisationDetails, add_siret, register_organisation
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.handlers.supplier_history import log_earlier_invitations, log_expired_link
from services.enrolment.storage import queries
from services.enrolment.storage.supplier_log import last_sent_again_at


@dataclass(frozen=True, kw_only=True)
class DescribedSupplier:
    """A supplier of a programme as somebody typed it.

    ``commune`` is INSEE's code; it and ``siret`` are checked already.
    """

    programme: str
    organisation_name: str
    siret: str | None
    commune: str | None
    contact_name: str
    contact_email: str
    naf_code: str | None = None
    size: str | None = None
    contact_phone: str | None = None
    locale: str = "fr"


@dataclass(frozen=True, kw_only=True)
class InviteSupplier(DescribedSupplier):
    """``inviter_id`` is the buyer's organisation; None when the chamber itself invites."""

    inviter_id: UUID | None


def invite_supplier(
    command: InviteSupplier, public_url: str, unit_of_work: UnitOfWork
) -> tuple[SupplierEnrolment, str | None]:
    """Invite a supplier, who may have been invited by others before: see KnownSuppliers.

    Gives the enrolment and the invitation's secret, which is stored nowhere and goes out by mail only; no
    secret when the supplier takes part already. Raises NotFound for an unknown programme, Forbidden for a
    buyer without a place in a cohort, Conflict when this inviter has invited the supplier already or the
    SIRET belongs to a buyer.
    """
    inviter = inviter_of(command.programme, command.inviter_id, unit_of_work)
    supplier = supplier_of(command, unit_of_work)
    supplier.learn_contact(
        command.contact_name, normalise_email(command.contact_email), command.contact_phone
    )
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
    programme: str,
    organisation_id: UUID,
    contact_name: str,
    contact_email: str,
    locale: str,
    contact_phone: str | None = None,
) -> SupplierEnrolment:
    return SupplierEnrolment(
        id=new_id(),
        programme=programme,
        organisation_id=organisation_id,
        contact_name=contact_name,
        contact_email=normalise_email(contact_email),
        contact_phone=contact_phone,
        contact_locale=locale,
        state=SupplierState.REGISTERED,
    )


def invitation_url(public_url: str, token: str) -> str:
    return f"{public_url}/invitations/{token}"


def accept_invitation(token: str, name: str, unit_of_work: UnitOfWork) -> Person:
    """The invited person takes part and is who may sign in for the supplier.

    Raises NotFound or Gone, also when somebody was faster: the link must not let others into what they wrote.

    Whoever has the link can read the address that it was sent to; that is why it signs in.
    """
    session = unit_of_work.session
    invitation = queries.invitation_by_token(session, token, lock=True)
    invitation.accept(unit_of_work.now)
    supplier = unit_of_work.get(SupplierEnrolment, invitation.supplier_id, lock=True)
    if not supplier.is_waiting:
        raise Gone("Your company takes part already. Sign in, or ask a colleague to invite you.")
    return let_in(supplier, name, invitation.email, supplier.contact_locale, unit_of_work)


def let_in(
    supplier: SupplierEnrolment, name: str, email: str, locale: str, unit_of_work: UnitOfWork
) -> Person:
    """The person with this address may act for the supplier, which takes part from now on."""
    grant = PersonGrant(Role.SUPPLIER, supplier.programme, supplier.organisation_id)
    person = register_person(RegisterPerson(name=name, email=email, locale=locale, grant=grant), unit_of_work)
    unit_of_work.session.flush()
    if supplier.enrol(person.id, person.name, person.email, person.locale, unit_of_work.now):
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


def supplier_of(described: DescribedSupplier, unit_of_work: UnitOfWork) -> SupplierEnrolment:
    """The supplier that is meant, completed with a SIRET that was missing, or a new one.

    Raises Conflict for a buyer's SIRET. Whoever calls holds the programme's lock.
    """
    supplier, organisation = known_supplier(unit_of_work.session, described.programme, described)
    if organisation is None:
        organisation = _register(described, unit_of_work)
    elif described.siret is not None:
        add_siret(organisation, described.siret, unit_of_work)
    if supplier is not None:
        return supplier
    unit_of_work.session.flush()
    supplier = new_enrolment(
        described.programme,
        organisation.id,
        described.contact_name,
        described.contact_email,
        described.locale,
        described.contact_phone,
    )
    unit_of_work.session.add(supplier)
    return supplier


def _register(described: DescribedSupplier, unit_of_work: UnitOfWork) -> Organisation:
    return register_organisation(
        OrganisationDetails(
            name=described.organisation_name,
            kind="supplier",
            siret=described.siret,
            email=described.contact_email,
            commune=described.commune,
            naf_code=described.naf_code,
            size=described.size,
        ),
        unit_of_work,
    )


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
