"""What enrolment forgets of somebody besides the rows that its declaration names."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.chassis.privacy.subject import Subject
from services.enrolment.storage.tables import application_drafts, attachments


def forget_drafts(session: Session, subject: Subject) -> None:
    """The files of drafts that were never handed in; those of an application stay with it."""
    drafts = select(application_drafts.c.id).where(application_drafts.c.email.in_(sorted(subject.addresses)))
    session.execute(delete(attachments).where(attachments.c.application_id.in_(drafts)))
