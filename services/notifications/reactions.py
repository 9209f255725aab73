"""What notifications does when it hears of other services' events.

It keeps a directory of people, organisations and programmes, remembers the latest state of whatever may be a
reason to write, and plans messages. While events are replayed it only does the first two: history mails
nobody.
"""

from __future__ import annotations

from typing import Any, cast

from marshmallow import Schema
from sqlalchemy import delete, insert, select

from services.chassis.events import Event
from services.chassis.privacy.taking_part import answer_requests
from services.chassis.projections import apply_snapshot, keep_newest
from services.chassis.reactions import Reactions
from services.chassis.sessions import heed_ended_sessions
from services.chassis.unit_of_work import UnitOfWork
from services.notifications.domain.message import Recipient
from services.notifications.handlers.farewell import farewell
from services.notifications.handlers.forgetting import forget_messages
from services.notifications.handlers.moving import person_changed
from services.notifications.handlers.planning import plan_for_roles, plan_messages
from services.notifications.heard import (
    AccountEnding,
    AddressChange,
    Agreement,
    Application,
    ApplicationDraft,
    Appointment,
    Assessment,
    ErasureRequest,
    ExportReady,
    JoinRequest,
    Juror,
    Organisation,
    Person,
    Programme,
    RoleInvitation,
    SelfRegistration,
    Sharing,
    SignIn,
    Supplier,
    Workshop,
    WorkshopRegistration,
)
from services.notifications.storage import queries
from services.notifications.storage.tables import (
    metadata,
    organisations,
    people,
    person_grants,
    programmes,
    subject_states,
)

reactions = Reactions("notifications")
answer_requests(reactions, metadata, also=forget_messages, last_word=farewell)
heed_ended_sessions(reactions, "enrolment.session.ended")


@reactions.on("enrolment.programme.created", "enrolment.programme.updated", reads=Programme)
def programme_is_known(event: Event, unit_of_work: UnitOfWork) -> None:
    values = {name: event.data[name] for name in ("name", "contact_email")}
    apply_snapshot(unit_of_work, programmes, {"slug": event.data["slug"]}, event, values)


@reactions.on("enrolment.person.registered", "enrolment.person.updated", reads=Person)
def person_is_known(event: Event, unit_of_work: UnitOfWork) -> None:
    """Whoever has a role now is written to about what is still open, even if it happened before."""
    session = unit_of_work.session
    person_id = event.data["id"]
    values = {name: event.data[name] for name in ("name", "email", "locale")}
    before = queries.person_of(session, person_id)
    if not apply_snapshot(unit_of_work, people, {"id": person_id}, event, values):
        return
    if before is not None:
        now = Recipient(person_id, values["name"], values["email"], values["locale"])
        person_changed(person_id, before, now, unit_of_work)
    mine = person_grants.c.person_id == person_id
    roles = set(session.scalars(select(person_grants.c.role).where(mine)))
    session.execute(delete(person_grants).where(mine))
    grants = event.data["grants"]
    if grants:
        rows = [
            {"person_id": person_id, "position": position, **grant} for position, grant in enumerate(grants)
        ]
        session.execute(insert(person_grants), rows)
    if not unit_of_work.replaying:
        plan_for_roles(roles | {grant["role"] for grant in grants}, unit_of_work)


@reactions.on("enrolment.organisation.registered", "enrolment.organisation.updated", reads=Organisation)
def organisation_is_known(event: Event, unit_of_work: UnitOfWork) -> None:
    keep_newest(unit_of_work, organisations, {"id": event.data["id"]}, event, {"name": event.data["name"]})


@reactions.on("enrolment.sign_in.requested", reads=SignIn)
def sign_in_was_requested(event: Event, unit_of_work: UnitOfWork) -> None:
    _plan(event, SignIn(), unit_of_work)


@reactions.on(
    "enrolment.application.submitted",
    "enrolment.application.returned",
    "enrolment.application.review_started",
    "enrolment.application.accepted",
    "enrolment.application.siret_asked",
    "enrolment.application.waitlisted",
    "enrolment.application.place_offered",
    "enrolment.application.declined",
    "enrolment.application.withdrawn",
    "enrolment.application.enrolled",
    "enrolment.application.completed",
    "enrolment.application.left",
    "enrolment.application.resumed",
    reads=Application,
)
def application_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, Application(), unit_of_work)


@reactions.on(
    "enrolment.application_draft.begun",
    "enrolment.application_draft.closing_soon",
    "enrolment.application_draft.submitted",
    reads=ApplicationDraft,
)
def application_draft_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, ApplicationDraft(), unit_of_work)


@reactions.on(
    "enrolment.agreement.proposed",
    "enrolment.agreement.buyer_signed",
    "enrolment.agreement.signed",
    "enrolment.agreement.voided",
    reads=Agreement,
)
def agreement_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, Agreement(), unit_of_work)


