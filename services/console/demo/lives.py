"""What happened to a simulated supplier, and when: invited, enrolled, assessed, shared.

A life is drawn as a chain of steps with delays between them, then cut off at the present: what has not
happened yet is left out. So a demonstration made on any day has old stories, stories of last week, and none
of tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from .cast import BUYERS, COHORTS

PARIS = ZoneInfo("Europe/Paris")


class Stage(StrEnum):
    """How far a supplier's état des lieux has come."""

    NOT_ENROLLED = "not_enrolled"
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    VALIDATED = "validated"


class Fate(StrEnum):
    """What a supplier is drawn to become, given time enough."""

    SILENT = "silent"  # never answers the invitation
    IDLE = "idle"  # enrols, opens nothing
    STUCK = "stuck"  # begins the questionnaire and stops
    WAITING = "waiting"  # submitted in the last weeks, nobody has looked yet
    UNDER_REVIEW = "under_review"
    SENT_BACK = "sent_back"
    VALIDATED = "validated"
    GONE = "gone"  # left the programme after enrolling
    FRESH = "fresh"  # invited in the last days, on the way


FATES: dict[Fate, int] = {
    Fate.SILENT: 60,
    Fate.IDLE: 24,
    Fate.STUCK: 40,
    Fate.WAITING: 14,
    Fate.UNDER_REVIEW: 10,
    Fate.SENT_BACK: 8,
    Fate.VALIDATED: 122,
    Fate.GONE: 6,
    Fate.FRESH: 16,
}
"""How many suppliers have each fate. The sum is the number of simulated suppliers."""


@dataclass(frozen=True)
class Invitation:
    """An invitation by a buyer (its key in ``cast.BUYERS``) or, when None, by the chamber."""

    buyer: str | None
    at: datetime


@dataclass(frozen=True)
class Sharing:
    """A supplier shows a buyer its result. ``scope`` as in the contract of assessment: level, themes, ..."""

    buyer: str
    scope: tuple[str, ...]
    granted_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class Life:
    """The instants of a supplier's life; None where it has not happened.

    ``answered`` is the share (0..1) of the questionnaire that is filled in. ``stage`` follows from the
    instants.
    """

    invitations: tuple[Invitation, ...]
    enrolled_at: datetime | None = None
    started_at: datetime | None = None
    answered: float = 0.0
    submitted_at: datetime | None = None
    review_started_at: datetime | None = None
    changes_requested_at: datetime | None = None
    validated_at: datetime | None = None
    left_at: datetime | None = None
    sharings: tuple[Sharing, ...] = ()

    @property
    def stage(self) -> Stage:
        """How far the supplier has come."""
        if self.enrolled_at is None:
            return Stage.NOT_ENROLLED
        if self.validated_at:
            return Stage.VALIDATED
        if self.changes_requested_at:
            return Stage.CHANGES_REQUESTED
        if self.review_started_at:
            return Stage.IN_REVIEW
        if self.submitted_at:
            return Stage.SUBMITTED
        return Stage.IN_PROGRESS if self.started_at else Stage.NOT_STARTED


# The steps after the first invitation, each with its median delay in days after the step before.
_STEPS = (
    ("enrolled_at", 3.0),
    ("started_at", 4.0),
    ("submitted_at", 9.0),
    ("review_started_at", 6.0),
    ("validated_at", 5.0),
)
_STAFF_STEPS = {"review_started_at", "validated_at"}
# How many of the steps are taken by each fate.
_REACH = {
    Fate.SILENT: 0,
    Fate.IDLE: 1,
    Fate.STUCK: 2,
    Fate.WAITING: 3,
    Fate.UNDER_REVIEW: 4,
    Fate.SENT_BACK: 5,
    Fate.VALIDATED: 5,
    Fate.GONE: 1,
    Fate.FRESH: 5,
}
_RECENT = {Fate.WAITING, Fate.UNDER_REVIEW, Fate.SENT_BACK}


def draw_life(rng: Random, fate: Fate, today: date) -> Life:
    """A life that ends as ``fate`` wants, all of it before ``today`` begins (in Paris)."""
    now = datetime.combine(today, time(), PARIS)
    delays = [_delay(rng, median) for _, median in _STEPS[: _REACH[fate]]]
    first = office_hour(rng, _first_day(rng, fate, now, sum(delays)))
    invitations = _invitations(rng, first, now)

    instants: dict[str, datetime] = {}
    before = first
    for (step, _), days in zip(_STEPS, accumulate(delays), strict=False):
        day = (first + timedelta(days=days)).date()
        instant = max(
            office_hour(rng, day) if step in _STAFF_STEPS else any_hour(rng, day),
            before + timedelta(minutes=rng.randint(12, 50)),
        )
        if instant >= now:
            break
        before = instants[step] = instant
    if fate is Fate.SENT_BACK and "validated_at" in instants:
        instants["changes_requested_at"] = instants.pop("validated_at")
    if fate is Fate.GONE and "enrolled_at" in instants:
        left_at = office_hour(rng, (instants["enrolled_at"] + timedelta(days=rng.randint(20, 90))).date())
        if left_at < now:
            instants["left_at"] = left_at

    submitted_at = instants.get("submitted_at")
    return Life(
        invitations=invitations,
        **instants,
        answered=_answered(rng, instants),
        sharings=tuple(_sharings(rng, invitations, submitted_at, now)) if submitted_at else (),
    )


