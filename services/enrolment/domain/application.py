"""A buyer's application for a place in a cohort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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


# In these states an application holds one of the cohort's places.
HOLDING_A_PLACE = (ApplicationState.ACCEPTED, ApplicationState.ENROLLED, ApplicationState.COMPLETED)
# In these states it waits for a first decision.
UNDECIDED = (ApplicationState.SUBMITTED, ApplicationState.UNDER_REVIEW)
_BEFORE_AGREEMENT = (
    ApplicationState.DRAFT,
    *UNDECIDED,
    ApplicationState.ACCEPTED,
    ApplicationState.WAITLISTED,
    ApplicationState.DECLINED,
)

ReturnReason = Literal["incorrect", "incomplete", "outdated"]


@dataclass(eq=False, kw_only=True)
class Application(Aggregate):
    """Draft, submitted, decided, enrolled: one buyer's way into one cohort.

    ``reason`` is what was said with the last return or decision, ``decided_by`` who decided.
    """

    programme: str
    cohort_id: UUID
    organisation_id: UUID
    contact_id: UUID
    motivation: str
    state: ApplicationState = ApplicationState.DRAFT
    return_reason: ReturnReason | None = None
    reason: str | None = None
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: UUID | None = None

    @property
    def is_undecided(self) -> bool:
        """Whether it waits for a first decision."""
        return self.state in UNDECIDED

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
        self._decide(ApplicationState.ACCEPTED, by, now, None)

    def put_on_waiting_list(self, by: UUID | None, now: datetime) -> None:
        self._must_be(*UNDECIDED)
        self._decide(ApplicationState.WAITLISTED, by, now, None)

    def decline(self, by: UUID | None, now: datetime, reason: str) -> None:
        """Raises DomainError without a reason: a refusal is always explained."""
        if not reason.strip():
            raise DomainError("Say why the application is declined.", field="reason")
        self._decide(ApplicationState.DECLINED, by, now, reason.strip())

    def withdraw(self, now: datetime) -> None:
        """The applicant gives up; possible until the agreement is signed. Raises Conflict."""
        self._must_be(*_BEFORE_AGREEMENT)
        self.state = ApplicationState.WITHDRAWN
        self.decided_at = now

    def enrol(self) -> None:
        """The agreement is signed. Raises Conflict."""
        self._must_be(ApplicationState.ACCEPTED)
        self.state = ApplicationState.ENROLLED

    def complete(self) -> None:
        """The cohort's accompaniment is over. Raises Conflict."""
        self._must_be(ApplicationState.ENROLLED)
        self.state = ApplicationState.COMPLETED

    def _decide(self, state: ApplicationState, by: UUID | None, now: datetime, reason: str | None) -> None:
        self._must_be(*UNDECIDED, ApplicationState.WAITLISTED)
        self.state, self.decided_by, self.decided_at, self.reason = state, by, now, reason

    def _must_be(self, *states: ApplicationState) -> None:
        if self.state not in states:
            raise Conflict("Somebody has already decided on this application. Load the page again.")
