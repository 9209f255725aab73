"""The files that a person gets with the copy of their data."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.assessment.storage.tables import assessments, proof_contents, proofs
from services.chassis.privacy.collecting import OwnFile
from services.chassis.privacy.subject import Subject


def own_proofs(session: Session, subject: Subject) -> list[OwnFile]:
    """The proofs of the assessments that they are the contact of, or have handed in.

    A proof is the organisation's: a former colleague finds in the copy what they did, and not the file, since
    a copy must not harm the rights of others (GDPR, article 15, paragraph 4).
    """
    query = (
        select(proofs.c.name, proof_contents.c.content)
        .join(proof_contents, proof_contents.c.proof_id == proofs.c.id)
        .join(assessments, assessments.c.id == proofs.c.assessment_id)
        .where(
            assessments.c.organisation_id.in_(subject.organisations),
            or_(
                assessments.c.contact_person_id == subject.person_id,
                assessments.c.submitted_by == subject.person_id,
            ),
        )
        .order_by(proofs.c.added_at)
    )
    return [OwnFile(name, content) for name, content in session.execute(query)]
