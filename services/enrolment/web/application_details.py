"""An application as the JSON API gives it, and as its tag is made from."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.enrolment.domain.application import Application
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort
from services.enrolment.events.applications import application_snapshot


def application_detail(session: Session, application: Application) -> dict[str, Any]:
    organisation = session.get_one(Organisation, application.organisation_id)
    return {
        **application_snapshot(
            application,
            session.get_one(Cohort, application.cohort_id),
            organisation,
            session.get_one(Person, application.contact_id),
        ),
        "siret": organisation.siret,
        "motivation": application.motivation,
        "answers": application.answers,
        "waiting_rank": application.waiting_rank,
    }
