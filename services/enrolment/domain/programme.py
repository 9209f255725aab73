"""Programmes and their yearly cohorts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.chassis.model import Aggregate, Conflict, DomainError
from services.enrolment.domain.call import (
    Criterion,
    Question,
    check_criteria,
    check_only_adds_optional,
    check_questions,
)


@dataclass(frozen=True, kw_only=True)
class Funder:
    """Who pays a part of a programme: ``amount`` in euros, for the time from ``starts_on`` to ``ends_on``."""

    name: str
    amount: Decimal
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(eq=False, kw_only=True)
class Programme(Aggregate):
    """A responsible-procurement programme of one chamber. ``slug`` names it in addresses and events.

    Budgets are in euros: ``budget_total`` is what the programme costs, ``budget_funded`` what its funders
    pay of it. Where the funders are named, it is the sum of what they pay.
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
    funders: tuple[Funder, ...] = ()
    agreement_template: str = ""

    def name_funders(self, funders: Sequence[Funder]) -> None:
        """Raises DomainError when one pays backwards in time or all of them pay more than it costs."""
        for funder in funders:
            if funder.starts_on and funder.ends_on and funder.ends_on < funder.starts_on:
                raise DomainError("The funding by %(name)s ends before it begins.", name=funder.name)
        self.funders = tuple(funders)
        if funders:
            self.budget_funded = sum((funder.amount for funder in funders), Decimal(0))
        if self.budget_funded > self.budget_total:
            raise DomainError("The funders pay more than the programme costs.", field="budget_total")


