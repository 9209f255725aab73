"""What is asked about juries. Nobody gets another's scores before giving their own: the query says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from services.enrolment.domain.application import UNDECIDED, Application, ApplicationState
from services.enrolment.domain.jury import Juror, JuryReview, Place, rank
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort
from services.enrolment.storage.tables import (
    applications,
    cohorts,
    jurors,
    jury_reviews,
    organisations,
    people,
)

_IS_SEATED = jurors.c.removed_at.is_(None)


@dataclass(frozen=True)
class Member:
    """A member of the jury with what they have done so far, of ``expected`` applications."""

    person: Person
    complete: int
    conflicts: int


@dataclass(frozen=True)
class ToScore:
    """An application on a jury member's list, with their own review if they have begun it."""

    application: Application
    organisation: Organisation
    cohort: Cohort
    review: JuryReview | None

    @property
    def is_done(self) -> bool:
        """Whether all scores are given, or the member stays out of it."""
        return self.review is not None and (self.review.is_complete or self.review.has_conflict)


@dataclass(frozen=True)
class DeclaredConflict:
    """An application from which a member of its jury stays out."""

    person: Person
    application: Application
    organisation: Organisation


@dataclass(frozen=True)
class RankedApplication:
    application: Application
    organisation: Organisation
    place: Place


def is_juror(session: Session, cohort_id: UUID, person_id: UUID) -> bool:
    juror = session.get(Juror, (cohort_id, person_id))
    return juror is not None and juror.is_seated


def sits_on_a_jury_of(session: Session, programme: str, person_id: UUID) -> bool:
    """Whether somebody is a member for any cohort of the programme."""
    query = (
        select(jurors.c.cohort_id)
        .join(cohorts, cohorts.c.id == jurors.c.cohort_id)
        .where(cohorts.c.programme == programme, jurors.c.person_id == person_id, _IS_SEATED)
    )
    return session.execute(query).first() is not None


def members_of(session: Session, cohort_id: UUID) -> list[Member]:
    """The jury of a cohort, in alphabetical order."""
    query = select(Person).join(jurors, jurors.c.person_id == people.c.id)
    seated = query.where(jurors.c.cohort_id == cohort_id, _IS_SEATED)
    members = session.scalars(seated.order_by(people.c.name)).all()
    reviews = _all_reviews(session, cohort_id)
    return [
        Member(
            person,
            sum(review.is_complete for review in reviews if review.person_id == person.id),
            sum(review.has_conflict for review in reviews if review.person_id == person.id),
        )
        for person in members
    ]


def conflicts_in(session: Session, cohort_id: UUID) -> list[DeclaredConflict]:
    """The conflicts of interest of a cohort's jury that still can be lifted, by member and organisation."""
    query = (
        select(Person, Application, Organisation)
        .join(jury_reviews, jury_reviews.c.person_id == people.c.id)
        .join(applications, applications.c.id == jury_reviews.c.application_id)
        .join(organisations, organisations.c.id == applications.c.organisation_id)
        .where(
            applications.c.cohort_id == cohort_id,
            applications.c.state.in_(UNDECIDED),
            jury_reviews.c.has_conflict,
            exists().where(jurors.c.cohort_id == cohort_id, jurors.c.person_id == people.c.id, _IS_SEATED),
        )
        .order_by(people.c.name, organisations.c.name)
    )
    return [DeclaredConflict(*row) for row in session.execute(query)]


def own_review(session: Session, application_id: UUID, person_id: UUID) -> JuryReview | None:
    return session.get(JuryReview, (application_id, person_id))


def reviews_visible_to(
    session: Session, application_id: UUID, person_id: UUID
) -> Sequence[tuple[JuryReview, Person]]:
    """The complete reviews of an application, by members of its jury, that this person may read.

    A member of the jury sees their own, and those of the others once theirs is complete; with a conflict of
    interest, none. Somebody of the team who is not of the jury sees all.
    """
    mine = jury_reviews.alias("mine").c
    has_given = exists().where(
        mine.application_id == application_id, mine.person_id == person_id, mine.is_complete
    )
    seated = exists().where(jurors.c.cohort_id == applications.c.cohort_id, _IS_SEATED)
    of_jury = seated.where(jurors.c.person_id == person_id)
    query = (
        select(JuryReview, Person)
        .join(people, people.c.id == jury_reviews.c.person_id)
        .join(applications, applications.c.id == jury_reviews.c.application_id)
        .where(
            jury_reviews.c.application_id == application_id,
            jury_reviews.c.is_complete,
            seated.where(jurors.c.person_id == jury_reviews.c.person_id),
            or_(~of_jury, and_(of_jury, has_given)),
        )
        .order_by(people.c.name)
    )
    return [(review, person) for review, person in session.execute(query)]


def to_score(session: Session, person_id: UUID) -> list[ToScore]:
    """The applications that a jury member is asked to score, cohort by cohort."""
    query = (
        select(Application, Organisation, Cohort, JuryReview)
        .join(cohorts, cohorts.c.id == applications.c.cohort_id)
        .join(jurors, jurors.c.cohort_id == applications.c.cohort_id)
        .join(organisations, organisations.c.id == applications.c.organisation_id)
        .outerjoin(
            jury_reviews,
            and_(jury_reviews.c.application_id == applications.c.id, jury_reviews.c.person_id == person_id),
        )
        .where(jurors.c.person_id == person_id, _IS_SEATED, applications.c.state.in_(UNDECIDED))
        .order_by(cohorts.c.label, organisations.c.name)
    )
    return [ToScore(*row) for row in session.execute(query)]


def ranking(session: Session, cohort: Cohort) -> list[RankedApplication]:
    """The applications that were handed in, the best first."""
    query = (
        select(Application, Organisation)
        .join(organisations, organisations.c.id == applications.c.organisation_id)
        .where(
            applications.c.cohort_id == cohort.id,
            applications.c.state.not_in((ApplicationState.DRAFT, ApplicationState.WITHDRAWN)),
        )
        .order_by(applications.c.submitted_at, organisations.c.name)
    )
    found = {
        application.id: (application, organisation) for application, organisation in session.execute(query)
    }
    seated = select(jurors.c.person_id).where(jurors.c.cohort_id == cohort.id, _IS_SEATED)
    members = session.scalars(seated).all()
    places = rank(list(found), members, _all_reviews(session, cohort.id), cohort.criteria)
    return [RankedApplication(*found[place.application_id], place) for place in places]


def _all_reviews(session: Session, cohort_id: UUID) -> Sequence[JuryReview]:
    query = select(JuryReview).join(applications, applications.c.id == jury_reviews.c.application_id)
    return session.scalars(query.where(applications.c.cohort_id == cohort_id)).all()
