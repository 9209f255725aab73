"""The cockpit of a cohort: how far each buyer has come, what comes next, and how long it has been silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.enrolment.domain.agreement import AgreementState
from services.enrolment.domain.application import UNDECIDED, ApplicationState
from services.enrolment.domain.contacts import Call, CallOutcome

STUCK_AFTER = timedelta(days=21)


class Milestone(StrEnum):
    """What a buyer reaches one after another, in this order."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    AGREEMENT = "agreement"
    WORKSHOP = "workshop"
    APPOINTMENT = "appointment"
    SUPPLIERS = "suppliers"
    ASSESSED = "assessed"


class NextStep(StrEnum):
    """What has to happen for a buyer to go on; some wait for the team, some for the buyer."""

    DECIDE = "decide"
    ADD_SIRET = "add_siret"
    PROPOSE_AGREEMENT = "propose_agreement"
    COUNTERSIGN = "countersign"
    ASSIGN_ADVISER = "assign_adviser"
    CORRECT = "correct"
    SIGN = "sign"
    COME_TO_WORKSHOP = "come_to_workshop"
    BOOK_APPOINTMENT = "book_appointment"
    INVITE_SUPPLIERS = "invite_suppliers"
    SUPPLIERS_ANSWER = "suppliers_answer"
    NOTHING = "nothing"


OF_THE_TEAM = frozenset(
    {
        NextStep.DECIDE,
        NextStep.ADD_SIRET,
        NextStep.PROPOSE_AGREEMENT,
        NextStep.COUNTERSIGN,
        NextStep.ASSIGN_ADVISER,
    }
)


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """One buyer of a cohort as far as it has come.

    ``reached`` is when each milestone was reached. ``seen_at`` is the last sign of life of any of its people:
    it signed in, signed, invited, registered, came. ``call`` is the last time that it was called.
    """

    application_id: UUID
    organisation_id: UUID
    name: str
    state: ApplicationState
    contact_id: UUID
    contact_name: str
    contact_email: str
    phone: str | None
    agreement: AgreementState | None
    adviser: str | None
    reached: Mapping[Milestone, datetime]
    seen_at: datetime | None
    has_siret: bool = True
    has_appointment: bool = False
    suppliers: int = 0
    assessed: int = 0
    notes: int = 0
    call: Call | None = field(default=None)

    @property
    def next_step(self) -> NextStep:
        match self.state:
            case ApplicationState.DRAFT:
                return NextStep.CORRECT
            case ApplicationState.ACCEPTED:
                return _for_the_agreement(self.agreement, has_siret=self.has_siret)
            case ApplicationState.ENROLLED:
                return self._accompanied_step()
            case state if state in UNDECIDED:
                return NextStep.DECIDE
        return NextStep.NOTHING

    def days_silent(self, now: datetime) -> int | None:
        """Whole days since the last sign of life, or since somebody was reached; None without any."""
        last = self.in_touch_at
        return None if last is None else max(0, (now - last).days)

    @property
    def in_touch_at(self) -> datetime | None:
        """The last sign of life, a call that reached somebody included."""
        called = (
            self.call.called_at if self.call and self.call.outcome is not CallOutcome.NOT_REACHED else None
        )
        return max((each for each in (self.seen_at, called) if each is not None), default=None)

    def is_stuck(self, now: datetime) -> bool:
        """Whether it is the buyer's turn and nothing has been heard of it for three weeks."""
        if self.next_step in OF_THE_TEAM or self.next_step is NextStep.NOTHING:
            return False
        last = self.in_touch_at
        return last is None or now - last >= STUCK_AFTER

    def is_to_be_called(self, now: datetime, today: date) -> bool:
        """Whether it is stuck, or a call was promised for today or earlier; not before the day agreed on."""
        if self.call is not None and self.call.next_on is not None:
            return self.call.next_on <= today
        return self.is_stuck(now)

    def _accompanied_step(self) -> NextStep:
        if self.adviser is None:
            return NextStep.ASSIGN_ADVISER
        if Milestone.WORKSHOP not in self.reached:
            return NextStep.COME_TO_WORKSHOP
        if Milestone.APPOINTMENT not in self.reached and not self.has_appointment:
            return NextStep.BOOK_APPOINTMENT
        if not self.suppliers:
            return NextStep.INVITE_SUPPLIERS
        return NextStep.NOTHING if self.assessed else NextStep.SUPPLIERS_ANSWER


def _for_the_agreement(agreement: AgreementState | None, *, has_siret: bool) -> NextStep:
    match agreement:
        case AgreementState.PROPOSED:
            return NextStep.SIGN
        case AgreementState.BUYER_SIGNED:
            return NextStep.COUNTERSIGN
    return NextStep.PROPOSE_AGREEMENT if has_siret else NextStep.ADD_SIRET
