"""What enrolment does when it hears of other services' events."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.events import Event
from services.chassis.privacy.taking_part import answer_requests
from services.chassis.projections import keep_newest
from services.chassis.reactions import Reactions, TolerantSchema
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.personal_data import HOLDERS
from services.enrolment.domain.supplier_log import SupplierDeed
from services.enrolment.handlers.personal_data.accounts import note_account_use
from services.enrolment.handlers.personal_data.erasures import note_erased
from services.enrolment.handlers.personal_data.exports import keep_piece
from services.enrolment.handlers.personal_data.forgetting import forget_besides
from services.enrolment.handlers.supplier_dormancy import activate_supplier, wake_suppliers_of
from services.enrolment.handlers.undelivered import note_undelivered
from services.enrolment.handlers.user_sessions import note_use
from services.enrolment.storage.own_files import own_files
from services.enrolment.storage.tables import metadata, supplier_assessments

reactions = Reactions("enrolment")

_ASSESSMENT_EVENTS = (
    "assessment.assessment.assigned",
    "assessment.assessment.started",
    "assessment.assessment.submitted",
    "assessment.assessment.reopened",
    "assessment.assessment.review_started",
    "assessment.assessment.validated",
    "assessment.assessment.changes_requested",
)
# Enrolment is asked like the others, and by itself.
answer_requests(reactions, metadata, files=own_files, also=forget_besides)


class CollectedPiece(TolerantSchema):
    request_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    of = fields.Integer(required=True)
    sealed = fields.String(required=True)


class ErasedPerson(TolerantSchema):
    request_id = fields.UUID(required=True)
    rows = fields.Integer(required=True)


@reactions.on(*(f"{holder}.person_data.collected" for holder in HOLDERS), reads=CollectedPiece)
def piece_has_come(event: Event, unit_of_work: UnitOfWork) -> None:
    """A service hands out what it holds about somebody."""
    if not unit_of_work.replaying:
        data = event.data
        keep_piece(data["request_id"], event.source, data["number"], data["of"], data["sealed"], unit_of_work)


@reactions.on(*(f"{holder}.person.erased" for holder in HOLDERS), reads=ErasedPerson)
def service_has_erased(event: Event, unit_of_work: UnitOfWork) -> None:
    note_erased(event.data["request_id"], event.source, event.data["rows"], unit_of_work)


class AssessmentOfSupplier(TolerantSchema):
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)


class AssessmentProgress(AssessmentOfSupplier):
    id = fields.UUID(required=True)
    state = fields.String(required=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    validated_at = fields.AwareDateTime(required=True, allow_none=True)


@reactions.on(*_ASSESSMENT_EVENTS, reads=AssessmentProgress)
def assessment_goes_on(event: Event, unit_of_work: UnitOfWork) -> None:
    """The cockpit shows which of a buyer's suppliers are assessed."""
    values = dict(event.data)
    keep_newest(unit_of_work, supplier_assessments, {"id": values.pop("id")}, event, values)


@reactions.on("assessment.assessment.started", "assessment.assessment.submitted", reads=AssessmentOfSupplier)
def supplier_is_active(event: Event, unit_of_work: UnitOfWork) -> None:
    """Whoever answers the self-assessment takes part actively."""
    activate_supplier(event.data["programme"], event.data["organisation_id"], event.time, unit_of_work)


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
    wake_suppliers_of(event.data["person_id"], event.data["used_at"], unit_of_work)


class MessageOutcome(TolerantSchema):
    cause = fields.UUID(required=True)
    reason = fields.String(load_default=None, allow_none=True)


@reactions.on("notifications.message.failed", "notifications.message.suppressed", reads=MessageOutcome)
def mail_did_not_arrive(event: Event, unit_of_work: UnitOfWork) -> None:
    """Whoever invited a supplier sees that the invitation reached nobody, and does not wait in vain."""
    what = None
    if event.data["reason"] == "unsubscribed":
        what = SupplierDeed.UNSUBSCRIBED
    elif event.type == "notifications.message.failed":
        what = SupplierDeed.NOT_DELIVERED
    if what is not None:
        note_undelivered(event.data["cause"], what, unit_of_work)
