"""Agreements, as others learn of them. The documents and the signatures stay where they are."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.agreement import Agreement
from services.enrolment.domain.application import Application
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort
from services.enrolment.events.common import ContactSnapshot, publish


class AgreementSnapshot(EventSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    application_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    cohort_label = fields.String(required=True)
    state = fields.String(required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    proposed_at = fields.AwareDateTime(required=True)


publish(
    AgreementSnapshot,
    "agreement.proposed",
    "agreement.buyer_signed",
    "agreement.signed",
    "agreement.voided",
)


def agreement_snapshot(
    agreement: Agreement,
    application: Application,
    cohort: Cohort,
    organisation: Organisation,
    contact: Person,
) -> dict[str, Any]:
    return {
        "id": agreement.id,
        "programme": agreement.programme,
        "application_id": application.id,
        "organisation_id": organisation.id,
        "organisation_name": organisation.name,
        "cohort_label": cohort.label,
        "state": agreement.state,
        "contact": {
            "person_id": contact.id,
            "name": contact.name,
            "email": contact.email,
            "locale": contact.locale,
        },
        "proposed_at": agreement.proposed_at,
    }
