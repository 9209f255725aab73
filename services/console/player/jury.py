"""The jury of the demonstration: its members read every application, and one of them is too close to one."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.console.player.call import CRITERIA
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import juries

_COMMENTS = (
    "Une vraie volonté, portée par la direction.",
    "Le calendrier reste à préciser.",
    "Beaucoup d’achats pourraient être locaux.",
    "Une équipe qui s’engage.",
)
_CONFLICTS = 0.05
"""How often a member knows an applicant too well."""


def seat(cohort_id: UUID, members: Sequence[UUID], unit_of_work: UnitOfWork) -> None:
    """Make these people, who are of the staff already, the jury of a cohort."""
    cohort = unit_of_work.get(Cohort, cohort_id)
    for person_id in members:
        juries.seat(cohort, unit_of_work.get(Person, person_id), unit_of_work)


def begin_to_read(applications: Sequence[UUID], members: Sequence[UUID], unit_of_work: UnitOfWork) -> None:
    """Each member has read less than the one before, and the first of them is too close to one applicant."""
    unit_of_work.session.flush()
    for place, person_id in enumerate(members):
        for number, application_id in enumerate(applications[: len(applications) - place]):
            if (place, number) == (0, 1):
                juries.declare_conflict(application_id, person_id, unit_of_work)
                continue
            scores = {criterion.key: 5 - (number + place + at) % 3 for at, criterion in enumerate(CRITERIA)}
            command = juries.ScoreApplication(
                application_id=application_id,
                person_id=person_id,
                scores=scores,
                comments={CRITERIA[0].key: _COMMENTS[number % len(_COMMENTS)]},
            )
            juries.score_application(command, unit_of_work)


def score(application_id: UUID, members: Sequence[UUID], unit_of_work: UnitOfWork) -> None:
    """Let each member score an application that is under review, some with a comment."""
    unit_of_work.session.flush()
    for place, person_id in enumerate(members):
        # The same at each start, though ids are new each time: it depends on the instant of the story.
        rng = Random(f"cesar:jury:{place}:{unit_of_work.now.isoformat()}")
        if rng.random() < _CONFLICTS:
            juries.declare_conflict(application_id, person_id, unit_of_work)
            continue
        comments = {CRITERIA[0].key: rng.choice(_COMMENTS)} if rng.random() < 0.5 else {}
        command = juries.ScoreApplication(
            application_id=application_id,
            person_id=person_id,
            scores={criterion.key: rng.choice((3, 3, 4, 4, 4, 5)) for criterion in CRITERIA},
            comments=comments,
        )
        juries.score_application(command, unit_of_work)
