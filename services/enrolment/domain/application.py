"""A buyer's application for a place in a cohort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

from services.chassis.model import Aggregate, Conflict, DomainError


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    DECLINED = "declined"
    ENROLLED = "enrolled"
    COMPLETED = "completed"
    LEFT = "left"
    WITHDRAWN = "withdrawn"


# In these states an application holds one of the cohort's places; so does one to which a place is offered.
HOLDING_A_PLACE = (ApplicationState.ACCEPTED, ApplicationState.ENROLLED, ApplicationState.COMPLETED)
# In these states it waits for a first decision.
UNDECIDED = (ApplicationState.SUBMITTED, ApplicationState.UNDER_REVIEW)
# In these it waits for a first decision, or for the applicant's correction before one.
UNSETTLED = (ApplicationState.DRAFT, *UNDECIDED)
# In these states something is still to come of it, and no agreement is signed.
PENDING = (*UNSETTLED, ApplicationState.ACCEPTED, ApplicationState.WAITLISTED)
_BEFORE_AGREEMENT = (*PENDING, ApplicationState.DECLINED)

ReturnReason = Literal["incorrect", "incomplete", "outdated"]
OfferEnd = Literal["lapsed", "passed_on"]
WithdrawnBy = Literal["applicant", "team"]

# So long a buyer who was noted as gone can be taken back: somebody may have clicked on the wrong one.
LEAVING_CAN_BE_UNDONE_FOR = timedelta(days=14)


@dataclass(eq=False, kw_only=True)
class Application(Aggregate):
    """Draft, submitted, decided, enrolled: one buyer's way into one cohort.

    ``answers`` are those to the questions of the call, by the question's key. ``reason`` is what was said
    with the last return or decision, ``decided_by`` who decided. On the waiting list ``waiting_rank`` is its
    place, the lowest first; while a place is offered to it, ``offered_until`` is when the offer ends.
    ``offer_end`` says how an offer ended that was not taken: unanswered, or left to the next.
    ``withdrawn_by`` says who gave it up: the applicant, or the team on the applicant's behalf. ``left_on`` is
    the day on which the buyer left, ``left_noted_at`` when the team noted it.
    """

    programme: str
    cohort_id: UUID
    organisation_id: UUID
    contact_id: UUID
    motivation: str
    answers: Mapping[str, str] = field(default_factory=dict)
    state: ApplicationState = ApplicationState.DRAFT
    return_reason: ReturnReason | None = None
    reason: str | None = None
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: UUID | None = None
    waiting_rank: int | None = None
    offered_until: datetime | None = None
    offer_end: OfferEnd | None = None
    withdrawn_by: WithdrawnBy | None = None
    left_on: date | None = None
    left_noted_at: datetime | None = None

    @property
    def is_undecided(self) -> bool:
        """Whether it waits for a first decision."""
        return self.state in UNDECIDED

    @property
    def is_unsettled(self) -> bool:
        """Whether it waits for a first decision, or for the applicant's correction before one."""
        return self.state in UNSETTLED

    @property
    def is_pending(self) -> bool:
        """Whether something is still to come of it, and no agreement is signed."""
        return self.state in PENDING

    @property
    def has_place(self) -> bool:
        """Whether it holds one of the cohort's places, or one is offered to it."""
        return self.state in HOLDING_A_PLACE or self.offered_until is not None

    def correct(self, motivation: str, answers: Mapping[str, str]) -> None:
        """Change what it says. Raises Conflict unless it is a draft."""
        self._must_be(ApplicationState.DRAFT)
        self.motivation, self.answers = motivation, dict(answers)

    def submit(self, now: datetime) -> None:
        """Hand it in. Raises Conflict unless it is a draft."""
        self._must_be(ApplicationState.DRAFT)
        self.state = ApplicationState.SUBMITTED
        self.submitted_at = now
        self.return_reason = self.reason = None

    def start_review(self) -> None:
        self._must_be(ApplicationState.SUBMITTED)
        self.state = ApplicationState.UNDER_REVIEW

    def hand_back(self, return_reason: ReturnReason, reason: str) -> None:
        """Ask for a correction: back to draft, with a reason. Raises Conflict, DomainError without words."""
        self._must_be(*UNDECIDED)
        if not reason.strip():
            raise DomainError("Say what has to be corrected.", field="reason")
        self.state = ApplicationState.DRAFT
        self.return_reason, self.reason = return_reason, reason.strip()

    def accept(self, by: UUID | None, now: datetime) -> None:
        self._must_be(*UNDECIDED, ApplicationState.WAITLISTED)
        self._decide(ApplicationState.ACCEPTED, by, now, None)

    def put_on_waiting_list(self, by: UUID | None, now: datetime, rank: int) -> None:
        self._must_be(*UNDECIDED)
        self._decide(ApplicationState.WAITLISTED, by, now, None)
        self.waiting_rank = rank

    def decline(self, by: UUID | None, now: datetime, reason: str) -> None:
        """Also what was sent back and not handed in again.

        Raises Conflict, and DomainError without a reason: a refusal is always explained.
        """
        self._must_be(*UNSETTLED, ApplicationState.WAITLISTED)
        if not reason.strip():
            raise DomainError("Say why the application is declined.", field="reason")
        self._decide(ApplicationState.DECLINED, by, now, reason.strip())

    def offer_place(self, until: datetime) -> None:
        """Offer the place that became free to this application. Raises Conflict unless it waits for one."""
        self._must_be(ApplicationState.WAITLISTED)
        self.offered_until = until

    def take_offered_place(self, by: UUID | None, now: datetime) -> None:
        """The applicant wants the place. Raises Conflict when none is offered, or the offer has ended."""
        if self.state is not ApplicationState.WAITLISTED or self.offered_until is None:
            raise Conflict("No place is offered to you at the moment.")
        if now >= self.offered_until:
            raise Conflict("The time to answer is over: the place is offered to the next on the list.")
        self._decide(ApplicationState.ACCEPTED, by, now, None)

    def let_offer_lapse(self, now: datetime) -> None:
        """The offer was not answered in time. Raises Conflict while it still can be."""
        if self.offered_until is None or now < self.offered_until:
            raise Conflict("This offer can still be answered.")
        self._give_up(now, "lapsed")

    def withdraw(self, now: datetime) -> None:
        """The applicant gives up; possible until the agreement is signed. Raises Conflict."""
        self._must_be(*_BEFORE_AGREEMENT)
        self._give_up(now, "passed_on")
        self.withdrawn_by = "applicant"

    def withdraw_on_behalf(self, by: UUID, now: datetime, reason: str) -> None:
        """The team notes that the applicant has given up.

        Raises Conflict once the agreement is signed or nothing was to come of it any more, DomainError
        without a reason.
        """
        self._must_be(*PENDING)
        if not reason.strip():
            raise DomainError("Say why the application is withdrawn.", field="reason")
        self._give_up(now, "passed_on")
        self.withdrawn_by, self.decided_by, self.reason = "team", by, reason.strip()

    def enrol(self) -> None:
        """The agreement is signed. Raises Conflict."""
        self._must_be(ApplicationState.ACCEPTED)
        self.state = ApplicationState.ENROLLED

    def complete(self) -> None:
        """The cohort's accompaniment is over. Raises Conflict."""
        self._must_be(ApplicationState.ENROLLED)
        self.state = ApplicationState.COMPLETED

    def leave(self, on: date, reason: str, today: date, now: datetime) -> None:
        """The buyer gives up after the agreement was signed.

        Raises Conflict unless it is enrolled, DomainError without a reason or for a day that is to come.
        """
        if self.state is not ApplicationState.ENROLLED:
            raise Conflict("Only a buyer whose agreement is signed can leave. Load the page again.")
        if on > today:
            raise DomainError("This day is still to come: note it when they have left.", field="left_on")
        if not reason.strip():
            raise DomainError("Say why the buyer leaves.", field="reason")
        self.state = ApplicationState.LEFT
        self.left_on, self.left_noted_at, self.reason = on, now, reason.strip()

    def can_come_back(self, now: datetime) -> bool:
        """Whether the leaving can still be undone."""
        return self.left_noted_at is not None and now < self.left_noted_at + LEAVING_CAN_BE_UNDONE_FOR

    def come_back(self, now: datetime) -> None:
        """They have not left after all. Raises Conflict when they have not, or when it is too late."""
        if self.state is not ApplicationState.LEFT:
            raise Conflict("This buyer has not left. Load the page again.")
        if not self.can_come_back(now):
            raise Conflict("This was noted more than two weeks ago and stays as it is.")
        self.state = ApplicationState.ENROLLED
        self.left_on = self.left_noted_at = self.reason = None

    def _decide(self, state: ApplicationState, by: UUID | None, now: datetime, reason: str | None) -> None:
        self.state, self.decided_by, self.decided_at, self.reason = state, by, now, reason
        self.waiting_rank = self.offered_until = self.return_reason = None

    def _give_up(self, now: datetime, offer_end: OfferEnd) -> None:
        self.state, self.decided_at = ApplicationState.WITHDRAWN, now
        if self.offered_until is not None:
            self.offer_end = offer_end
        self.waiting_rank = self.offered_until = None

    def _must_be(self, *states: ApplicationState) -> None:
        if self.state not in states:
            raise Conflict("Somebody has already decided on this application.")
