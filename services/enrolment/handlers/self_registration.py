"""Suppliers who come by themselves, and the requests of those whose organisation is registered already."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Conflict
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, PersonGrant, Role, digest, new_token, normalise_email
from services.enrolment.domain.self_registration import (
    MOST_OPEN_SELF_REGISTRATIONS,
    SELF_REGISTRATION_LIFETIME,
    JoinRequest,
    SelfRegistration,
)
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.events.self_registrations import join_request_snapshot, self_registration_snapshot
from services.enrolment.handlers.organisations import OrganisationDetails, add_siret, register_organisation
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.handlers.suppliers import new_enrolment, record
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


def confirm_registration(token: str, unit_of_work: UnitOfWork) -> Person | JoinRequest:
    """The address is confirmed: its person takes part for a supplier that is new or theirs already.

    Of an organisation that others registered nothing is given away: then it is a request to the team. Raises
    NotFound, Gone; Conflict for the SIRET of an organisation that is no supplier.
    """
    session = unit_of_work.session
    registration = self_registrations.registration_by_token(session, token, lock=True)
    registration.confirm(unit_of_work.now)
    # As for an invitation: whoever adds a supplier takes turns.
    queries.programme_by_slug(session, registration.programme, lock=True)
    organisation = queries.organisation_by_siret(session, registration.siret) if registration.siret else None
    if organisation is not None:
        if organisation.kind != "supplier":
            raise Conflict("This SIRET belongs to an organisation that is not a supplier.", field="siret")
        supplier = queries.supplier_enrolment_of(session, registration.programme, organisation.id)
        if supplier is None or supplier.contact_email != registration.contact_email:
            return _ask_to_join(registration, organisation, unit_of_work)
    else:
        supplier = _own_supplier(registration, unit_of_work) or _new_supplier(registration, unit_of_work)
    return _take_part(
        supplier, registration.contact_name, registration.contact_email, registration.locale, unit_of_work
    )


def decide_join(request_id: UUID, granted: bool, by: UUID, unit_of_work: UnitOfWork) -> JoinRequest:
    """Let the person in, or not. Raises NotFound, Conflict when it was decided before."""
    session = unit_of_work.session
    request = unit_of_work.get(JoinRequest, request_id, lock=True)
    request.decide(granted=granted, by=by, now=unit_of_work.now)
    organisation = unit_of_work.get(Organisation, request.organisation_id)
    if granted:
        queries.programme_by_slug(session, request.programme, lock=True)
        supplier = queries.supplier_enrolment_of(session, request.programme, organisation.id)
        if supplier is None:
            supplier = new_enrolment(
                request.programme, organisation.id, request.name, request.email, request.locale
            )
            session.add(supplier)
        _take_part(supplier, request.name, request.email, request.locale, unit_of_work)
    what_happened = "granted" if granted else "declined"
    snapshot = join_request_snapshot(request, organisation)
    unit_of_work.record(request, f"enrolment.join_request.{what_happened}", snapshot)
    return request


def _own_supplier(registration: SelfRegistration, unit_of_work: UnitOfWork) -> SupplierEnrolment | None:
    """The supplier that was invited or registered with this very address."""
    known = queries.suppliers_by_email(
        unit_of_work.session, registration.programme, registration.contact_email
    )
    for supplier, organisation in known:
        if registration.siret is None:
            return supplier
        if organisation.siret is None:
            add_siret(organisation, registration.siret, unit_of_work)
            return supplier
    return None


def _new_supplier(registration: SelfRegistration, unit_of_work: UnitOfWork) -> SupplierEnrolment:
    organisation = register_organisation(
        OrganisationDetails(
            name=registration.organisation_name,
            kind="supplier",
            siret=registration.siret,
            email=registration.contact_email,
            commune=registration.commune,
        ),
        unit_of_work,
    )
    unit_of_work.session.flush()
    supplier = new_enrolment(
        registration.programme,
        organisation.id,
        registration.contact_name,
        registration.contact_email,
        registration.locale,
    )
    unit_of_work.session.add(supplier)
    return supplier


def _take_part(
    supplier: SupplierEnrolment, name: str, email: str, locale: str, unit_of_work: UnitOfWork
) -> Person:
    grant = PersonGrant(Role.SUPPLIER, supplier.programme, supplier.organisation_id)
    person = register_person(RegisterPerson(name=name, email=email, locale=locale, grant=grant), unit_of_work)
    unit_of_work.session.flush()
    if supplier.enrol(person.id, person.name, unit_of_work.now):
        record(supplier, "enrolled", unit_of_work)
    return person


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
