"""What notifications does when it hears of other services' events.

It keeps a directory of people and programmes, remembers the latest state of whatever may be a reason to
write, and plans messages. While events are replayed it only does the first two: history mails nobody.
"""

from __future__ import annotations

from typing import Any, cast

from marshmallow import Schema, fields
from sqlalchemy import delete, insert, select

from services.chassis.events import Event
from services.chassis.projections import apply_snapshot
from services.chassis.reactions import Reactions, TolerantSchema
from services.chassis.unit_of_work import UnitOfWork
from services.notifications.handlers.planning import plan_for_roles, plan_messages
from services.notifications.storage.tables import people, person_grants, programmes, subject_states

reactions = Reactions("notifications")


class Programme(TolerantSchema):
    slug = fields.String(required=True)
    name = fields.String(required=True)
    contact_email = fields.String(load_default=None, allow_none=True)


class Grant(TolerantSchema):
    role = fields.String(required=True)
    programme = fields.String(load_default=None, allow_none=True)
    organisation_id = fields.UUID(load_default=None, allow_none=True)


class Person(TolerantSchema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    locale = fields.String(load_default="fr")
    grants = fields.List(fields.Nested(Grant), load_default=list)


class Contact(TolerantSchema):
    person_id = fields.UUID(load_default=None, allow_none=True)
    name = fields.String(load_default="")
    email = fields.String(load_default="")
    locale = fields.String(load_default="fr")


class SignIn(TolerantSchema):
    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    locale = fields.String(load_default="fr")
    url = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


class Application(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    cohort_label = fields.String(required=True)
    organisation_name = fields.String(required=True)
    state = fields.String(required=True)
    contact = fields.Nested(Contact, required=True)
    return_reason = fields.String(load_default=None, allow_none=True)
    reason = fields.String(load_default=None, allow_none=True)
    submitted_at = fields.AwareDateTime(load_default=None, allow_none=True)


class Inviter(TolerantSchema):
    """``organisation_id`` is None for the chamber itself."""

    organisation_id = fields.UUID(load_default=None, allow_none=True)
    organisation_name = fields.String(required=True)


class Supplier(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_name = fields.String(required=True)
    state = fields.String(required=True)
    contact = fields.Nested(Contact, required=True)
    invited_by = fields.List(fields.Nested(Inviter), load_default=list)
    invitation_url = fields.String(load_default=None, allow_none=True)


class Theme(TolerantSchema):
    label = fields.String(required=True)
    score = fields.Float(load_default=None, allow_none=True)


class Assessment(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_name = fields.String(required=True)
    state = fields.String(required=True)
    answered = fields.Integer(required=True)
    applicable = fields.Integer(required=True)
    score = fields.Float(load_default=None, allow_none=True)
    level = fields.Integer(load_default=None, allow_none=True)
    themes = fields.List(fields.Nested(Theme), load_default=list)
    contact = fields.Nested(Contact, required=True)
    submitted_at = fields.AwareDateTime(load_default=None, allow_none=True)
    comment = fields.String(load_default=None, allow_none=True)


class Sharing(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    assessment_id = fields.UUID(required=True)
    supplier_name = fields.String(required=True)
    buyer_organisation_id = fields.UUID(required=True)
    buyer_name = fields.String(required=True)
    level = fields.Integer(load_default=None, allow_none=True)
    score = fields.Float(load_default=None, allow_none=True)


class Meeting(TolerantSchema):
    """What people have in their calendars; see ``calendar_parts``."""

    id = fields.UUID(required=True)
    sequence = fields.Integer(required=True)
    title = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    place = fields.String(load_default=None, allow_none=True)
    video_url = fields.String(load_default=None, allow_none=True)
    description = fields.String(load_default="")


class Workshop(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    cohort_label = fields.String(required=True)
    theme = fields.String(required=True)
    state = fields.String(required=True)
    meeting = fields.Nested(Meeting, required=True)
    invited = fields.List(fields.Nested(Contact), load_default=list)


class WorkshopRegistration(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_name = fields.String(required=True)
    state = fields.String(required=True)
    reason = fields.String(load_default=None, allow_none=True)
    contact = fields.Nested(Contact, required=True)
    meeting = fields.Nested(Meeting, required=True)


class Appointment(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_name = fields.String(required=True)
    state = fields.String(required=True)
    reason = fields.String(load_default=None, allow_none=True)
    adviser = fields.Nested(Contact, required=True)
    contact = fields.Nested(Contact, required=True)
    meeting = fields.Nested(Meeting, required=True)


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
    if not apply_snapshot(unit_of_work, people, {"id": person_id}, event, values):
        return
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


@reactions.on("enrolment.sign_in.requested", reads=SignIn)
def sign_in_was_requested(event: Event, unit_of_work: UnitOfWork) -> None:
    _plan(event, SignIn(), unit_of_work)


@reactions.on(
    "enrolment.application.submitted",
    "enrolment.application.returned",
    "enrolment.application.review_started",
    "enrolment.application.accepted",
    "enrolment.application.waitlisted",
    "enrolment.application.declined",
    "enrolment.application.withdrawn",
    "enrolment.application.enrolled",
    "enrolment.application.completed",
    reads=Application,
)
def application_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, Application(), unit_of_work)


@reactions.on(
    "enrolment.supplier.invited",
    "enrolment.supplier.enrolled",
    "enrolment.supplier.activated",
    "enrolment.supplier.left",
    reads=Supplier,
)
def supplier_changed(event: Event, unit_of_work: UnitOfWork) -> None:
    _follow(event, Supplier(), unit_of_work)


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


def _follow(event: Event, schema: Schema, unit_of_work: UnitOfWork) -> None:
    """Remember the state that the event tells of, and plan what it is a reason to write."""
    state = {"state": event.data.get("state"), "event": event.type.rpartition(".")[2]}
    apply_snapshot(unit_of_work, subject_states, {"subject_id": event.subject}, event, state)
    _plan(event, schema, unit_of_work)


def _plan(event: Event, schema: Schema, unit_of_work: UnitOfWork) -> None:
    if not unit_of_work.replaying:
        plan_messages(event, cast(dict[str, Any], schema.dump(event.data)), unit_of_work)