@reactions.on("enrolment.juror.invited", "enrolment.juror.removed", reads=Juror)
def juror_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, Juror(), unit_of_work)


@reactions.on(
    "enrolment.supplier.invited",
    "enrolment.supplier.enrolled",
    "enrolment.supplier.activated",
    "enrolment.supplier.fell_dormant",
    "enrolment.supplier.left",
    "enrolment.supplier.returned",
    "enrolment.supplier.updated",
    "enrolment.supplier.unmerged",
    reads=Supplier,
)
def supplier_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, Supplier(), unit_of_work)


@reactions.on("enrolment.supplier.merged", reads=Supplier)
def supplier_is_another_one(event: Event, unit_of_work: UnitOfWork) -> None:
    """Nobody is reminded of an invitation for what is part of another supplier now."""
    _follow(event, Supplier(), unit_of_work, state="merged")


@reactions.on("enrolment.self_registration.requested", reads=SelfRegistration)
def registration_was_requested(event: Event, unit_of_work: UnitOfWork) -> None:
    _plan(event, SelfRegistration(), unit_of_work)


@reactions.on(
    "enrolment.join_request.made",
    "enrolment.join_request.granted",
    "enrolment.join_request.declined",
    reads=JoinRequest,
)
def join_request_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, JoinRequest(), unit_of_work)


@reactions.on(
    "enrolment.role_invitation.sent",
    "enrolment.role_invitation.granted",
    "enrolment.role_invitation.accepted",
    "enrolment.role_invitation.withdrawn",
    reads=RoleInvitation,
)
def role_invitation_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, RoleInvitation(), unit_of_work)


@reactions.on(
    "assessment.assessment.assigned",
    "assessment.assessment.started",
    "assessment.assessment.submitted",
    "assessment.assessment.reopened",
    "assessment.assessment.review_started",
    "assessment.assessment.validated",
    "assessment.assessment.changes_requested",
    reads=Assessment,
)
def assessment_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, Assessment(), unit_of_work)


@reactions.on("assessment.sharing.granted", "assessment.sharing.revoked", reads=Sharing)
def sharing_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, Sharing(), unit_of_work)


@reactions.on(
    "enrolment.workshop.scheduled",
    "enrolment.workshop.changed",
    "enrolment.workshop.held",
    "enrolment.workshop.corrected",
    "enrolment.workshop.cancelled",
    reads=Workshop,
)
def workshop_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, Workshop(), unit_of_work)


@reactions.on(
    "enrolment.workshop_registration.registered",
    "enrolment.workshop_registration.waitlisted",
    "enrolment.workshop_registration.changed",
    "enrolment.workshop_registration.withdrawn",
    "enrolment.workshop_registration.cancelled",
    "enrolment.workshop_registration.attended",
    "enrolment.workshop_registration.absent",
    reads=WorkshopRegistration,
)
def workshop_registration_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, WorkshopRegistration(), unit_of_work)


@reactions.on(
    "enrolment.appointment.booked",
    "enrolment.appointment.moved",
    "enrolment.appointment.cancelled",
    "enrolment.appointment.held",
    "enrolment.appointment.reported",
    reads=Appointment,
)
def appointment_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, Appointment(), unit_of_work)


@reactions.on("enrolment.person.export_ready", reads=ExportReady)
def copy_is_ready(event: Event, unit_of_work: UnitOfWork) -> None:
    _plan(event, ExportReady(), unit_of_work)


@reactions.on(
    "enrolment.person.erasure_requested",
    "enrolment.person.erasure_to_decide",
    "enrolment.person.erasure_declined",
    "enrolment.person.erasure_withdrawn",
    reads=ErasureRequest,
)
def erasure_request_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, ErasureRequest(), unit_of_work)


@reactions.on("enrolment.person.account_ending", reads=AccountEnding)
def account_is_about_to_end(event: Event, unit_of_work: UnitOfWork) -> None:
    _plan(event, AccountEnding(), unit_of_work)


@reactions.on(
    "enrolment.address_change.requested",
    "enrolment.address_change.confirmed",
    "enrolment.address_change.cancelled",
    "enrolment.address_change.objected",
    reads=AddressChange,
)
def address_change_goes_on(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, AddressChange(), unit_of_work)


def _follow(event: Event, schema: Schema, unit_of_work: UnitOfWork, *, state: str | None = None) -> None:
    """Remember the state that the event tells of, and plan what it is a reason to write."""
    known = {"state": state or event.data.get("state"), "event": event.type.rpartition(".")[2]}
    apply_snapshot(unit_of_work, subject_states, {"subject_id": event.subject}, event, known)
    _plan(event, schema, unit_of_work)


def _plan(event: Event, schema: Schema, unit_of_work: UnitOfWork) -> None:
    if not unit_of_work.replaying:
        plan_messages(event, cast(dict[str, Any], schema.dump(event.data)), unit_of_work)
