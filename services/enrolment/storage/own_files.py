"""The files that a person gets with the copy of their data."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from services.chassis.privacy.collecting import OwnFile
from services.chassis.privacy.subject import Subject
from services.enrolment.storage.tables import (
    agreement_documents,
    agreement_signatures,
    agreements,
    application_drafts,
    applications,
    attachment_contents,
    attachments,
)


def own_files(session: Session, subject: Subject) -> list[OwnFile]:
    """What the person handed in with applications, and the agreements that they signed or sent.

    An application and an agreement are the organisation's. Whoever has left it, and whoever signed for the
    chamber, finds in the copy what they did, and not the files, since a copy must not harm the rights of
    others (GDPR, article 15, paragraph 4). A draft is whoever's who writes it.
    """
    drafts = select(application_drafts.c.id).where(application_drafts.c.email.in_(sorted(subject.addresses)))
    of_today = applications.c.organisation_id.in_(subject.organisations)
    theirs = select(applications.c.id).where(applications.c.contact_id == subject.person_id, of_today)
    handed_in = (
        select(attachments.c.name, attachment_contents.c.content)
        .join(attachment_contents, attachment_contents.c.attachment_id == attachments.c.id)
        .where(or_(attachments.c.application_id.in_(theirs), attachments.c.application_id.in_(drafts)))
        .order_by(attachments.c.added_at)
    )
    signed = select(agreement_signatures.c.agreement_id).where(
        agreement_signatures.c.person_id == subject.person_id
    )
    sent_or_signed = (
        select(agreement_documents.c.name, agreement_documents.c.content)
        .join(agreements, agreements.c.id == agreement_documents.c.agreement_id)
        .join(applications, and_(applications.c.id == agreements.c.application_id, of_today))
        .where(
            or_(
                agreement_documents.c.agreement_id.in_(signed),
                agreement_documents.c.added_by == subject.person_id,
            )
        )
        .order_by(agreement_documents.c.added_at)
    )
    return [
        OwnFile(name, content)
        for query in (handed_in, sent_or_signed)
        for name, content in session.execute(query)
    ]
