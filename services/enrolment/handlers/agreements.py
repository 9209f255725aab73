"""Agreements: proposed by the chamber, signed by the buyer, countersigned by the chamber."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.events import new_id
from services.chassis.model import Conflict, DomainError, NotFound
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.uploads import check_upload
from services.enrolment.domain.agreement import Agreement, AgreementState, Party, Signature
from services.enrolment.domain.application import Application, ApplicationState
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort
from services.enrolment.events.agreements import agreement_snapshot
from services.enrolment.handlers.agreement_documents import PDF, drawn_agreement
from services.enrolment.handlers.application_log import record_application
from services.enrolment.handlers.decisions import enrol, locked
from services.enrolment.storage import queries
from services.enrolment.storage.agreement_queries import (
    Document,
    add_document,
    add_signature,
    agreement_of,
    documents_of,
    last_seal,
    without_agreement,
)


@dataclass(frozen=True, kw_only=True)
class Sign:
    """Who signs, by the name that they typed, from which IP ``address``.

    ``sha256`` names the document that the person has read.
    """

    application_id: UUID
    party: Party
    person_id: UUID
    name: str
    sha256: str
    address: str


@dataclass(frozen=True, kw_only=True)
class GiveSignedCopy:
    """The buyer's copy, signed by hand, as a PDF."""

    application_id: UUID
    person_id: UUID
    name: str
    address: str
    file_name: str
    content: bytes


def propose_agreement(application_id: UUID, by: UUID, unit_of_work: UnitOfWork) -> Agreement:
    """Draw the agreement with what is known of the parties now; until somebody signs, it can be drawn anew.

    Raises DomainError while the SIRET is missing, Conflict when the application is not accepted.
    """
    application = _accepted(application_id, unit_of_work)
    session = unit_of_work.session
    organisation = unit_of_work.get(Organisation, application.organisation_id)
    _check_siret(organisation)
    content = drawn_agreement(application, session, unit_of_work.now)
    agreement = agreement_of(session, application_id, lock=True)
    name = _distinct(f"convention-{organisation.siret}.pdf", agreement, session)
    document = Document(new_id(), name, PDF, hashlib.sha256(content).hexdigest(), unit_of_work.now)
    if agreement is None:
        agreement = Agreement(
            id=new_id(),
            application_id=application_id,
            programme=application.programme,
            document_id=document.id,
            sha256=document.sha256,
            proposed_at=unit_of_work.now,
        )
        session.add(agreement)
    else:
        agreement.replace_document(document.id, document.sha256)
    _record(agreement, application, "proposed", unit_of_work)
    session.flush()
    add_document(session, agreement.id, document, by, content)
    return agreement


def ask_for_siret(application_id: UUID, unit_of_work: UnitOfWork) -> None:
    """The buyer is asked by e-mail for what its agreement cannot be proposed without.

    Raises Conflict when the application is not accepted, or when the SIRET is known.
    """
    application = _accepted(application_id, unit_of_work)
    if unit_of_work.get(Organisation, application.organisation_id).siret is not None:
        raise Conflict("The SIRET is known already. Load the page again.")
    record_application(application, "siret_asked", unit_of_work)


def propose_all(cohort_id: UUID, by: UUID, unit_of_work: UnitOfWork) -> list[Agreement]:
    """Propose an agreement to all who were accepted, have a SIRET and were proposed none yet.

    The cohort is locked, so that of two clicks the second finds nothing left to propose.
    """
    unit_of_work.get(Cohort, cohort_id, lock=True)
    return [
        propose_agreement(application.id, by, unit_of_work)
        for application, organisation in without_agreement(unit_of_work.session, cohort_id)
        if organisation.siret is not None
    ]


def sign_agreement(command: Sign, unit_of_work: UnitOfWork) -> Agreement:
    """Sign in the application. With the chamber's signature the buyer is enrolled.

    Raises Conflict out of turn, for another document than the present one, or for a withdrawn application.
    """
    application, agreement = _agreement(command.application_id, unit_of_work)
    agreement.sign(command.party, command.sha256)
    _add_signature(agreement, command, "in_app", unit_of_work)
    if agreement.state is AgreementState.SIGNED:
        _record(agreement, application, "signed", unit_of_work)
        enrol(application.id, unit_of_work, command.person_id)
    else:
        _record(agreement, application, "buyer_signed", unit_of_work)
    return agreement


