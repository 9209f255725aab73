"""Which cohorts and applications a person may see."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import Forbidden, NotFound
from services.chassis.web.identity import Identity
from services.chassis.web.session import signed_in_person
from services.enrolment.domain.application import Application
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.programme import Cohort
from services.enrolment.storage import queries
from services.enrolment.storage.jury_queries import is_juror, own_review
from services.enrolment.web.accompanying import accompanied_by, accompanies
from services.enrolment.web.identities import check_may


def visible_application(session: Session, application_id: UUID) -> Application:
    """The application, for those who accompany the applicant, for its jury and for the applicant.

    A jury member sees those of the cohorts of their jury, without those for which they declared a conflict
    of interest. Raises NotFound for others.
    """
    person = signed_in_person()
    found = session.get(Application, application_id)
    if found is not None and (
        accompanies(person, session, found.programme, found.organisation_id)
        or person.may("buyer", found.programme, found.organisation_id)
        or (person.may("jury", found.programme) and _is_on_jury(session, found, person.person_id))
    ):
        return found
    # The same answer for what does not exist, so that ids tell nothing.
    raise NotFound("You cannot see this application, or it does not exist.")


def own_application(session: Session, application_id: UUID) -> Application:
    """The application, for its applicant. Raises NotFound like ``visible_application``, and Forbidden."""
    found = visible_application(session, application_id)
    if not signed_in_person().may("buyer", found.programme, found.organisation_id):
        raise Forbidden("Only the applicant may do this.")
    return found


def managed_application(session: Session, application_id: UUID) -> Application:
    """The application, for a manager of its programme. Raises NotFound, and Forbidden like ``check_may``."""
    found = visible_application(session, application_id)
    check_may(found.programme, "manager")
    return found


def check_is_for(session: Session, cohort: Cohort, application_id: UUID) -> Application:
    """The application, which is for this cohort. Raises NotFound."""
    found = session.get(Application, application_id)
    if found is None or found.cohort_id != cohort.id:
        raise NotFound("You cannot see this application, or it does not exist.")
    return found


def visible_applications(session: Session, cohort: Cohort) -> list[tuple[Application, Organisation]]:
    """The applications of a cohort that the person sees, the first submitted first.

    All for a manager and for its jury, those of their buyers for an adviser. Raises Forbidden for others.
    """
    person = signed_in_person()
    found = queries.applications_of(session, cohort.id)
    if person.may("manager", cohort.programme) or _sits_on_jury(session, cohort, person):
        return list(found)
    if not person.may("adviser", cohort.programme):
        raise Forbidden("You do not take part in this programme in a role that may do this.")
    accompanied = accompanied_by(person, session)
    return [
        (application, organisation)
        for application, organisation in found
        if accompanied.includes(cohort.programme, organisation.id)
    ]


def _sits_on_jury(session: Session, cohort: Cohort, person: Identity) -> bool:
    return person.may("jury", cohort.programme) and is_juror(session, cohort.id, person.person_id)


def _is_on_jury(session: Session, application: Application, person_id: UUID) -> bool:
    review = own_review(session, application.id, person_id)
    return is_juror(session, application.cohort_id, person_id) and not (review and review.has_conflict)
