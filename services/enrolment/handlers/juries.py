"""Juries: members are invited, score, and stay out of what they are too close to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.chassis.model import Conflict, Forbidden
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.application import UNDECIDED, Application
from services.enrolment.domain.jury import Juror, JuryReview
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers.people import RegisterPerson, register_person


@dataclass(frozen=True, kw_only=True)
class InviteJuror:
    cohort_id: UUID
    name: str
    email: str
    locale: str = "fr"


@dataclass(frozen=True, kw_only=True)
class ScoreApplication:
    """``scores`` from 0 to 5 and ``comments``, both by the key of the criterion."""

    application_id: UUID
    person_id: UUID
    scores: Mapping[str, int]
    comments: Mapping[str, str]


def invite_juror(command: InviteJuror, unit_of_work: UnitOfWork) -> Person:
    """A member of the jury of one cohort; somebody who is one already stays one."""
    cohort = unit_of_work.get(Cohort, command.cohort_id)
    person = register_person(
        RegisterPerson(
            name=command.name,
            email=command.email,
            locale=command.locale,
            grant=PersonGrant(Role.JURY, cohort.programme),
        ),
        unit_of_work,
    )
    unit_of_work.session.flush()
    if unit_of_work.session.get(Juror, (cohort.id, person.id)) is None:
        unit_of_work.session.add(Juror(cohort_id=cohort.id, person_id=person.id, invited_at=unit_of_work.now))
    return person


def score_application(command: ScoreApplication, unit_of_work: UnitOfWork) -> JuryReview:
    """Keep a member's scores, also when some are still missing.

    Raises Forbidden for who is not of this jury, Conflict when the application is decided or the member has
    declared a conflict of interest, DomainError for what is no score.
    """
    review, cohort = _review(command.application_id, command.person_id, unit_of_work)
    review.score(cohort.criteria, command.scores, command.comments, unit_of_work.now)
    unit_of_work.session.add(review)
    return review


def declare_conflict(application_id: UUID, person_id: UUID, unit_of_work: UnitOfWork) -> JuryReview:
    """Stay out of an application for good. Raises Forbidden and Conflict like ``score_application``."""
    review, _cohort = _review(application_id, person_id, unit_of_work)
    review.declare_conflict(unit_of_work.now)
    unit_of_work.session.add(review)
    return review


def _review(application_id: UUID, person_id: UUID, unit_of_work: UnitOfWork) -> tuple[JuryReview, Cohort]:
    """The member's review, new or known. The application is locked: it cannot be decided meanwhile."""
    application = unit_of_work.get(Application, application_id, lock=True)
    if unit_of_work.session.get(Juror, (application.cohort_id, person_id)) is None:
        raise Forbidden("You are not a member of the jury of this cohort.")
    if application.state not in UNDECIDED:
        raise Conflict("This application is no longer open for scoring.")
    cohort = unit_of_work.get(Cohort, application.cohort_id)
    review = unit_of_work.session.get(JuryReview, (application_id, person_id))
    return review or JuryReview(application_id=application_id, person_id=person_id), cohort
