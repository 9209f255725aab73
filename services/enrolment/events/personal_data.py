"""What people ask about their data, as other services learn of it: without anybody's name or address."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.chassis.privacy.taking_part import publish_answers
from services.enrolment.domain.person import Person
from services.enrolment.domain.personal_data import PersonErasure, PersonExport
from services.enrolment.events.common import ContactSnapshot, contracts, publish
from services.enrolment.events.meetings import contact_snapshot


class ExportRequest(EventSchema):
    """``address_digests`` tell the person's addresses to those who know them (``privacy.subject``).

    What a service holds is sealed with ``public_key`` (PEM), and of no use after ``expires_at``.
    ``organisation_ids`` are those whose files the person may still have.
    """

    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    address_digests = fields.List(fields.String(), required=True)
    public_key = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    organisation_ids = fields.List(fields.UUID())


class ExportReady(EventSchema):
    id = fields.UUID(required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    expires_at = fields.AwareDateTime(required=True)


class ErasureRequest(EventSchema):
    """``url`` confirms the request: whoever has it acts as the person. Told once, to the person.

    The team answers until ``answer_due`` at the latest, once it is confirmed.
    """

    id = fields.UUID(required=True)
    programme = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    reason = fields.String(required=True, allow_none=True)
    url = fields.String(allow_none=True)
    answer_due = fields.AwareDateTime(allow_none=True)
    expires_at = fields.AwareDateTime(required=True)


class ErasureOrder(EventSchema):
    """To every service: erase this person."""

    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    address_digests = fields.List(fields.String(), required=True)
    confirmed_at = fields.AwareDateTime(required=True)


class AccountEnding(EventSchema):
    """An account that nobody has used for long is erased on ``ends_on`` unless somebody signs in.

    Without ``has_role`` it is somebody who was invited and never answered.
    """

    id = fields.UUID(required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    ends_on = fields.Date(required=True)
    has_role = fields.Boolean()


publish(ExportRequest, "person.export_requested")
publish(ExportReady, "person.export_ready")
publish(
    ErasureRequest,
    "person.erasure_requested",
    "person.erasure_to_decide",
    "person.erasure_declined",
    "person.erasure_withdrawn",
)
publish(ErasureOrder, "person.erasure_confirmed")
publish(AccountEnding, "person.account_ending")
publish_answers(contracts)


def export_request(export: PersonExport, person: Person, address_digests: list[str]) -> dict[str, Any]:
    return {
        "id": export.id,
        "person_id": person.id,
        "address_digests": address_digests,
        "public_key": export.public_key,
        "expires_at": export.expires_at,
        "organisation_ids": person.organisations,
    }


def export_ready(export: PersonExport, person: Person) -> dict[str, Any]:
    return {"id": export.id, "contact": contact_snapshot(person), "expires_at": export.expires_at}


def erasure_request(erasure: PersonErasure, person: Person, *, url: str | None = None) -> dict[str, Any]:
    return {
        "id": erasure.id,
        "programme": erasure.programme,
        "state": erasure.state,
        "contact": contact_snapshot(person),
        "reason": erasure.reason,
        "url": url,
        "answer_due": erasure.answer_due,
        "expires_at": erasure.expires_at,
    }


def erasure_order(erasure: PersonErasure, person: Person, address_digests: list[str]) -> dict[str, Any]:
    return {
        "id": erasure.id,
        "person_id": person.id,
        "address_digests": address_digests,
        "confirmed_at": erasure.decided_at,
    }