def take_signed_copy(command: GiveSignedCopy, unit_of_work: UnitOfWork) -> Agreement:
    """The buyer has signed by hand: the copy stands for the agreement from now on.

    Raises DomainError for a file that is no PDF, Conflict when the agreement is signed already.
    """
    application, agreement = _agreement(command.application_id, unit_of_work)
    try:
        file = check_upload(command.file_name, command.content)
    except DomainError as error:
        error.field = "copy"
        raise
    if file.media_type != PDF:
        raise DomainError("The signed copy has to be a PDF file.", field="copy")
    sha256 = hashlib.sha256(command.content).hexdigest()
    name = _distinct(file.name, agreement, unit_of_work.session)
    document = Document(new_id(), name, PDF, sha256, unit_of_work.now)
    agreement.replace_document(document.id, sha256)
    add_document(unit_of_work.session, agreement.id, document, command.person_id, command.content)
    agreement.sign(Party.BUYER, sha256)
    signed = Sign(
        application_id=application.id,
        party=Party.BUYER,
        person_id=command.person_id,
        name=command.name,
        sha256=sha256,
        address=command.address,
    )
    _add_signature(agreement, signed, "on_paper", unit_of_work)
    _record(agreement, application, "buyer_signed", unit_of_work)
    return agreement


def note_signed_elsewhere(application_id: UUID, by: UUID, unit_of_work: UnitOfWork) -> Application:
    """The agreement was signed outside the application: the buyer is enrolled.

    Raises DomainError while the SIRET is missing, Conflict when the application is not accepted.
    """
    application, _cohort = locked(application_id, unit_of_work)
    _check_siret(unit_of_work.get(Organisation, application.organisation_id))
    enrol(application_id, unit_of_work, by)
    make_agreement_void(application, unit_of_work)
    return application


def make_agreement_void(application: Application, unit_of_work: UnitOfWork) -> None:
    """Nobody is to sign what was proposed any more, and nobody is reminded of it."""
    agreement = agreement_of(unit_of_work.session, application.id, lock=True)
    if agreement is not None and agreement.make_void():
        _record(agreement, application, "voided", unit_of_work)


def _distinct(name: str, agreement: Agreement | None, session: Session) -> str:
    """The name, with a number where a document of the agreement has it already."""
    taken = {each.name for each in documents_of(session, agreement.id)} if agreement else set()
    stem, dot, ending = name.rpartition(".")
    numbered = (f"{stem}-{number}{dot}{ending}" for number in count(2))
    return name if name not in taken else next(each for each in numbered if each not in taken)


def _check_siret(organisation: Organisation) -> None:
    if organisation.siret is None:
        raise DomainError("The agreement needs the SIRET of the organisation.", field="siret")


def _add_signature(agreement: Agreement, command: Sign, way: str, unit_of_work: UnitOfWork) -> None:
    # Locked, so that of two who sign at the same instant each seal follows another.
    queries.programme_by_slug(unit_of_work.session, agreement.programme, lock=True)
    add_signature(
        unit_of_work.session,
        Signature(
            agreement_id=agreement.id,
            party=command.party,
            person_id=command.person_id,
            name=command.name,
            sha256=command.sha256,
            way=way,
            address=command.address,
            signed_at=unit_of_work.now,
            previous=last_seal(unit_of_work.session, agreement.programme),
        ),
    )


def _accepted(application_id: UUID, unit_of_work: UnitOfWork) -> Application:
    application, _cohort = locked(application_id, unit_of_work)
    if application.state is not ApplicationState.ACCEPTED:
        raise Conflict("Only an application that is accepted has an agreement to sign.")
    return application


def _agreement(application_id: UUID, unit_of_work: UnitOfWork) -> tuple[Application, Agreement]:
    application = _accepted(application_id, unit_of_work)
    agreement = agreement_of(unit_of_work.session, application_id, lock=True)
    if agreement is None:
        raise NotFound("There is no agreement to sign yet.")
    return application, agreement


def _record(
    agreement: Agreement, application: Application, what_happened: str, unit_of_work: UnitOfWork
) -> None:
    snapshot = agreement_snapshot(
        agreement,
        application,
        unit_of_work.get(Cohort, application.cohort_id),
        unit_of_work.get(Organisation, application.organisation_id),
        unit_of_work.get(Person, application.contact_id),
    )
    unit_of_work.record(agreement, f"enrolment.agreement.{what_happened}", snapshot)
