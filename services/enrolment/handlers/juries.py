"""Juries: members are invited, score, and stay out of what they are too close to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Conflict, DomainError, Forbidden, NotFound
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.application import UNDECIDED, Application
from services.enrolment.domain.decision import LoggedDecision, Verdict
from services.enrolment.domain.jury import Juror, JuryReview
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.programme import Cohort
from services.enrolment.events.juries import juror_snapshot
from services.enrolment.events.people import person_snapshot
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.handlers.user_sessions import end_what_acts_as
from services.enrolment.storage.jury_queries import is_juror, sits_on_a_jury_of


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
    """A member of the jury of one cohort, who is told by e-mail; who is one already is not told again."""
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
    seat(cohort, person, unit_of_work)
    return person


def seat(cohort: Cohort, person: Person, unit_of_work: UnitOfWork) -> None:
    """Let somebody who has the role be a member, unless they are."""
    juror = _juror(cohort.id, person.id, unit_of_work)
    if juror is None:
        juror = Juror(id=new_id(), cohort_id=cohort.id, person_id=person.id, invited_at=unit_of_work.now)
        unit_of_work.session.add(juror)
    elif juror.is_seated:
        return
    else:
        juror.sit_again(unit_of_work.now)
    unit_of_work.record(juror, "enrolment.juror.invited", juror_snapshot(juror, cohort, person))


def remove_juror(cohort_id: UUID, person_id: UUID, by: UUID, unit_of_work: UnitOfWork) -> Person:
    """Take a member off the jury. Their scores are kept and count no longer; the log of decisions says so.

    Nothing happens to who is one no longer. Raises NotFound for who never was one.
    """
    cohort = unit_of_work.get(Cohort, cohort_id, lock=True)
    juror = _juror(cohort_id, person_id, unit_of_work)
    if juror is None:
        raise NotFound("This does not exist, or no longer.")
    person = unit_of_work.get(Person, person_id)
    if not juror.remove(unit_of_work.now):
        return person
    unit_of_work.record(juror, "enrolment.juror.removed", juror_snapshot(juror, cohort, person))
    unit_of_work.session.flush()
    unit_of_work.session.add(
        LoggedDecision(
            application_id=None,
            cohort_id=cohort_id,
            verdict=Verdict.REMOVE_JUROR,
            reason=person.name,
            by=by,
            decided_at=unit_of_work.now,
        )
    )
    is_needed = sits_on_a_jury_of(unit_of_work.session, cohort.programme, person_id)
    role = PersonGrant(Role.JURY, cohort.programme)
    if not is_needed and person.revoke(role):
        unit_of_work.record(person, "enrolment.person.updated", person_snapshot(person))
        end_what_acts_as(person, role, unit_of_work)
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
    """Stay out of an application. Raises Forbidden and Conflict like ``score_application``."""
    review, cohort = _review(application_id, person_id, unit_of_work)
    if review.has_conflict:
        return review
    review.declare_conflict(unit_of_work.now)
    unit_of_work.session.add(review)
    _log_conflict(review, cohort, Verdict.DECLARE_CONFLICT, person_id, "", unit_of_work)
    return review


def lift_conflict(
    application_id: UUID, person_id: UUID, by: UUID, reason: str, unit_of_work: UnitOfWork
) -> JuryReview:
    """It was declared by mistake, says the member or a manager: the member scores again.

    Raises DomainError without a reason; Forbidden and Conflict like ``score_application``.
    """
    review, cohort = _review(application_id, person_id, unit_of_work)
    if not reason.strip():
        raise DomainError("Say why there is no conflict of interest.", field="reason")
    review.lift_conflict(cohort.criteria, unit_of_work.now)
    _log_conflict(review, cohort, Verdict.LIFT_CONFLICT, by, reason.strip(), unit_of_work)
    return review


def _log_conflict(
    review: JuryReview, cohort: Cohort, verdict: Verdict, by: UUID, reason: str, unit_of_work: UnitOfWork
) -> None:
    """With the member's name, since a manager may lift what the member has declared."""
    name = unit_of_work.get(Person, review.person_id).name
    unit_of_work.session.flush()
    unit_of_work.session.add(
        LoggedDecision(
            application_id=review.application_id,
            cohort_id=cohort.id,
            verdict=verdict,
            reason=f"{name} · {reason}" if reason else name,
            by=by,
            decided_at=unit_of_work.now,
        )
    )


def _juror(cohort_id: UUID, person_id: UUID, unit_of_work: UnitOfWork) -> Juror | None:
    juror = unit_of_work.session.get(Juror, (cohort_id, person_id), with_for_update=True)
    if juror is not None:
        # Who was seated by an earlier release has none yet.
        juror.id = juror.id or new_id()
    return juror


def _review(application_id: UUID, person_id: UUID, unit_of_work: UnitOfWork) -> tuple[JuryReview, Cohort]:
    """The member's review, new or known. The application is locked: it cannot be decided meanwhile."""
    application = unit_of_work.get(Application, application_id, lock=True)
    if not is_juror(unit_of_work.session, application.cohort_id, person_id):
        raise Forbidden("You are not a member of the jury of this cohort.")
    if application.state not in UNDECIDED:
        raise Conflict("This application is no longer open for scoring.")
    cohort = unit_of_work.get(Cohort, application.cohort_id)
    review = unit_of_work.session.get(JuryReview, (application_id, person_id))
    return review or JuryReview(application_id=application_id, person_id=person_id), cohort
