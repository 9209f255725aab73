"""Drafts of applications, for programs: of whoever has signed in with their address."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.chassis.web.access import requires
from services.chassis.web.i18n import current_locale
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import local_today, reading, runtime, unit_of_work
from services.enrolment.domain.draft import ApplicationDraft
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import applications, drafts
from services.enrolment.personal_links import draft_address
from services.enrolment.storage.application_queries import open_drafts_of
from services.enrolment.web.own_drafts import own_draft
from services.enrolment.web.schemas.api import ApplyBody, DraftBody, DraftDetail, HandedInDetail

drafts_api = Blueprint("drafts_api", __name__, description="Applications that are not handed in yet.")

_ONE = "/drafts/<uuid:draft_id>"


@drafts_api.post("/programmes/<slug>/cohorts/<label>/drafts")
@requires()
@drafts_api.arguments(DraftBody)
@drafts_api.response(201, DraftDetail)
def begin_draft(details: dict[str, Any], slug: str, label: str) -> ApplicationDraft:
    """Begin a draft, or find the one that the caller has for this cohort."""
    command = drafts.BeginDraft(
        programme=slug,
        cohort_label=label,
        email=signed_in_person().email,
        typed=details["typed"],
        locale=current_locale(),
    )
    with unit_of_work() as work:
        return drafts.begin_draft(command, partial(draft_address, runtime().settings), work)


@drafts_api.get("/account/drafts")
@requires()
@lists()
@drafts_api.response(200, page_of(DraftDetail))
def list_drafts() -> dict[str, Any]:
    """What the caller has begun and not handed in, where the call is still open, the latest first."""
    with reading() as session:
        return page_of_rows(open_drafts_of(session, signed_in_person().email))


@drafts_api.get(_ONE)
@requires()
@drafts_api.etag
@drafts_api.response(200, DraftDetail)
def get_draft(draft_id: UUID) -> ApplicationDraft:
    """A draft of one's own."""
    with reading() as session:
        return own_draft(session, draft_id)


@drafts_api.put(_ONE)
@requires()
@drafts_api.etag
@drafts_api.arguments(DraftBody)
@drafts_api.response(200, DraftDetail)
def save_draft(details: dict[str, Any], draft_id: UUID) -> ApplicationDraft:
    """Keep what was typed, right or wrong."""
    with unit_of_work() as work:
        drafts_api.check_etag(own_draft(work.session, draft_id, lock=True), DraftDetail)
        return drafts.save_draft(draft_id, details["typed"], work)


@drafts_api.post(f"{_ONE}/submission")
@requires()
@drafts_api.arguments(ApplyBody)
@drafts_api.response(201, HandedInDetail)
def submit_draft(details: dict[str, Any], draft_id: UUID) -> dict[str, Any]:
    """Hand the draft in, with its files. Done twice, it is the same application."""
    with unit_of_work() as work:
        cohort = work.get(Cohort, own_draft(work.session, draft_id, lock=True).cohort_id)
        command = applications.Apply(
            programme=cohort.programme,
            cohort_label=cohort.label,
            locale=current_locale(),
            today=local_today(),
            applicant_id=signed_in_person().person_id,
            **details,
        )
        return {"application_id": drafts.submit_draft(draft_id, command, work).id}
