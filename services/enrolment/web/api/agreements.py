"""Agreements, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from services.chassis.model import Forbidden, NotFound
from services.chassis.web.access import requires
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.agreement import Agreement, Party
from services.enrolment.handlers import agreements
from services.enrolment.storage.agreement_queries import agreement_of, signatures_of
from services.enrolment.web.parties import party_to
from services.enrolment.web.schemas.api import AgreementDetail, SignatureBody

agreements_api = Blueprint(
    "agreements_api",
    __name__,
    url_prefix="/applications/<uuid:application_id>/agreement",
    description="Agreements and signatures.",
)


@agreements_api.get("")
@requires("manager", "buyer")
@agreements_api.etag
@agreements_api.response(200, AgreementDetail)
def get_agreement(application_id: UUID) -> dict[str, Any]:
    """The agreement of an application, for its two parties."""
    with reading() as session:
        party_to(session, application_id)
        found = agreement_of(session, application_id)
        if found is None:
            raise NotFound("There is no agreement to sign yet.")
        return _detail(session, found)


@agreements_api.post("")
@requires("manager")
@agreements_api.response(201, AgreementDetail)
def propose_agreement(application_id: UUID) -> dict[str, Any]:
    """Draw the agreement and propose it to the buyer."""
    if _party(application_id) is not Party.CHAMBER:
        raise Forbidden("Only a manager of this programme proposes the agreement.")
    by = signed_in_person().person_id
    with unit_of_work() as work:
        return _detail(work.session, agreements.propose_agreement(application_id, by, work))


@agreements_api.post("/signatures")
@requires("manager", "buyer")
@agreements_api.arguments(SignatureBody)
@agreements_api.response(201, AgreementDetail)
def sign_agreement(details: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """Sign for the party that one speaks for: first the buyer, then the chamber."""
    command = agreements.Sign(
        application_id=application_id,
        party=_party(application_id),
        person_id=signed_in_person().person_id,
        address=request.remote_addr or "",
        **details,
    )
    with unit_of_work() as work:
        return _detail(work.session, agreements.sign_agreement(command, work))


def _party(application_id: UUID) -> Party:
    with reading() as session:
        _found, party = party_to(session, application_id)
    return party


def _detail(session: Session, agreement: Agreement) -> dict[str, Any]:
    names = ("id", "application_id", "state", "sha256", "proposed_at")
    values = {name: getattr(agreement, name) for name in names}
    return {**values, "signatures": signatures_of(session, agreement.id)}