def office_hour(rng: Random, day: date) -> datetime:
    """An instant (UTC) on ``day``, or on the Monday after, between 8:30 and 18:00 in Paris."""
    if day.weekday() >= 5:
        day += timedelta(days=7 - day.weekday())
    return _instant(day, rng.randint(8 * 60 + 30, 17 * 60 + 59), rng)


def any_hour(rng: Random, day: date) -> datetime:
    """An instant (UTC) on ``day`` between 7:00 and 22:30 in Paris: suppliers answer in the evening too."""
    return _instant(day, rng.randint(7 * 60, 22 * 60 + 30), rng)


def _instant(day: date, minute: int, rng: Random) -> datetime:
    clock = time(minute // 60, minute % 60, rng.randint(0, 59))
    return datetime.combine(day, clock, PARIS).astimezone(UTC)


def _delay(rng: Random, median: float) -> float:
    """Days: mostly near the median, now and then several times that, as people's delays are."""
    return min(rng.lognormvariate(0.0, 0.8), 6.0) * median


def _first_day(rng: Random, fate: Fate, now: datetime, lifetime: float) -> date:
    if fate is Fate.FRESH:
        return (now - timedelta(days=rng.uniform(3, 16))).date()
    if fate in _RECENT:
        return (now - timedelta(days=lifetime + rng.uniform(4, 25))).date()
    latest = (now - timedelta(days=20)).date()
    seasons = (
        (date(2022, 3, 1), date(2022, 12, 15)),
        (date(2023, 3, 1), date(2023, 12, 15)),
        (date(2024, 1, 8), latest),
    )
    begin, end = rng.choices(seasons, weights=(30, 36, 34))[0]
    return begin + timedelta(days=rng.randint(0, (end - begin).days))


def _invitations(rng: Random, first: datetime, now: datetime) -> tuple[Invitation, ...]:
    """One to three invitations, the first at ``first``; each by a buyer that is accompanied on that day."""
    number = rng.choices((1, 2, 3), weights=(80, 17, 3))[0]
    inviters: list[str | None] = list(rng.sample(_inviting(first.date(), now), number))
    if rng.random() < 0.12:
        inviters[0] = None
    invitations, at = [Invitation(inviters[0], first)], first
    for buyer in inviters[1:]:
        at = office_hour(rng, (at + timedelta(days=rng.uniform(1, 60))).date())
        if at < now and buyer in _inviting(at.date(), now):
            invitations.append(Invitation(buyer, at))
    return tuple(invitations)


# For how many days these buyers have not been heard of.
_SILENT_FOR = {"genvia": 47, "technilum": 33, "stim": 26}


def _inviting(day: date, now: datetime) -> list[str]:
    """The keys of the buyers who might have invited somebody on ``day``: not those who are silent now."""
    return [
        key
        for key in _accompanied(day)
        if key not in _SILENT_FOR or day < (now - timedelta(days=_SILENT_FOR[key])).date()
    ]


def _accompanied(day: date) -> list[str]:
    """The keys of the buyers whose cohort runs on ``day``."""
    running = {
        cohort.label
        for cohort in COHORTS
        if cohort.started_on and cohort.started_on <= day <= (cohort.completed_on or day)
    }
    return [buyer.key for buyer in BUYERS if buyer.cohort in running]


def _answered(rng: Random, instants: dict[str, datetime]) -> float:
    if "submitted_at" in instants:
        return 1.0
    return round(rng.uniform(0.1, 0.9), 2) if "started_at" in instants else 0.0


_SCOPES = (
    ("level",),
    ("level", "themes"),
    ("level", "themes", "answers"),
    ("level", "themes", "answers", "proofs"),
)


def _sharings(
    rng: Random, invitations: tuple[Invitation, ...], submitted_at: datetime, now: datetime
) -> Iterator[Sharing]:
    """The inviting buyers to whom the supplier opens its result; three in four get to see something."""
    for buyer in dict.fromkeys(invitation.buyer for invitation in invitations):
        if buyer is None or rng.random() > 0.75:
            continue
        granted_at = submitted_at + timedelta(minutes=rng.randint(3, 4000))
        if granted_at >= now:
            continue
        scope = rng.choices(_SCOPES, weights=(35, 42, 17, 6))[0]
        revoked_at = granted_at + timedelta(days=rng.uniform(5, 60)) if rng.random() < 0.06 else None
        yield Sharing(buyer, scope, granted_at, revoked_at if revoked_at and revoked_at < now else None)
