"""Files that answer a question of the call, of a draft or of an application that was handed back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert

from services.chassis.events import new_id
from services.chassis.model import Conflict, DomainError, NotFound
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.uploads import UploadedFile, check_upload
from services.enrolment.domain.application import Application, ApplicationState
from services.enrolment.domain.call import QuestionKind
from services.enrolment.domain.draft import ApplicationDraft, Attachment
from services.enrolment.domain.programme import Cohort
from services.enrolment.storage.application_queries import attachments_of
from services.enrolment.storage.tables import attachment_contents

MOST_ATTACHMENTS = 10


@dataclass(frozen=True)
class NewFile:
    """A file as it comes in, and the key of the question that it answers."""

    question: str
    name: str
    content: bytes


def attach(application_id: UUID, file: NewFile, unit_of_work: UnitOfWork) -> Attachment:
    """Keep a file. The id is that of a draft or of an application.

    Raises DomainError for a file that cannot be taken or a question that takes none, Conflict when the
    application has been handed in.
    """
    return keep_file(application_id, _open_for_writing(application_id, unit_of_work), file, unit_of_work)


def keep_file(application_id: UUID, cohort: Cohort, file: NewFile, unit_of_work: UnitOfWork) -> Attachment:
    """The same for whom the caller knows to be allowed. Raises DomainError."""
    session, field = unit_of_work.session, f"answers.{file.question}"
    if not any(each.key == file.question and each.kind is QuestionKind.FILE for each in cohort.questions):
        raise DomainError("This question takes no file.", field=field)
    if len(attachments_of(session, application_id)) >= MOST_ATTACHMENTS:
        raise DomainError("An application has at most %(most)s files.", field=field, most=MOST_ATTACHMENTS)
    checked = check_file(file)
    attachment = Attachment(
        id=new_id(),
        application_id=application_id,
        question=file.question,
        name=checked.name,
        media_type=checked.media_type,
        size=len(file.content),
        added_at=unit_of_work.now,
    )
    session.add(attachment)
    session.flush()
    session.execute(insert(attachment_contents).values(attachment_id=attachment.id, content=file.content))
    return attachment


def check_file(file: NewFile) -> UploadedFile:
    """Raises DomainError, at the field of its question, for a file that cannot be taken."""
    try:
        return check_upload(file.name, file.content)
    except DomainError as error:
        error.field = f"answers.{file.question}"
        raise


def remove_attachment(application_id: UUID, attachment_id: UUID, unit_of_work: UnitOfWork) -> None:
    """Raises Conflict when the application has been handed in. A file that is gone already is no mistake."""
    _open_for_writing(application_id, unit_of_work)
    session = unit_of_work.session
    for attachment in attachments_of(session, application_id):
        if attachment.id == attachment_id:
            session.execute(
                delete(attachment_contents).where(attachment_contents.c.attachment_id == attachment_id)
            )
            session.delete(attachment)


def hand_over(draft_id: UUID, application_id: UUID, unit_of_work: UnitOfWork) -> None:
    """The files of a draft are those of the application that it becomes."""
    for attachment in attachments_of(unit_of_work.session, draft_id):
        attachment.application_id = application_id
    unit_of_work.session.flush()


def _open_for_writing(application_id: UUID, unit_of_work: UnitOfWork) -> Cohort:
    """The cohort that the draft or application is for, locked. Raises Conflict, NotFound."""
    session = unit_of_work.session
    application = session.get(Application, application_id, with_for_update=True)
    if application is not None:
        if application.state is not ApplicationState.DRAFT:
            raise Conflict("This application has been handed in: it can no longer be changed here.")
        return unit_of_work.get(Cohort, application.cohort_id)
    draft = session.get(ApplicationDraft, application_id, with_for_update=True)
    if draft is None:
        raise NotFound("This does not exist, or no longer.")
    draft.check_open()
    return unit_of_work.get(Cohort, draft.cohort_id)
