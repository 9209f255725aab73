"""What enrolment does when it hears of other services' events."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.events import Event
from services.chassis.reactions import Reactions, TolerantSchema
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.handlers.suppliers import activate_supplier

reactions = Reactions("enrolment")


class AssessmentOfSupplier(TolerantSchema):
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)


@reactions.on("assessment.assessment.started", "assessment.assessment.submitted", reads=AssessmentOfSupplier)
def supplier_is_active(event: Event, unit_of_work: UnitOfWork) -> None:
    """Whoever answers the self-assessment takes part actively."""
    activate_supplier(event.data["programme"], event.data["organisation_id"], unit_of_work)
