"""Programmes and their yearly cohorts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.chassis.model import Aggregate, Conflict, DomainError


@dataclass(eq=False, kw_only=True)
class Programme(Aggregate):
    """A responsible-procurement programme of one chamber. ``slug`` names it in addresses and events.

    Budgets are in euros: ``budget_total`` is what the programme costs, ``budget_funded`` what its funders
    pay of it.
    """

    slug: str
    name: str
    description: str
    chamber: str
    contact_email: str
    buyer_target: int
    supplier_target: int
    budget_total: Decimal
    budget_funded: Decimal


class CohortState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    REVIEWING = "reviewing"
    RUNNING = "running"
    COMPLETED = "completed"


@dataclass(eq=False, kw_only=True)
class Cohort(Aggregate):
    """The buyers of one year (*promotion*). ``label`` is usually the year.

    The call for applications is open from ``call_opens_on`` to ``call_closes_on``, both included.
    """

    programme: str
    label: str
    capacity: int
    state: CohortState = CohortState.PLANNED
    call_opens_on: date | None = None
    call_closes_on: date | None = None

    def open_call(self, opens_on: date, closes_on: date, today: date) -> None:
        """Open the call for applications. Raises Conflict, and DomainError for dates that make no sense."""
        self._must_be(CohortState.PLANNED)
        if closes_on < opens_on:
            raise DomainError("The call cannot close before it opens.", field="call_closes_on")
        if closes_on < today:
            raise DomainError("The call cannot close in the past.", field="call_closes_on")
        self.call_opens_on, self.call_closes_on = opens_on, closes_on
        self.state = CohortState.OPEN

    def takes_applications(self, today: date) -> bool:
        """Whether the call is open on this day."""
        if self.state is not CohortState.OPEN or self.call_opens_on is None or self.call_closes_on is None:
            return False
        return self.call_opens_on <= today <= self.call_closes_on

    def is_before_call(self, today: date) -> bool:
        """Whether the call is still to come."""
        if self.state is CohortState.PLANNED or self.call_opens_on is None:
            return True
        return self.state is CohortState.OPEN and today < self.call_opens_on

    def check_takes_applications(self, today: date) -> None:
        """Raises Conflict when the call is not open on this day."""
        if self.takes_applications(today):
            return
        if self.is_before_call(today):
            raise Conflict("The call for applications of this cohort is not open yet.")
        raise Conflict("The call for applications of this cohort is closed.")

    def check_takes_corrections(self) -> None:
        """Raises Conflict when it is too late to hand in an application that was handed back.

        The jury asks for corrections when the call is over; they are taken until the accompaniment begins.
        """
        if self.state not in (CohortState.OPEN, CohortState.REVIEWING):
            raise Conflict("This cohort has begun: corrections are no longer taken.")

    def start_review(self) -> None:
        """The jury begins; no more applications. Raises Conflict."""
        self._must_be(CohortState.OPEN)
        self.state = CohortState.REVIEWING

    def start(self) -> None:
        """The accompaniment begins. Raises Conflict."""
        self._must_be(CohortState.OPEN, CohortState.REVIEWING)
        self.state = CohortState.RUNNING

    def complete(self) -> None:
        """The accompaniment is over. Raises Conflict."""
        self._must_be(CohortState.RUNNING)
        self.state = CohortState.COMPLETED

    def check_place_left(self, taken: int) -> None:
        """Raises Conflict when ``taken`` places are all that there are."""
        if taken >= self.capacity:
            raise Conflict("This cohort has no place left: put the application on the waiting list.")

    def _must_be(self, *states: CohortState) -> None:
        if self.state not in states:
            raise Conflict("This cannot be done any more: the cohort has moved on. Load the page again.")
