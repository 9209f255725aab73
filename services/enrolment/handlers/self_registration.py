"""Suppliers who come by themselves, and the requests of those whose organisation is registered already."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, digest, new_token, normalise_email
from services.enrolment.domain.self_registration import (
    MOST_OPEN_SELF_REGISTRATIONS,
    SELF_REGISTRATION_LIFETIME,
    JoinRequest,
    SelfRegistration,
)
from services.enrolment.events.self_registrations import join_request_snapshot, self_registration_snapshot
from services.enrolment.handlers.known_suppliers import known_supplier
from services.enrolment.handlers.siret_claims import apply_for
from services.enrolment.handlers.suppliers import DescribedSupplier, let_in, new_enrolment, supplier_of
from services.enrolment.storage import queries, self_registrations


@dataclass(frozen=True, kw_only=True)
class RegisterSupplier:
    """What stands in the public form. ``commune`` is INSEE's code; it and ``siret`` are checked already."""

    programme: str
    organisation_name: str
    siret: str | None
    commune: str | None
    contact_name: str
    contact_email: str
    locale: str


@dataclass(frozen=True)
class TakingPart:
    """Who was let in, and for which organisation."""

    person: Person
    organisation_id: UUID


def request_registration(command: RegisterSupplier, public_url: str, unit_of_work: UnitOfWork) -> bool:
    """Have the address confirmed by a link; nothing else happens before. The page tells nothing more.

    False when enough links are open for this address. Raises NotFound for an unknown programme.
    """
    session = unit_of_work.session
    queries.programme_by_slug(session, command.programme)
    open_already = self_registrations.count_open(session, command.contact_email, unit_of_work.now)
    if open_already >= MOST_OPEN_SELF_REGISTRATIONS:
        return False
    token = new_token()
    details = {**vars(command), "contact_email": normalise_email(command.contact_email)}
    registration = SelfRegistration(
        id=new_id(),
        token_digest=digest(token),
        expires_at=unit_of_work.now + SELF_REGISTRATION_LIFETIME,
        **details,
    )
    session.add(registration)
    snapshot = self_registration_snapshot(registration, f"{public_url}/register/{token}")
    unit_of_work.record(registration, "enrolment.self_registration.requested", snapshot)
    return True


def confirm_registration(token: str, unit_of_work: UnitOfWork) -> TakingPart | JoinRequest:
    """The address is confirmed: its person takes part for a supplier that is new or theirs already.

    Of an organisation that others registered nothing is given away: then it is a request to the team. Raises
    NotFound, Gone; Conflict for the SIRET of an organisation that is no supplier.
    """
    session = unit_of_work.session
    registration = self_registrations.registration_by_token(session, token, lock=True)
    registration.confirm(unit_of_work.now)
    # As for an invitation: whoever adds a supplier takes turns.
    queries.programme_by_slug(session, registration.programme, lock=True)
    supplier, organisation = known_supplier(session, registration.programme, registration)
    if organisation is not None and (
        supplier is None or supplier.contact_email != registration.contact_email
    ):
        return _ask_to_join(registration, organisation, unit_of_work)
    supplier = supplier_of(_described(registration), unit_of_work)
    person = let_in(
        supplier, registration.contact_name, registration.contact_email, registration.locale, unit_of_work
    )
    return TakingPart(person, supplier.organisation_id)


def decide_join(
    request_id: UUID, granted: bool, by: UUID, unit_of_work: UnitOfWork, *, reason: str = ""
) -> JoinRequest:
    """Let the person in, or not. Raises NotFound, Conflict when it was decided before or cannot be."""
    session = unit_of_work.session
    request = unit_of_work.get(JoinRequest, request_id, lock=True)
    request.decide(granted=granted, by=by, now=unit_of_work.now)
    organisation = unit_of_work.get(Organisation, request.organisation_id)
    if granted and request.application_id is not None:
        apply_for(organisation, request.application_id, unit_of_work)
    elif granted:
        queries.programme_by_slug(session, request.programme, lock=True)
        supplier = queries.supplier_enrolment_of(session, request.programme, organisation.id)
        if supplier is None:
            supplier = new_enrolment(
                request.programme, organisation.id, request.name, request.email, request.locale
            )
            session.add(supplier)
        let_in(supplier, request.name, request.email, request.locale, unit_of_work)
    what_happened = "granted" if granted else "declined"
    snapshot = join_request_snapshot(request, organisation, reason="" if granted else reason.strip())
    unit_of_work.record(request, f"enrolment.join_request.{what_happened}", snapshot)
    return request


def _described(registration: SelfRegistration) -> DescribedSupplier:
    return DescribedSupplier(
        programme=registration.programme,
        organisation_name=registration.organisation_name,
        siret=registration.siret,
        commune=registration.commune,
        contact_name=registration.contact_name,
        contact_email=registration.contact_email,
        locale=registration.locale,
    )


def _ask_to_join(
    registration: SelfRegistration, organisation: Organisation, unit_of_work: UnitOfWork
) -> JoinRequest:
    """The request; the one that waits already if the same person asks again."""
    session = unit_of_work.session
    waiting = self_registrations.open_request_of(
        session, organisation.id, registration.programme, registration.contact_email
    )
    if waiting is not None:
        return waiting
    request = JoinRequest(
        id=new_id(),
        programme=registration.programme,
        organisation_id=organisation.id,
        name=registration.contact_name,
        email=registration.contact_email,
        locale=registration.locale,
        asked_at=unit_of_work.now,
    )
    session.add(request)
    snapshot = join_request_snapshot(request, organisation)
    unit_of_work.record(request, "enrolment.join_request.made", snapshot)
    return request
