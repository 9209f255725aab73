"""What enrolment publishes: the contracts, and the snapshots that fill them.

Each event carries the whole public state of its aggregate, so that a consumer needs no other event to
understand it and may apply whichever snapshot is the newest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from services.chassis.contracts import Contracts, EventSchema
from services.enrolment.domain.application import Application
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort, Programme
from services.enrolment.domain.supplier import SupplierEnrolment

contracts = Contracts("enrolment")


class ProgrammeSnapshot(EventSchema):
    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    chamber = fields.String(required=True)
    contact_email = fields.String(required=True)
    buyer_target = fields.Integer(required=True, strict=True)
    supplier_target = fields.Integer(required=True, strict=True)
    budget_total = fields.Decimal(required=True, as_string=True, places=2)
    budget_funded = fields.Decimal(required=True, as_string=True, places=2)


class CohortSnapshot(EventSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    label = fields.String(required=True)
    state = fields.String(required=True)
    capacity = fields.Integer(required=True, strict=True)
    call_opens_on = fields.Date(required=True, allow_none=True)
    call_closes_on = fields.Date(required=True, allow_none=True)


class OrganisationSnapshot(EventSchema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    siret = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)
    legal_form = fields.String(required=True)
    commune_code = fields.String(required=True, allow_none=True)
    commune_name = fields.String(required=True, allow_none=True)
    department = fields.String(required=True, allow_none=True)
    latitude = fields.Float(required=True, allow_none=True)
    longitude = fields.Float(required=True, allow_none=True)
    naf_code = fields.String(required=True, allow_none=True)
    size = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)


class ContactSnapshot(EventSchema):
    person_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    locale = fields.String(required=True)


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


class InviterSnapshot(EventSchema):
    organisation_id = fields.UUID(required=True, allow_none=True)
    organisation_name = fields.String(required=True)
    invited_at = fields.AwareDateTime(required=True)


class SupplierSnapshot(EventSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    siret = fields.String(required=True, allow_none=True)
    commune_code = fields.String(required=True, allow_none=True)
    commune_name = fields.String(required=True, allow_none=True)
    department = fields.String(required=True, allow_none=True)
    naf_code = fields.String(required=True, allow_none=True)
    size = fields.String(required=True, allow_none=True)
    latitude = fields.Float(required=True, allow_none=True)
    longitude = fields.Float(required=True, allow_none=True)
    state = fields.String(required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    invited_by = fields.List(fields.Nested(InviterSnapshot), required=True)
    invited_at = fields.AwareDateTime(required=True, allow_none=True)
    enrolled_at = fields.AwareDateTime(required=True, allow_none=True)
    invitation_url = fields.String(allow_none=True)


class GrantSnapshot(EventSchema):
    role = fields.String(required=True)
    programme = fields.String(required=True, allow_none=True)
    organisation_id = fields.UUID(required=True, allow_none=True)


class PersonSnapshot(EventSchema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    locale = fields.String(required=True)
    grants = fields.List(fields.Nested(GrantSnapshot), required=True)


class SignInRequested(EventSchema):
    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    locale = fields.String(required=True)
    url = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


_TYPES: Mapping[type[EventSchema], tuple[str, ...]] = {
    ProgrammeSnapshot: ("programme.created", "programme.updated"),
    CohortSnapshot: (
        "cohort.planned",
        "cohort.opened",
        "cohort.review_started",
        "cohort.started",
        "cohort.completed",
    ),
    OrganisationSnapshot: ("organisation.registered", "organisation.updated"),
    ApplicationSnapshot: (
        "application.submitted",
        "application.returned",
        "application.review_started",
        "application.accepted",
        "application.waitlisted",
        "application.declined",
        "application.withdrawn",
        "application.enrolled",
        "application.completed",
    ),
    SupplierSnapshot: ("supplier.invited", "supplier.enrolled", "supplier.activated", "supplier.left"),
    PersonSnapshot: ("person.registered", "person.updated"),
    SignInRequested: ("sign_in.requested",),
}
for _schema, _names in _TYPES.items():
    for _name in _names:
        contracts.define(f"enrolment.{_name}", _schema)


def programme_snapshot(programme: Programme) -> dict[str, Any]:
    return {
        "id": programme.id,
        "slug": programme.slug,
        "name": programme.name,
        "description": programme.description,
        "chamber": programme.chamber,
        "contact_email": programme.contact_email,
        "buyer_target": programme.buyer_target,
        "supplier_target": programme.supplier_target,
        "budget_total": programme.budget_total,
        "budget_funded": programme.budget_funded,
    }


def cohort_snapshot(cohort: Cohort) -> dict[str, Any]:
    return {
        "id": cohort.id,
        "programme": cohort.programme,
        "label": cohort.label,
        "state": cohort.state,
        "capacity": cohort.capacity,
        "call_opens_on": cohort.call_opens_on,
        "call_closes_on": cohort.call_closes_on,
    }


def organisation_snapshot(organisation: Organisation) -> dict[str, Any]:
    return {
        "id": organisation.id,
        "name": organisation.name,
        "siret": organisation.siret,
        "kind": organisation.kind,
        "legal_form": organisation.legal_form,
        "email": organisation.email,
        **_place_and_trade(organisation),
    }


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
    }


def supplier_snapshot(
    supplier: SupplierEnrolment, organisation: Organisation, *, invitation_url: str | None = None
) -> dict[str, Any]:
    return {
        "id": supplier.id,
        "programme": supplier.programme,
        "organisation_id": organisation.id,
        "organisation_name": organisation.name,
        "siret": organisation.siret,
        "state": supplier.state,
        "contact": {
            "person_id": supplier.contact_id,
            "name": supplier.contact_name,
            "email": supplier.contact_email,
            "locale": supplier.contact_locale,
        },
        "invited_by": supplier.invited_by,
        "invited_at": supplier.invited_at,
        "enrolled_at": supplier.enrolled_at,
        "invitation_url": invitation_url,
        **_place_and_trade(organisation),
    }


def person_snapshot(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "locale": person.locale,
        "grants": person.grants,
    }


def _place_and_trade(organisation: Organisation) -> dict[str, Any]:
    return {
        "commune_code": organisation.commune_code,
        "commune_name": organisation.commune_name,
        "department": organisation.department,
        "latitude": organisation.latitude,
        "longitude": organisation.longitude,
        "naf_code": organisation.naf_code,
        "size": organisation.size,
    }
