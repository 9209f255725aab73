"""The files of applications and of drafts, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.chassis.web.access import requires
from services.chassis.web.api_files import FILE_DOCUMENTATION, UploadsBlueprint
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.draft import Attachment
from services.enrolment.handlers.attachments import NewFile, attach, remove_attachment
from services.enrolment.storage.application_queries import attachment_content, attachments_of
from services.enrolment.web.downloads import attachment_response
from services.enrolment.web.own_drafts import own_draft
from services.enrolment.web.schemas.files import AttachmentInput, AttachmentOutput
from services.enrolment.web.visible_applications import own_application, visible_application

attachments_api = UploadsBlueprint(
    "attachments_api", __name__, description="Files that answer the questions of a call."
)

_OF_APPLICATION = "/applications/<uuid:application_id>/files"
_OF_DRAFT = "/drafts/<uuid:draft_id>/files"


@attachments_api.get(_OF_APPLICATION)
@requires("manager", "adviser", "jury", "buyer")
@lists()
@attachments_api.response(200, page_of(AttachmentOutput))
def list_files(application_id: UUID) -> dict[str, Any]:
    """The files of an application, the first one first."""
    with reading() as session:
        visible_application(session, application_id)
        return _page(session, application_id)


@attachments_api.post(_OF_APPLICATION)
@requires("buyer")
@attachments_api.uploads(AttachmentInput)
@attachments_api.response(201, AttachmentOutput)
def add_file(given: dict[str, Any], application_id: UUID) -> Attachment:
    """Add a file (PDF, JPEG, PNG) to an application that was handed back. 409 for one that is handed in."""
    with reading() as session:
        own_application(session, application_id)
    with unit_of_work() as work:
        return attach(application_id, _new_file(given), work)


@attachments_api.get(f"{_OF_APPLICATION}/<uuid:attachment_id>")
@requires("manager", "adviser", "jury", "buyer")
@attachments_api.doc(**FILE_DOCUMENTATION)
def get_file(application_id: UUID, attachment_id: UUID) -> Response:
    """One file, byte for byte."""
    with reading() as session:
        visible_application(session, application_id)
        return attachment_response(*attachment_content(session, application_id, attachment_id))


@attachments_api.delete(f"{_OF_APPLICATION}/<uuid:attachment_id>")
@requires("buyer")
@attachments_api.response(204)
def remove_file(application_id: UUID, attachment_id: UUID) -> None:
    """Remove a file; one that is gone already is no mistake. 409 for an application that is handed in."""
    with reading() as session:
        own_application(session, application_id)
    with unit_of_work() as work:
        remove_attachment(application_id, attachment_id, work)


@attachments_api.get(_OF_DRAFT)
@requires()
@lists()
@attachments_api.response(200, page_of(AttachmentOutput))
def list_files_of_draft(draft_id: UUID) -> dict[str, Any]:
    """The files of a draft of one's own, the first one first."""
    with reading() as session:
        own_draft(session, draft_id)
        return _page(session, draft_id)


@attachments_api.post(_OF_DRAFT)
@requires()
@attachments_api.uploads(AttachmentInput)
@attachments_api.response(201, AttachmentOutput)
def add_file_to_draft(given: dict[str, Any], draft_id: UUID) -> Attachment:
    """Add a file (PDF, JPEG, PNG) to a draft of one's own. 409 for one that is handed in."""
    with unit_of_work() as work:
        own_draft(work.session, draft_id)
        return attach(draft_id, _new_file(given), work)


@attachments_api.get(f"{_OF_DRAFT}/<uuid:attachment_id>")
@requires()
@attachments_api.doc(**FILE_DOCUMENTATION)
def get_file_of_draft(draft_id: UUID, attachment_id: UUID) -> Response:
    """One file, byte for byte."""
    with reading() as session:
        own_draft(session, draft_id)
        return attachment_response(*attachment_content(session, draft_id, attachment_id))


@attachments_api.delete(f"{_OF_DRAFT}/<uuid:attachment_id>")
@requires()
@attachments_api.response(204)
def remove_file_of_draft(draft_id: UUID, attachment_id: UUID) -> None:
    """Remove a file; one that is gone already is no mistake. 409 for a draft that is handed in."""
    with unit_of_work() as work:
        own_draft(work.session, draft_id)
        remove_attachment(draft_id, attachment_id, work)


def _page(session: Session, owner_id: UUID) -> dict[str, Any]:
    kept: Sequence[Attachment] = attachments_of(session, owner_id)
    return page_of_rows(kept)


def _new_file(given: dict[str, Any]) -> NewFile:
    file = given["file"]
    return NewFile(given["question"], file.filename or "", file.read())
