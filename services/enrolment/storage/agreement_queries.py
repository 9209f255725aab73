"""What is asked about agreements. Documents and signatures are read and added to, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.enrolment.domain.agreement import Agreement, Signature
from services.enrolment.domain.application import Application, ApplicationState
from services.enrolment.domain.organisation import Organisation
from services.enrolment.storage.tables import (
    agreement_documents,
    agreement_signatures,
    agreements,
    applications,
    organisations,
)


@dataclass(frozen=True)
class Document:
    """A document of an agreement without its bytes, which ``sha256`` names."""

    id: UUID
    name: str
    media_type: str
    sha256: str
    added_at: datetime


def agreement_of(session: Session, application_id: UUID, *, lock: bool = False) -> Agreement | None:
    query = select(Agreement).where(agreements.c.application_id == application_id)
    return session.scalar(query.with_for_update() if lock else query)


def without_agreement(session: Session, cohort_id: UUID) -> list[tuple[Application, Organisation]]:
    """The accepted applications of a cohort to whom no agreement was proposed yet, by organisation."""
    query = (
        select(Application, Organisation)
        .join(organisations, organisations.c.id == applications.c.organisation_id)
        .outerjoin(agreements, agreements.c.application_id == applications.c.id)
        .where(
            applications.c.cohort_id == cohort_id,
            applications.c.state == ApplicationState.ACCEPTED,
            agreements.c.id.is_(None),
        )
        .order_by(func.lower(organisations.c.name))
    )
    return [(application, organisation) for application, organisation in session.execute(query)]


def documents_of(session: Session, agreement_id: UUID) -> list[Document]:
    """Every document that ever stood for the agreement, the first one first."""
    columns = agreement_documents.c
    query = (
        select(columns.id, columns.name, columns.media_type, columns.sha256, columns.added_at)
        .where(columns.agreement_id == agreement_id)
        .order_by(columns.added_at, columns.id)
    )
    return [Document(*row) for row in session.execute(query)]


def document_authors(session: Session, agreement_id: UUID) -> dict[UUID, UUID]:
    """Who added each document of an agreement, by the document's id."""
    columns = agreement_documents.c
    query = select(columns.id, columns.added_by).where(columns.agreement_id == agreement_id)
    return {identifier: person_id for identifier, person_id in session.execute(query)}


def document_content(session: Session, agreement_id: UUID, document_id: UUID) -> tuple[Document, bytes]:
    """A document byte for byte. Raises NotFound when this agreement has no such document."""
    columns = agreement_documents.c
    content = session.scalar(
        select(columns.content).where(columns.id == document_id, columns.agreement_id == agreement_id)
    )
    if content is None:
        raise NotFound("This file does not exist, or no longer.")
    found = next(each for each in documents_of(session, agreement_id) if each.id == document_id)
    return found, content


def add_document(session: Session, agreement_id: UUID, document: Document, by: UUID, content: bytes) -> None:
    session.execute(
        insert(agreement_documents).values(
            agreement_id=agreement_id, added_by=by, content=content, **vars(document)
        )
    )


def signatures_of(session: Session, agreement_id: UUID) -> list[Signature]:
    """The signatures below an agreement, in the order in which they were given."""
    return [signature for signature, _seal in _signatures(session, agreement_id=agreement_id)]


def last_seal(session: Session, programme: str) -> str:
    """The seal of the programme's latest signature; empty before the first."""
    sealed = _signatures(session, programme=programme)
    return sealed[-1][1] if sealed else ""


def add_signature(session: Session, signature: Signature) -> None:
    session.execute(insert(agreement_signatures).values(**vars(signature), seal=signature.seal))


def is_unaltered(session: Session, programme: str) -> bool:
    """Whether the programme's signatures are as they were given, none changed, removed or put in between."""
    previous = ""
    for signature, seal in _signatures(session, programme=programme):
        if signature.previous != previous or signature.seal != seal:
            return False
        previous = seal
    return True


def _signatures(
    session: Session, *, programme: str | None = None, agreement_id: UUID | None = None
) -> Sequence[tuple[Signature, str]]:
    columns = agreement_signatures.c
    query = select(agreement_signatures).join(agreements, agreements.c.id == columns.agreement_id)
    if programme is not None:
        query = query.where(agreements.c.programme == programme)
    if agreement_id is not None:
        query = query.where(columns.agreement_id == agreement_id)
    found = []
    for row in session.execute(query.order_by(columns.position)).mappings():
        values = {name: value for name, value in row.items() if name not in ("position", "seal")}
        found.append((Signature(**values), str(row["seal"])))
    return found
