"""What notifications reads of other services' events: no more than it writes from."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.reactions import TolerantSchema


class Programme(TolerantSchema):
    slug = fields.String(required=True)
    name = fields.String(required=True)
    contact_email = fields.String(load_default=None, allow_none=True)


class Organisation(TolerantSchema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)


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
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    organisation_name = fields.String(required=True)
    state = fields.String(required=True)
    contact = fields.Nested(Contact, required=True)
    return_reason = fields.String(load_default=None, allow_none=True)
    reason = fields.String(load_default=None, allow_none=True)
    submitted_at = fields.AwareDateTime(load_default=None, allow_none=True)
    offered_until = fields.AwareDateTime(load_default=None, allow_none=True)
    offer_end = fields.String(load_default=None, allow_none=True)
    withdrawn_by = fields.String(load_default=None, allow_none=True)
    left_on = fields.Date(load_default=None, allow_none=True)


class ApplicationDraft(TolerantSchema):
    """``url`` is the personal link to it."""

    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    cohort_label = fields.String(required=True)
    call_closes_on = fields.Date(load_default=None, allow_none=True)
    state = fields.String(required=True)
    contact = fields.Nested(Contact, required=True)
    url = fields.String(load_default=None, allow_none=True)


class Agreement(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    application_id = fields.UUID(required=True)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    organisation_name = fields.String(required=True)
    cohort_label = fields.String(required=True)
    state = fields.String(required=True)
    contact = fields.Nested(Contact, required=True)


class Juror(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    cohort_label = fields.String(required=True)
    state = fields.String(required=True)
    jury_on = fields.Date(load_default=None, allow_none=True)
    contact = fields.Nested(Contact, required=True)


class Inviter(TolerantSchema):
    """``organisation_id`` is None for the chamber itself."""

    organisation_id = fields.UUID(load_default=None, allow_none=True)
    organisation_name = fields.String(required=True)


class Supplier(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
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
    organisation_id = fields.UUID(load_default=None, allow_none=True)
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
    supplier_organisation_id = fields.UUID(load_default=None, allow_none=True)
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
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    organisation_name = fields.String(required=True)
    state = fields.String(required=True)
    reason = fields.String(load_default=None, allow_none=True)
    contact = fields.Nested(Contact, required=True)
    meeting = fields.Nested(Meeting, required=True)


class Appointment(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    organisation_name = fields.String(required=True)
    state = fields.String(required=True)
    reason = fields.String(load_default=None, allow_none=True)
    adviser = fields.Nested(Contact, required=True)
    contact = fields.Nested(Contact, required=True)
    meeting = fields.Nested(Meeting, required=True)


class SelfRegistration(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_name = fields.String(required=True)
    contact = fields.Nested(Contact, required=True)
    url = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


class JoinRequest(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    organisation_name = fields.String(required=True)
    state = fields.String(required=True)
    contact = fields.Nested(Contact, required=True)
    asked_at = fields.AwareDateTime(required=True)


class ExportReady(TolerantSchema):
    id = fields.UUID(required=True)
    contact = fields.Nested(Contact, required=True)
    expires_at = fields.AwareDateTime(required=True)


class ErasureRequest(TolerantSchema):
    """``url`` confirms it: told once, to the person."""

    id = fields.UUID(required=True)
    programme = fields.String(load_default=None, allow_none=True)
    state = fields.String(required=True)
    contact = fields.Nested(Contact, required=True)
    reason = fields.String(load_default=None, allow_none=True)
    url = fields.String(load_default=None, allow_none=True)
    answer_due = fields.AwareDateTime(load_default=None, allow_none=True)
    expires_at = fields.AwareDateTime(required=True)


class AccountEnding(TolerantSchema):
    id = fields.UUID(required=True)
    contact = fields.Nested(Contact, required=True)
    ends_on = fields.Date(required=True)
    has_role = fields.Boolean(load_default=True)


class RoleInvitation(TolerantSchema):
    """``url`` is the personal link, there only while the invitation is sent."""

    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    role = fields.String(required=True)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    organisation_name = fields.String(load_default=None, allow_none=True)
    state = fields.String(required=True)
    inviter_name = fields.String(required=True)
    contact = fields.Nested(Contact, required=True)
    expires_at = fields.AwareDateTime(required=True)
    url = fields.String(load_default=None, allow_none=True)


class AddressChange(TolerantSchema):
    """``contact`` reads the new address, ``former_contact`` the one before; neither has an id."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)
    is_taken = fields.Boolean(required=True)
    contact = fields.Nested(Contact, required=True)
    former_contact = fields.Nested(Contact, required=True)
    masked_email = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    objection_until = fields.AwareDateTime(required=True)
    url = fields.String(load_default=None, allow_none=True)
    objection_url = fields.String(load_default=None, allow_none=True)
