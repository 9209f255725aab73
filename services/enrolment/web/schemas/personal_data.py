"""What is typed about people's requests, and what programs are told of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, validate

from services.enrolment.domain.person import Person
from services.enrolment.domain.personal_data import PersonErasure, PersonExport
from services.enrolment.storage.personal_data import Answer


class AskForSchema(Schema):
    """The team asks for somebody."""

    email = fields.Email(required=True)
    what = fields.String(required=True, validate=validate.OneOf(["copy", "erasure"]))


class AskedForSchema(Schema):
    id = fields.UUID(required=True)
    what = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)


class DecisionSchema(Schema):
    decision = fields.String(required=True, validate=validate.OneOf(["erase", "decline"]))
    reason = fields.String(load_default="", validate=validate.Length(max=2000))


class ServiceAnswerSchema(Schema):
    service = fields.String(required=True)
    has_answered = fields.Boolean(required=True)


class CopyAnswerSchema(Schema):
    id = fields.UUID(required=True)
    asked_at = fields.AwareDateTime(required=True)
    ready_at = fields.AwareDateTime(required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True)
    services = fields.List(fields.Nested(ServiceAnswerSchema), required=True)


class ErasureAnswerSchema(Schema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True, allow_none=True)
    person_id = fields.UUID(required=True)
    person_name = fields.String(required=True)
    state = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    asked_at = fields.AwareDateTime(required=True)
    confirmed_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    late_since = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "Since when a service should have erased, where one has not in time."},
    )
    services = fields.List(fields.Nested(ServiceAnswerSchema), required=True)


def copy_answer(export: PersonExport, answers: Sequence[Answer]) -> dict[str, Any]:
    return {
        "id": export.id,
        "asked_at": export.asked_at,
        "ready_at": export.ready_at,
        "expires_at": export.expires_at,
        "services": _services(answers),
    }


def erasure_answer(
    erasure: PersonErasure, person: Person, answers: Sequence[Answer], now: datetime
) -> dict[str, Any]:
    return {
        "id": erasure.id,
        "programme": erasure.programme,
        "person_id": person.id,
        "person_name": person.name,
        "state": erasure.state,
        "reason": erasure.reason,
        "asked_at": erasure.asked_at,
        "confirmed_at": erasure.confirmed_at,
        "decided_at": erasure.decided_at,
        "late_since": erasure.late_since(now),
        "services": _services(answers),
    }


def _services(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    return [{"service": answer.service, "has_answered": answer.is_there} for answer in answers]
