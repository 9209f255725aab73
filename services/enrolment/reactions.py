"""What enrolment does when it hears of other services' events."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.events import Event
from services.chassis.reactions import Reactions, TolerantSchema
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.handlers.suppliers import activate_supplier
from services.enrolment.handlers.user_sessions import note_use

reactions = Reactions("enrolment")


class AssessmentOfSupplier(TolerantSchema):
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)


@reactions.on("assessment.assessment.started", "assessment.assessment.submitted", reads=AssessmentOfSupplier)
def supplier_is_active(event: Event, unit_of_work: UnitOfWork) -> None:
    """Whoever answers the self-assessment takes part actively."""
    activate_supplier(event.data["programme"], event.data["organisation_id"], unit_of_work)


class SessionUse(TolerantSchema):
    id = fields.UUID(required=True)
    person_id = fields.UUID(load_default=None, allow_none=True)
    used_at = fields.AwareDateTime(required=True)


@reactions.on(
    "enrolment.session.used",
    "assessment.session.used",
    "notifications.session.used",
    "reporting.session.used",
    reads=SessionUse,
)
def session_was_used(event: Event, unit_of_work: UnitOfWork) -> None:
    """Whoever looks at the list of their sign-ins and tokens sees when each was last used, wherever."""
    note_use(event.data["id"], event.data["used_at"], unit_of_work)
    note_account_use(event.data["person_id"], event.data["used_at"], unit_of_work)