class CohortState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    REVIEWING = "reviewing"
    RUNNING = "running"
    COMPLETED = "completed"


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The days of a cohort, each known sooner or later."""

    call_opens_on: date | None = None
    call_closes_on: date | None = None
    jury_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    def check_order(self) -> None:
        """Raises DomainError, at the field, where a day comes before one that has to be earlier."""
        if self.call_opens_on and self.call_closes_on and self.call_closes_on < self.call_opens_on:
            raise DomainError("The call cannot close before it opens.", field="call_closes_on")
        if self.jury_on and self.call_closes_on and self.jury_on < self.call_closes_on:
            raise DomainError("The jury cannot meet before the call closes.", field="jury_on")
        earlier = self.jury_on or self.call_closes_on
        if self.starts_on and earlier and self.starts_on < earlier:
            raise DomainError(
                "The accompaniment cannot begin before the applications are decided.", field="starts_on"
            )
        if self.ends_on and self.starts_on and self.ends_on < self.starts_on:
            raise DomainError("The accompaniment cannot end before it begins.", field="ends_on")

    def later_by(self, years: int) -> Calendar:
        """The same days, so many years later."""
        return Calendar(**{name: day and _later_by(years, day) for name, day in vars(self).items()})


@dataclass(eq=False, kw_only=True)
class Cohort(Aggregate):
    """The buyers of one year (*promotion*). ``label`` is usually the year.

    The call for applications is open from ``call_opens_on`` to ``call_closes_on``, both included; what it
    says and asks is ``call_text`` and ``questions``, what the jury looks at ``criteria``. Whoever is offered
    a place that became free has ``offer_days`` to answer.
    """

    programme: str
    label: str
    capacity: int
    state: CohortState = CohortState.PLANNED
    call_opens_on: date | None = None
    call_closes_on: date | None = None
    jury_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    offer_days: int = 7
    call_text: str = ""
    questions: tuple[Question, ...] = ()
    criteria: tuple[Criterion, ...] = ()

    @property
    def calendar(self) -> Calendar:
        return Calendar(
            call_opens_on=self.call_opens_on,
            call_closes_on=self.call_closes_on,
            jury_on=self.jury_on,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
        )

    def take_over(self, earlier: Cohort) -> None:
        """Begin with what an earlier cohort had: its days, its form, criteria and capacity.

        The days are as many years later as the labels say; one, where they name no years.
        """
        self.capacity, self.offer_days = earlier.capacity, earlier.offer_days
        self.call_text, self.questions, self.criteria = earlier.call_text, earlier.questions, earlier.criteria
        year, its_year = _year_in(self.label), _year_in(earlier.label)
        years = year - its_year if year and its_year else 1
        self.set_calendar(earlier.calendar.later_by(years))

    def set_calendar(self, calendar: Calendar) -> None:
        """Raises DomainError for days in a wrong order, Conflict for moving what has happened already."""
        calendar.check_order()
        if self.state is not CohortState.PLANNED and not (calendar.call_opens_on and calendar.call_closes_on):
            raise DomainError("The call has been opened: it needs its two dates.", field="call_closes_on")
        moves_call = (calendar.call_opens_on, calendar.call_closes_on) != (
            self.call_opens_on,
            self.call_closes_on,
        )
        if moves_call and self.state not in (CohortState.PLANNED, CohortState.OPEN):
            raise Conflict("The call is over: its dates stay as they were.", field="call_closes_on")
        for name, day in vars(calendar).items():
            setattr(self, name, day)

    def set_capacity(self, capacity: int, taken: int) -> None:
        """Raises DomainError for fewer places than are ``taken`` or offered."""
        if capacity < taken:
            raise DomainError(
                "%(taken)s places are taken or offered: there cannot be fewer.", field="capacity", taken=taken
            )
        self.capacity = capacity

    @property
    def takes_another_form(self) -> bool:
        """Whether what the call asks can still change, as far as nobody has applied."""
        return self.state in (CohortState.PLANNED, CohortState.OPEN)

    def set_form(
        self, questions: Sequence[Question], criteria: Sequence[Criterion], *, is_used: bool
    ) -> None:
        """What the call asks and the jury scores. ``is_used``: somebody has applied already.

        Criteria that were announced stay for who has applied; where there were none they can still be named,
        since the jury could not score at all.
        Raises DomainError for what makes no form, Conflict for a change that comes too late.
        """
        check_questions(questions)
        check_criteria(criteria)
        if is_used:
            check_only_adds_optional(self.questions, questions)
            if self.criteria and tuple(criteria) != self.criteria:
                raise Conflict("Somebody has applied already: the criteria stay as they were announced.")
        elif not self.takes_another_form:
            raise Conflict("The call is over: its form stays as it was.")
        self.questions, self.criteria = tuple(questions), tuple(criteria)

    def open_call(self, opens_on: date, closes_on: date, today: date) -> None:
        """Open the call for applications. Raises Conflict, and DomainError for dates that make no sense."""
        self._must_be(CohortState.PLANNED)
        try:
            replace(self.calendar, call_opens_on=opens_on, call_closes_on=closes_on).check_order()
        except DomainError as error:
            error.field = "call_closes_on"  # whoever opens it is asked for no other days
            raise
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

    @property
    def takes_corrections(self) -> bool:
        """Whether an application can be handed back, and handed in again.

        The jury asks for corrections when the call is over; they are taken until the accompaniment begins.
        """
        return self.state in (CohortState.OPEN, CohortState.REVIEWING)

    def check_takes_corrections(self) -> None:
        """Raises Conflict when it is too late to hand an application back or in again."""
        if not self.takes_corrections:
            raise Conflict("This cohort has begun: corrections are no longer taken.")

    def start_review(self, today: date) -> None:
        """The jury begins; no more applications. Raises Conflict."""
        self._must_be(CohortState.OPEN)
        self._close_call(today)
        self.state = CohortState.REVIEWING

    def start(self, today: date) -> None:
        """The accompaniment begins. Raises Conflict."""
        self._must_be(CohortState.OPEN, CohortState.REVIEWING)
        self._close_call(today)
        self.state = CohortState.RUNNING

    def complete(self) -> None:
        """The accompaniment is over. Raises Conflict."""
        self._must_be(CohortState.RUNNING)
        self.state = CohortState.COMPLETED

    def check_place_left(self, taken: int) -> None:
        """Raises Conflict when ``taken`` places are all that there are."""
        if taken >= self.capacity:
            raise Conflict("This cohort has no place left: put the application on the waiting list.")

    def _close_call(self, today: date) -> None:
        """A call that is closed before its last day has its last day today: people are told that day."""
        if self.call_opens_on and self.call_closes_on and self.call_closes_on > today:
            self.call_opens_on, self.call_closes_on = min(self.call_opens_on, today), today

    def _must_be(self, *states: CohortState) -> None:
        if self.state not in states:
            raise Conflict("This cannot be done any more: the cohort has moved on. Load the page again.")


def _year_in(label: str) -> int | None:
    found = re.search(r"(?<!\d)20\d\d(?!\d)", label)
    return int(found.group()) if found else None


def _later_by(years: int, day: date) -> date:
    """The same day of another year; the 28th for a 29th of February that this year does not have."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
