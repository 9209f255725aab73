"""The form in which an organisation's details are put right, whoever does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.web.forms import Form, blank_form
from services.chassis.web.session import signed_in_person
from services.enrolment.domain.organisation import Organisation
from services.enrolment.handlers.organisation_changes import CorrectOrganisation
from services.enrolment.web.schemas.suppliers import DetailsForm


def typed_details(session: Session, organisation_id: UUID) -> Form:
    """The form, filled in with what is known."""
    return blank_form(DetailsForm(), known_details(session.get_one(Organisation, organisation_id)))


def known_details(found: Organisation) -> dict[str, Any]:
    """What is known of an organisation, by the fields of forms."""
    commune = f"{found.commune_name} ({found.department})" if found.commune_code else ""
    return {
        "organisation_name": found.name,
        "commune": commune,
        "size": found.size,
        "siret": found.siret,
        "legal_form": found.legal_form,
        "seen_version": found.version,
    }


def correction(organisation_id: UUID, details: Mapping[str, Any]) -> CorrectOrganisation:
    """The command that the signed-in person gives with a form or a body."""
    return CorrectOrganisation(
        organisation_id=organisation_id,
        name=details["organisation_name"],
        commune=details["commune"],
        size=details["size"],
        siret=details["siret"],
        legal_form=details.get("legal_form"),
        by=signed_in_person().person_id,
        seen_version=details.get("seen_version"),
    )
