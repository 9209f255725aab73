"""Suppliers who come by themselves, and requests to join, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.chassis.web.access import public, requires
from services.chassis.web.i18n import current_locale
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.organisation import Organisation
from services.enrolment.events.self_registrations import JoinRequestSnapshot, join_request_snapshot
from services.enrolment.handlers import self_registration
from services.enrolment.web.join_requests import open_requests, visible_request
from services.enrolment.web.schemas.self_registration import JoinDecisionSchema, RegistrationSchema

self_registrations_api = Blueprint(
    "self_registrations_api", __name__, description="Suppliers who come by themselves, and requests to join."
)


class KnownContact(Schema):
    name = fields.String()
    email = fields.String()
    same_domain = fields.Boolean(
        metadata={"description": "Whether the address that asks has the same domain."}
    )


class OpenJoinRequest(JoinRequestSnapshot):
    known_contact = fields.Nested(KnownContact)


@self_registrations_api.post("/programmes/<slug>/registrations")
@public
@self_registrations_api.arguments(RegistrationSchema)
@self_registrations_api.response(202)
def register_supplier(details: dict[str, Any], slug: str) -> Response:
    """Register a supplier. Nothing is created before the link in the e-mail is opened."""
    details.pop("agrees")
    command = self_registration.RegisterSupplier(programme=slug, locale=current_locale(), **details)
    with unit_of_work() as work:
        self_registration.request_registration(command, runtime().settings.public_url, work)
    return Response(status=202)


@self_registrations_api.get("/suppliers/join-requests")
@requires("manager")
@lists()
@self_registrations_api.response(200, page_of(OpenJoinRequest))
def list_join_requests() -> dict[str, Any]:
    """The requests that wait for an answer, the first one first."""
    with reading() as session:
        requests = open_requests(session, signed_in_person().programmes("manager"))
        return page_of_rows(
            [
                {
                    **join_request_snapshot(each.request, each.organisation),
                    "known_contact": {
                        "name": each.contact_name,
                        "email": each.contact_email,
                        "same_domain": each.same_house,
                    },
                }
                for each in requests
            ]
        )


@self_registrations_api.post("/suppliers/join-requests/<uuid:request_id>/decision")
@requires("manager")
@self_registrations_api.arguments(JoinDecisionSchema)
@self_registrations_api.response(200, JoinRequestSnapshot)
def decide_join_request(decision: dict[str, Any], request_id: UUID) -> dict[str, Any]:
    """Let the person act for the organisation, or not. 409 when somebody else has answered."""
    person = signed_in_person()
    with unit_of_work() as work:
        visible_request(work.session, person, request_id)
        request = self_registration.decide_join(
            request_id, by=person.person_id, unit_of_work=work, **decision
        )
        return join_request_snapshot(request, work.get(Organisation, request.organisation_id))
