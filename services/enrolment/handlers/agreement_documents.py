"""The documents of a buyer's agreement: as it would be proposed now, and as both have signed it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.enrolment.agreement_document import default_wording, draw_agreement, missing_blanks
from services.enrolment.domain.agreement import AgreementState
from services.enrolment.domain.application import Application
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort
from services.enrolment.signed_agreement import draw_signed, name_of_signed
from services.enrolment.storage import queries
from services.enrolment.storage.agreement_queries import (
    Document,
    agreement_of,
    document_content,
    signatures_of,
)

PDF = "application/pdf"


def drawn_agreement(application: Application, session: Session, now: datetime) -> bytes:
    """This buyer's agreement as it would be proposed now, as a PDF; nothing is kept."""
    programme = queries.programme_by_slug(session, application.programme)
    return draw_agreement(
        programme.agreement_template or default_wording(),
        programme,
        session.get_one(Cohort, application.cohort_id),
        session.get_one(Organisation, application.organisation_id),
        session.get_one(Person, application.contact_id).name,
        now,
    )


def unsaid(application: Application, session: Session) -> list[str]:
    """The blanks of this buyer's agreement that nothing is known for yet."""
    programme = queries.programme_by_slug(session, application.programme)
    return missing_blanks(
        programme.agreement_template or default_wording(),
        programme,
        session.get_one(Cohort, application.cohort_id),
        session.get_one(Organisation, application.organisation_id),
    )


def signed_agreement(application: Application, session: Session) -> tuple[Document, bytes]:
    """What both have signed, with a page of their signatures. Raises NotFound before that."""
    agreement = agreement_of(session, application.id)
    if agreement is None or agreement.state is not AgreementState.SIGNED:
        raise NotFound("This agreement is not signed by both yet.")
    original, content = document_content(session, agreement.id, agreement.document_id)
    signatures = signatures_of(session, agreement.id)
    signed = draw_signed(
        content,
        original.name,
        signatures,
        queries.programme_by_slug(session, application.programme),
        session.get_one(Cohort, application.cohort_id),
        session.get_one(Organisation, application.organisation_id),
    )
    sha256 = hashlib.sha256(signed).hexdigest()
    at = max(each.signed_at for each in signatures)
    return Document(original.id, name_of_signed(original.name), PDF, sha256, at), signed
