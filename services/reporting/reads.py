"""What reporting reads of other services' events: the fields that its read models are made of."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.reactions import TolerantSchema


class ProgrammeRead(TolerantSchema):
    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    buyer_target = fields.Integer(required=True, allow_none=True)
    supplier_target = fields.Integer(required=True, allow_none=True)


class CohortRead(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    label = fields.String(required=True)
    state = fields.String(required=True)
    capacity = fields.Integer(required=True)


class OrganisationRead(TolerantSchema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    siret = fields.String(required=True, allow_none=True)
    commune_code = fields.String(required=True, allow_none=True)
    department = fields.String(required=True, allow_none=True)
    naf_code = fields.String(required=True, allow_none=True)
    size = fields.String(required=True, allow_none=True)
    latitude = fields.Float(required=True, allow_none=True)
    longitude = fields.Float(required=True, allow_none=True)
    merged_into = fields.UUID(load_default=None, allow_none=True)


class ApplicationRead(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    cohort_label = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    legal_form = fields.String(required=True)
    state = fields.String(required=True)


class InviterRead(TolerantSchema):
    organisation_id = fields.UUID(required=True, allow_none=True)


class SupplierRead(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    state = fields.String(required=True)
    invited_by = fields.List(fields.Nested(InviterRead), required=True)
    invited_at = fields.AwareDateTime(required=True, allow_none=True)
    enrolled_at = fields.AwareDateTime(required=True, allow_none=True)
    merged_into = fields.UUID(load_default=None, allow_none=True)


class ThemeRead(TolerantSchema):
    key = fields.String(required=True)
    label = fields.String(required=True)
    score = fields.Float(required=True, allow_none=True)


class TrustRead(TolerantSchema):
    declared = fields.Float(required=True)
    evidenced = fields.Float(required=True)
    verified = fields.Float(required=True)


class AssessmentRead(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    state = fields.String(required=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    validated_at = fields.AwareDateTime(required=True, allow_none=True)
    score = fields.Float(required=True, allow_none=True)
    level = fields.Integer(required=True, allow_none=True)
    themes = fields.List(fields.Nested(ThemeRead), required=True)
    trust = fields.Nested(TrustRead, required=True, allow_none=True)


class SharingRead(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    supplier_organisation_id = fields.UUID(required=True)
    buyer_organisation_id = fields.UUID(required=True)


class MeetingRead(TolerantSchema):
    id = fields.UUID(required=True)
    starts_at = fields.AwareDateTime(required=True)


class WorkshopRead(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    state = fields.String(required=True)


class RegistrationRead(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    cohort_label = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    state = fields.String(required=True)
    present_at = fields.AwareDateTime(required=True, allow_none=True)
    meeting = fields.Nested(MeetingRead, required=True)


class AdviserAssignmentRead(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    adviser_id = fields.UUID(required=True, allow_none=True)


class NotedRead(TolerantSchema):
    programme = fields.String(required=True, allow_none=True)
