"""Agreements, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from services.chassis.model import Forbidden, NotFound
from services.chassis.web.access import requires
from services.chassis.web.api_files import FILE_DOCUMENTATION, UploadsBlueprint
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.agreement import Agreement, Party, Signature
from services.enrolment.handlers import agreement_documents, agreements
from services.enrolment.storage.agreement_queries import (
    Document,
    agreement_of,
    document_authors,
    document_content,
    documents_of,
    signatures_of,
)
from services.enrolment.web.downloads import attachment_response
from services.enrolment.web.parties import party_to
from services.enrolment.web.schemas.api import AgreementDetail, SignatureBody
from services.enrolment.web.schemas.files import SignedCopyInput
from services.enrolment.web.visible_applications import managed_application

agreements_api = UploadsBlueprint(
    "agreements_api",
    __name__,
    url_prefix="/applications/<uuid:application_id>/agreement",
    description="Agreements and signatures.",
)


@agreements_api.get("")
@requires("manager", "buyer")
@agreements_api.etag
@agreements_api.response(200, AgreementDetail)
def get_agreement(application_id: UUID) -> dict[str, Any]:
    """The agreement of an application, for its two parties."""
    with reading() as session:
        return _detail(session, _agreement(session, application_id))


@agreements_api.post("")
@requires("manager")
@agreements_api.response(201, AgreementDetail)
def propose_agreement(application_id: UUID) -> dict[str, Any]:
    """Draw the agreement and propose it to the buyer."""
    if _party(application_id) is not Party.CHAMBER:
        raise Forbidden("Only a manager of this programme proposes the agreement.")
    by = signed_in_person().person_id
    with unit_of_work() as work:
        return _detail(work.session, agreements.propose_agreement(application_id, by, work))


@agreements_api.post("/siret-request")
@requires("manager")
@agreements_api.response(204)
def ask_for_siret(application_id: UUID) -> None:
    """Ask the buyer by e-mail for the SIRET that its agreement needs. 409 when it is known."""
    with reading() as session:
        managed_application(session, application_id)
    with unit_of_work() as work:
        agreements.ask_for_siret(application_id, work)


@agreements_api.post("/signatures")
@requires("manager", "buyer")
@agreements_api.arguments(SignatureBody)
@agreements_api.response(201, AgreementDetail)
def sign_agreement(details: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """Sign for the party that one speaks for: first the buyer, then the chamber."""
    command = agreements.Sign(
        application_id=application_id,
        party=_party(application_id),
        person_id=signed_in_person().person_id,
        address=request.remote_addr or "",
        **details,
    )
    with unit_of_work() as work:
        return _detail(work.session, agreements.sign_agreement(command, work))


@agreements_api.post("/copy")
@requires("buyer")
@agreements_api.uploads(SignedCopyInput)
@agreements_api.response(201, AgreementDetail)
def give_signed_copy(given: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """Give the copy that the buyer has signed by hand, a PDF: it stands for the agreement from now on."""
    if _party(application_id) is not Party.BUYER:
        raise Forbidden("Only the applicant may do this.")
    command = agreements.GiveSignedCopy(
        application_id=application_id,
        person_id=signed_in_person().person_id,
        name=given["signer"],
        address=request.remote_addr or "",
        file_name=given["file"].filename or "",
        content=given["file"].read(),
    )
    with unit_of_work() as work:
        return _detail(work.session, agreements.take_signed_copy(command, work))


@agreements_api.get("/signed")
@requires("manager", "buyer")
@agreements_api.doc(**FILE_DOCUMENTATION)
def get_signed(application_id: UUID) -> Response:
    """What both have signed, with a page of their signatures; 404 before that.

    Of a copy that was signed on paper it is the page of signatures alone.
    """
    with reading() as session:
        found, _party = party_to(session, application_id)
        return attachment_response(*agreement_documents.signed_agreement(found, session))


@agreements_api.get("/documents/<uuid:document_id>")
@requires("manager", "buyer")
@agreements_api.doc(**FILE_DOCUMENTATION)
def get_document(application_id: UUID, document_id: UUID) -> Response:
    """One of the documents that ever stood for the agreement, byte for byte."""
    with reading() as session:
        found = _agreement(session, application_id)
        return attachment_response(*document_content(session, found.id, document_id))


def _agreement(session: Session, application_id: UUID) -> Agreement:
    """For its two parties. Raises NotFound, Forbidden."""
    party_to(session, application_id)
    found = agreement_of(session, application_id)
    if found is None:
        raise NotFound("There is no agreement to sign yet.")
    return found


def _party(application_id: UUID) -> Party:
    with reading() as session:
        _found, party = party_to(session, application_id)
    return party


def _detail(session: Session, agreement: Agreement) -> dict[str, Any]:
    names = ("id", "application_id", "state", "sha256", "proposed_at")
    values = {name: getattr(agreement, name) for name in names}
    signatures = signatures_of(session, agreement.id)
    authors = document_authors(session, agreement.id)
    documents = [
        {**_document(each, signatures), "added_by": authors[each.id]}
        for each in documents_of(session, agreement.id)
    ]
    return {**values, "signatures": signatures, "documents": documents}


def _document(document: Document, signatures: list[Signature]) -> dict[str, Any]:
    is_copy = any(each.way == "on_paper" and each.sha256 == document.sha256 for each in signatures)
    return {**vars(document), "kind": "signed_copy" if is_copy else "proposal"}
