"""Which cohorts and applications a person may see."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import Forbidden
from services.chassis.web.session import signed_in_person
from services.enrolment.domain.application import Application
from services.enrolment.domain.programme import Cohort
from services.enrolment.storage.jury_queries import is_juror, own_review


def visible_application(session: Session, application_id: UUID) -> Application:
    """The application, for the programme's team, for its jury and for the applicant.

    A jury member sees those of the cohorts of their jury, without those for which they declared a conflict
    of interest. Raises Forbidden for others.
    """
    person = signed_in_person()
    found = session.get(Application, application_id)
    if found is not None and (
        any(person.may(role, found.programme) for role in ("manager", "adviser"))
        or person.may("buyer", found.programme, found.organisation_id)
        or (person.may("jury", found.programme) and _is_on_jury(session, found, person.person_id))
    ):
        return found
    # The same answer for what does not exist, so that ids tell nothing.
    raise Forbidden("You cannot see this application, or it does not exist.")


def check_may_see_applications_of(session: Session, cohort: Cohort) -> None:
    """Raises Forbidden unless the person is of the programme's team or of the cohort's jury."""
    person = signed_in_person()
    if any(person.may(role, cohort.programme) for role in ("manager", "adviser")):
        return
    if person.may("jury", cohort.programme) and is_juror(session, cohort.id, person.person_id):
        return
    raise Forbidden("You do not take part in this programme in a role that may do this.")


def _is_on_jury(session: Session, application: Application, person_id: UUID) -> bool:
    review = own_review(session, application.id, person_id)
    return is_juror(session, application.cohort_id, person_id) and not (review and review.has_conflict)
