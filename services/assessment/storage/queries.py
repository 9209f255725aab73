"""What assessment's handlers and pages ask of the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.domain.answers import Proof
from services.assessment.domain.assessment import OPEN, Assessment, Contact
from services.assessment.domain.referential import Profile
from services.assessment.domain.sharing import Sharing
from services.assessment.storage.tables import (
    assessments,
    buyers,
    organisations,
    programmes,
    proof_contents,
    proofs,
    sharings,
    suppliers,
)
from services.chassis.model import NotFound

#: The states of an application in which its organisation is a buyer of the programme.
TAKING_PART = ("accepted", "enrolled", "completed")


@dataclass(frozen=True)
class KnownSupplier:
    """What other services told about a supplier, put together."""

    programme: str
    organisation_id: UUID
    organisation_name: str
    profile: Profile
    contact: Contact


@dataclass(frozen=True)
class KnownBuyer:
    """A buyer of the programme; ``invited`` tells whether they invited the supplier who asks."""

    organisation_id: UUID
    name: str
    invited: bool


def programme_name(session: Session, slug: str) -> str:
    """The programme's name, or its slug as long as nobody has told the name."""
    return session.scalar(select(programmes.c.name).where(programmes.c.slug == slug)) or slug


def known_supplier(session: Session, enrolment_id: UUID) -> KnownSupplier | None:
    """The organisation's own register entry counts before what its enrolment says."""
    query = (
        select(suppliers, organisations)
        .outerjoin(organisations, organisations.c.id == suppliers.c.organisation_id)
        .where(suppliers.c.enrolment_id == enrolment_id)
    )
    row = session.execute(query).mappings().one_or_none()
    if row is None:
        return None
    contact = row[suppliers.c.contact]
    return KnownSupplier(
        programme=row[suppliers.c.programme],
        organisation_id=row[suppliers.c.organisation_id],
        organisation_name=row[organisations.c.name] or row[suppliers.c.organisation_name],
        profile=Profile(
            size=row[organisations.c.size] or row[suppliers.c.size],
            sector=row[organisations.c.naf_code] or row[suppliers.c.naf_code],
            legal_form=row[organisations.c.legal_form],
        ),
        contact=Contact(
            UUID(contact["person_id"]) if contact["person_id"] else None,
            contact["name"],
            contact["email"],
            contact["locale"],
        ),
    )


def assessment_of_enrolment(session: Session, enrolment_id: UUID, referential: str) -> Assessment | None:
    return session.scalar(
        select(Assessment).where(
            assessments.c.enrolment_id == enrolment_id, assessments.c.referential == referential
        )
    )


def assessments_of_enrolment(session: Session, enrolment_id: UUID) -> Sequence[Assessment]:
    return session.scalars(select(Assessment).where(assessments.c.enrolment_id == enrolment_id)).all()


def open_assessments(session: Session, organisation_id: UUID) -> Sequence[Assessment]:
    """The organisation's assessments whose answers can still change."""
    query = select(Assessment).where(
        assessments.c.organisation_id == organisation_id, assessments.c.state.in_(OPEN)
    )
    return session.scalars(query).all()


def assessments_of(session: Session, organisation_ids: Collection[UUID]) -> Sequence[Assessment]:
    """The assessments of these organisations, the latest first."""
    query = select(Assessment).where(assessments.c.organisation_id.in_(organisation_ids))
    return session.scalars(query.order_by(assessments.c.assigned_at.desc(), assessments.c.id)).all()


def sharings_of(session: Session, assessment_id: UUID) -> dict[UUID, Sharing]:
    """The decisions about one assessment, by the buyer's organisation."""
    found = session.scalars(select(Sharing).where(sharings.c.assessment_id == assessment_id))
    return {sharing.buyer_organisation_id: sharing for sharing in found}


def sharing_with(session: Session, assessment_id: UUID, buyer_organisation_id: UUID) -> Sharing | None:
    return session.scalar(
        select(Sharing).where(
            sharings.c.assessment_id == assessment_id,
            sharings.c.buyer_organisation_id == buyer_organisation_id,
        )
    )


def shared_with(
    session: Session, buyer_organisation_ids: Collection[UUID]
) -> list[tuple[Sharing, Assessment]]:
    """What is shared with these buyers now, with the assessments, by the suppliers' names."""
    query = (
        select(Sharing, Assessment)
        .join(assessments, assessments.c.id == sharings.c.assessment_id)
        .where(sharings.c.buyer_organisation_id.in_(buyer_organisation_ids))
        .order_by(sharings.c.supplier_name, sharings.c.id)
    )
    return [(sharing, assessment) for sharing, assessment in session.execute(query) if sharing.scope]


def buyers_for(session: Session, assessment: Assessment) -> list[KnownBuyer]:
    """The buyers with whom an assessment can be shared, those who invited the supplier first."""
    invited_by = session.scalar(
        select(suppliers.c.invited_by).where(suppliers.c.enrolment_id == assessment.enrolment_id)
    )
    names = {UUID(each["organisation_id"]): each["organisation_name"] for each in invited_by or ()}
    found = [KnownBuyer(identifier, name, invited=True) for identifier, name in names.items()]
    # The organisation's own events are the newest about its name; an application knows it as it was then.
    taking_part = session.execute(
        select(buyers.c.organisation_id, func.coalesce(organisations.c.name, buyers.c.organisation_name))
        .outerjoin(organisations, organisations.c.id == buyers.c.organisation_id)
        .where(buyers.c.programme == assessment.programme, buyers.c.state.in_(TAKING_PART))
        .distinct()
    )
    found += [
        KnownBuyer(identifier, name, invited=False)
        for identifier, name in taking_part
        if identifier not in names
    ]
    return sorted(found, key=lambda buyer: (not buyer.invited, buyer.name.casefold()))


def proof_content(session: Session, assessment_id: UUID, proof_id: UUID) -> tuple[Proof, bytes]:
    """A proof of this assessment and its content. Raises NotFound."""
    query = (
        select(Proof, proof_contents.c.content)
        .join(proof_contents, proof_contents.c.proof_id == proofs.c.id)
        .where(proofs.c.id == proof_id, proofs.c.assessment_id == assessment_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("This file does not exist any more.")
    proof, content = row
    return proof, content
