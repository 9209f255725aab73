"""The jury: who scores, how the scores of all become a ranking, and who stays out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from services.chassis.model import Aggregate, Conflict, DomainError
from services.enrolment.domain.call import BEST_SCORE, Criterion, total_weight


@dataclass(eq=False, kw_only=True)
class Juror(Aggregate):
    """A member of the jury of one cohort, until ``removed_at``."""

    cohort_id: UUID
    person_id: UUID
    invited_at: datetime
    removed_at: datetime | None = None

    @property
    def is_seated(self) -> bool:
        return self.removed_at is None

    def sit_again(self, now: datetime) -> None:
        """Be a member once more, with the scores that were given before."""
        self.invited_at, self.removed_at = now, None

    def remove(self, now: datetime) -> bool:
        """Be one no longer; false when that is so already, as after a double click."""
        if not self.is_seated:
            return False
        self.removed_at = now
        return True


@dataclass(eq=False, kw_only=True)
class JuryReview:
    """What one jury member thinks of one application.

    ``scores`` (0 to 5) and ``comments`` by the key of the criterion. ``is_complete``: each criterion has a
    score, so that the review counts and its author may read those of the others.
    """

    application_id: UUID
    person_id: UUID
    has_conflict: bool = False
    is_complete: bool = False
    scores: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    saved_at: datetime | None = None

    def score(
        self,
        criteria: Sequence[Criterion],
        scores: Mapping[str, int],
        comments: Mapping[str, str],
        now: datetime,
    ) -> None:
        """Keep the scores that were given, also when some are missing.

        Raises Conflict after a conflict of interest was declared; DomainError for a score that is none, or
        where nothing is said at all.
        """
        if self.has_conflict:
            raise Conflict("You have declared a conflict of interest: you do not score this application.")
        known = {criterion.key for criterion in criteria}
        if wrong := next((key for key in scores if key not in known), None):
            raise DomainError("This call has no such criterion.", field=f"scores.{wrong}")
        for key, score in scores.items():
            if not 0 <= score <= BEST_SCORE:
                raise DomainError("A score goes from 0 to %(best)s.", field=f"scores.{key}", best=BEST_SCORE)
        if not scores and not any(comments.values()):
            raise DomainError("Nothing is scored yet: give at least one score, or write a comment.")
        self.scores = dict(scores)
        self.comments = {key: text for key, text in comments.items() if key in known and text}
        self.is_complete = bool(known) and known == set(scores)
        self.saved_at = now

    def declare_conflict(self, now: datetime) -> None:
        """Stay out of this application; what was scored before counts no longer and is shown to nobody."""
        self.has_conflict, self.is_complete = True, False
        self.saved_at = now

    def lift_conflict(self, criteria: Sequence[Criterion], now: datetime) -> None:
        """It was declared by mistake: what was scored before counts again. Raises Conflict without one."""
        if not self.has_conflict:
            raise Conflict("No conflict of interest is declared for this application.")
        self.has_conflict = False
        self.is_complete = {criterion.key for criterion in criteria} == set(self.scores) != set()
        self.saved_at = now


@dataclass(frozen=True)
class Place:
    """An application's place in the ranking. ``mean`` from 0 to 5, and ``rank``, are None without a score.

    ``is_tied``: others have exactly the same mean. ``given`` of ``expected`` reviews are complete; who
    declared a conflict of interest is not expected to score.
    """

    application_id: UUID
    mean: Fraction | None
    rank: int | None
    is_tied: bool
    given: int
    expected: int


def weighted_score(scores: Mapping[str, int], criteria: Sequence[Criterion]) -> Fraction:
    """The weighted mean of one member's scores, exactly, so that ties are ties."""
    weighed = sum(criterion.weight * scores[criterion.key] for criterion in criteria)
    return Fraction(weighed, total_weight(criteria))


def rank(
    application_ids: Sequence[UUID],
    jurors: Iterable[UUID],
    reviews: Iterable[JuryReview],
    criteria: Sequence[Criterion],
) -> list[Place]:
    """The applications, the best first, those without a score last in the order in which they came.

    Only complete reviews by members of the jury who declared no conflict of interest count.
    """
    members = set(jurors)
    counted: dict[UUID, list[Fraction]] = {application_id: [] for application_id in application_ids}
    conflicts = dict.fromkeys(application_ids, 0)
    for review in reviews:
        if review.person_id not in members or review.application_id not in counted:
            continue
        conflicts[review.application_id] += review.has_conflict
        if review.is_complete and not review.has_conflict:
            counted[review.application_id].append(weighted_score(review.scores, criteria))
    means = {
        application_id: sum(scores, Fraction(0)) / len(scores) if scores else None
        for application_id, scores in counted.items()
    }
    known = [mean for mean in means.values() if mean is not None]
    places = [
        Place(
            application_id,
            mean,
            None if mean is None else 1 + sum(other > mean for other in known),
            mean is not None and known.count(mean) > 1,
            len(counted[application_id]),
            len(members) - conflicts[application_id],
        )
        for application_id, mean in means.items()
    ]
    return sorted(places, key=lambda place: (place.rank is None, place.rank or 0))


def share_out(places: Sequence[Place], free: int) -> tuple[list[UUID], list[UUID]]:
    """Who would get the ``free`` places by the ranking alone, and who would have to wait.

    Those who are tied for the last places are in neither list, nor is who has no score: that is for people.
    """
    ranks = [place.rank for place in places if place.rank is not None]
    getting, waiting = [], []
    for place in places:
        if place.rank is None:
            continue
        if sum(rank <= place.rank for rank in ranks) <= free:
            getting.append(place.application_id)
        elif sum(rank < place.rank for rank in ranks) >= free:
            waiting.append(place.application_id)
    return getting, waiting
