"""Members of juries, as others learn of them. Their scores stay where they are."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.jury import Juror
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort
from services.enrolment.events.common import ContactSnapshot, publish


class JurorSnapshot(EventSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    cohort_id = fields.UUID(required=True)
    cohort_label = fields.String(required=True)
    state = fields.String(required=True)
    jury_on = fields.Date(required=True, allow_none=True)
    contact = fields.Nested(ContactSnapshot, required=True)


publish(
    JurorSnapshot,
    "juror.invited",
    "juror.removed",
)


def juror_snapshot(juror: Juror, cohort: Cohort, person: Person) -> dict[str, Any]:
    return {
        "id": juror.id,
        "programme": cohort.programme,
        "cohort_id": cohort.id,
        "cohort_label": cohort.label,
        "state": "seated" if juror.is_seated else "removed",
        "jury_on": cohort.jury_on,
        "contact": {
            "person_id": person.id,
            "name": person.name,
            "email": person.email,
            "locale": person.locale,
        },
    }
