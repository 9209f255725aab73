"""What enrolment forgets of somebody besides the rows that its declaration names."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.chassis.messages import outbox
from services.chassis.privacy.erasing import scrub_mentions
from services.chassis.privacy.subject import Subject
from services.enrolment.storage import imports
from services.enrolment.storage.tables import address_changes, application_drafts, attachments


def forget_besides(session: Session, subject: Subject) -> None:
    forget_drafts(session, subject)
    forget_asked_addresses(session, subject)
    imports.forget_person(session, subject)


def forget_drafts(session: Session, subject: Subject) -> None:
    """The files of drafts that were never handed in; those of an application stay with it."""
    drafts = select(application_drafts.c.id).where(application_drafts.c.email.in_(sorted(subject.addresses)))
    session.execute(delete(attachments).where(attachments.c.application_id.in_(drafts)))


def forget_asked_addresses(session: Session, subject: Subject) -> None:
    """Addresses that the person asked for, in the events of these requests and nowhere else.

    One that was mistyped is somebody else's.
    """
    asked = select(address_changes.c.id, address_changes.c.new_email).where(
        address_changes.c.person_id == subject.person_id
    )
    for change_id, new_email in session.execute(asked).all():
        concerned = replace(subject, addresses=subject.addresses | {new_email.casefold()})
        scrub_mentions(session, outbox.c.body, concerned, needles=[str(change_id)])
