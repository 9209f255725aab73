"""What is put right about a supplier after it was invited: its link, its contact, whether it takes part."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.chassis.model import Conflict, NotFound
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.person import normalise_email
from services.enrolment.domain.supplier import SupplierEnrolment, SupplierState
from services.enrolment.domain.supplier_log import SENT_AGAIN_AFTER, SupplierDeed
from services.enrolment.handlers.supplier_history import log, log_expired_link
from services.enrolment.handlers.suppliers import invitation_url, new_invitation, record
from services.enrolment.storage import queries, supplier_log


@dataclass(frozen=True, kw_only=True)
class CorrectContact:
    """``seen_version`` is the supplier's version that the person has seen."""

    supplier_id: UUID
    name: str
    email: str
    by: UUID
    phone: str | None = None
    seen_version: int | None = None


def invite_again(
    supplier_id: UUID, by: UUID | None, public_url: str, unit_of_work: UnitOfWork
) -> SupplierEnrolment:
    """Send an unanswered invitation again: a new link, and the old one dies.

    Raises NotFound; Conflict when it was answered, or sent less than a day ago, as with a second click.
    """
    supplier = locked_supplier(supplier_id, unit_of_work)
    if supplier.state is not SupplierState.INVITED:
        raise Conflict("There is no invitation that waits for an answer.")
    sent_at = supplier_log.last_sent_at(unit_of_work.session, supplier_id)
    if sent_at is not None and unit_of_work.now < sent_at + SENT_AGAIN_AFTER:
        raise Conflict("The invitation was sent less than a day ago. Give them time to read it.")
    log_expired_link(supplier, sent_at, unit_of_work)
    log(supplier, SupplierDeed.INVITED_AGAIN, unit_of_work, by)
    return _send_link(supplier, public_url, unit_of_work)


def answer_expired_link(token: str, public_url: str, unit_of_work: UnitOfWork) -> SupplierEnrolment:
    """Whoever was invited asks for a new link in place of one that has expired: it goes to the same address.

    Raises NotFound; Conflict for a link that has not expired or was ended, and like ``invite_again``.
    """
    link = queries.invitation_by_token(unit_of_work.session, token)
    supplier = locked_supplier(link.supplier_id, unit_of_work)
    if link.used_at is not None or unit_of_work.now < link.expires_at:
        raise Conflict("This link is still good.")
    if link.email != supplier.contact_email:
        raise Conflict("This link was replaced. Write to the team of the programme.")
    sent_at = supplier_log.last_sent_at(unit_of_work.session, supplier.id)
    if sent_at is not None and unit_of_work.now < sent_at + SENT_AGAIN_AFTER:
        raise Conflict("A new link was sent to you within the last day. Look into your mailbox.")
    return invite_again(supplier.id, None, public_url, unit_of_work)


def correct_contact(command: CorrectContact, public_url: str, unit_of_work: UnitOfWork) -> SupplierEnrolment:
    """Mend whom an invitation goes to, while nobody has accepted it.

    To another address goes a new link, and the old one dies: it must let nobody into the supplier's data.
    Raises NotFound; Conflict when somebody has accepted, or has changed it meanwhile.
    """
    supplier = locked_supplier(command.supplier_id, unit_of_work)
    if command.seen_version not in (None, supplier.version):
        raise changed_meanwhile()
    email = normalise_email(command.email)
    known = supplier.contact_name, supplier.contact_email, supplier.contact_phone
    if (command.name, email, command.phone) == known:
        return supplier
    is_another = supplier.correct_contact(command.name, email, command.phone)
    if is_another:
        _log_unanswered_link(supplier, unit_of_work)
    log(supplier, SupplierDeed.CONTACT_CORRECTED, unit_of_work, command.by)
    if is_another and supplier.state is SupplierState.INVITED:
        return _send_link(supplier, public_url, unit_of_work)
    return record(supplier, "updated", unit_of_work)


def leave(
    supplier_id: UUID, unit_of_work: UnitOfWork, *, reason: str = "", by: UUID | None = None
) -> SupplierEnrolment:
    """The supplier stops taking part, and its links die. Raises NotFound, Conflict."""
    supplier = locked_supplier(supplier_id, unit_of_work)
    _log_unanswered_link(supplier, unit_of_work)
    supplier.leave()
    _end_links(supplier, unit_of_work)
    log(supplier, SupplierDeed.LEFT, unit_of_work, by, reason)
    return record(supplier, "left", unit_of_work)


def leave_by_itself(
    programme: str, organisation_id: UUID, by: UUID, unit_of_work: UnitOfWork
) -> SupplierEnrolment:
    """One of its own people ends the supplier's part in a programme. Raises NotFound, Conflict."""
    found = queries.supplier_enrolment_of(unit_of_work.session, programme, organisation_id)
    if found is None:
        raise NotFound("You do not take part in this programme.")
    return leave(found.id, unit_of_work, by=by)


def come_back(supplier_id: UUID, by: UUID, public_url: str, unit_of_work: UnitOfWork) -> SupplierEnrolment:
    """A supplier that had left takes part again; one that had not accepted yet gets a new link.

    Raises NotFound; Conflict when it has not left.
    """
    supplier = locked_supplier(supplier_id, unit_of_work)
    supplier.come_back(has_worked=supplier_log.has_worked(unit_of_work.session, supplier))
    log(supplier, SupplierDeed.RETURNED, unit_of_work, by)
    if supplier.state is SupplierState.INVITED:
        return _send_link(supplier, public_url, unit_of_work)
    return record(supplier, "returned", unit_of_work)


def changed_meanwhile() -> Conflict:
    """What the later of two is told."""
    return Conflict("Somebody has changed this meanwhile. Look at what it says now, and correct it again.")


def locked_supplier(supplier_id: UUID, unit_of_work: UnitOfWork) -> SupplierEnrolment:
    """Raises NotFound. Whoever accepts holds the link before the supplier; so do those who change it."""
    supplier_log.links_of(unit_of_work.session, supplier_id, lock=True)
    return unit_of_work.get(SupplierEnrolment, supplier_id, lock=True)


def _send_link(supplier: SupplierEnrolment, public_url: str, unit_of_work: UnitOfWork) -> SupplierEnrolment:
    _end_links(supplier, unit_of_work)
    invitation, token = new_invitation(supplier, unit_of_work.now)
    unit_of_work.session.add(invitation)
    return record(supplier, "invited", unit_of_work, invitation_url=invitation_url(public_url, token))


def _end_links(supplier: SupplierEnrolment, unit_of_work: UnitOfWork) -> None:
    for link in supplier_log.links_of(unit_of_work.session, supplier.id):
        if link.used_at is None:
            link.end(unit_of_work.now)


def _log_unanswered_link(supplier: SupplierEnrolment, unit_of_work: UnitOfWork) -> None:
    """Keep that the link has expired for which an answer was waited, if it has."""
    if supplier.state is SupplierState.INVITED:
        sent_at = supplier_log.last_sent_at(unit_of_work.session, supplier.id)
        log_expired_link(supplier, sent_at, unit_of_work)
