"""Applications, as others learn of them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.application import Application
from services.enrolment.domain.draft import ApplicationDraft
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort
from services.enrolment.events.common import ContactSnapshot, publish


class ApplicationSnapshot(EventSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    cohort_id = fields.UUID(required=True)
    cohort_label = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    legal_form = fields.String(required=True)
    state = fields.String(required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    return_reason = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    offered_until = fields.AwareDateTime(allow_none=True)
    offer_end = fields.String(allow_none=True)
    withdrawn_by = fields.String(allow_none=True)
    left_on = fields.Date(allow_none=True)


class DraftSnapshot(EventSchema):
    """``url`` is the personal link: whoever has it can write on."""

    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    cohort_label = fields.String(required=True)
    call_closes_on = fields.Date(required=True, allow_none=True)
    state = fields.String(required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    url = fields.String(allow_none=True)


publish(
    ApplicationSnapshot,
    "application.submitted",
    "application.returned",
    "application.review_started",
    "application.accepted",
    "application.siret_asked",
    "application.waitlisted",
    "application.place_offered",
    "application.declined",
    "application.withdrawn",
    "application.enrolled",
    "application.completed",
    "application.left",
    "application.resumed",
)
publish(
    DraftSnapshot,
    "application_draft.begun",
    "application_draft.closing_soon",
    "application_draft.submitted",
)


def application_snapshot(
    application: Application, cohort: Cohort, organisation: Organisation, contact: Person
) -> dict[str, Any]:
    return {
        "id": application.id,
        "programme": application.programme,
        "cohort_id": cohort.id,
        "cohort_label": cohort.label,
        "organisation_id": organisation.id,
        "organisation_name": organisation.name,
        "legal_form": organisation.legal_form,
        "state": application.state,
        "contact": {
            "person_id": contact.id,
            "name": contact.name,
            "email": contact.email,
            "locale": contact.locale,
        },
        "return_reason": application.return_reason,
        "reason": application.reason,
        "submitted_at": application.submitted_at,
        "decided_at": application.decided_at,
        "offered_until": application.offered_until,
        "offer_end": application.offer_end,
        "withdrawn_by": application.withdrawn_by,
        "left_on": application.left_on,
    }


def draft_snapshot(draft: ApplicationDraft, cohort: Cohort, *, url: str | None = None) -> dict[str, Any]:
    return {
        "id": draft.id,
        "programme": draft.programme,
        "cohort_label": cohort.label,
        "call_closes_on": cohort.call_closes_on,
        "state": "open" if draft.is_open else "submitted",
        "contact": {
            "person_id": None,
            "name": draft.typed.get("contact_name", ""),
            "email": draft.email,
            "locale": draft.locale,
        },
        "url": url,
    }
