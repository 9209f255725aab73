"""Decisions on applications, and the log that keeps who took each of them, when and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from services.enrolment.domain.local_time import PARIS

OFFERS_END_AT = time(18, 0)


class Verdict(StrEnum):
    """What was decided; from ``OFFER`` to ``WITHDRAW`` by the applicant or by the calendar.

    ``WITHDRAW_ON_BEHALF`` notes that an applicant has given up without withdrawing the application.
    ``LEAVE`` and ``COME_BACK`` note that a buyer has given up, and that this was a mistake.
    ``REMOVE_JUROR``, which is about no application, and the conflicts of interest say why the jury's means
    are others than before.
    """

    ACCEPT = "accept"
    WAITLIST = "waitlist"
    DECLINE = "decline"
    RETURN = "return"
    ENROL = "enrol"
    OFFER = "offer"
    TAKE_OFFER = "take_offer"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"
    WITHDRAW_ON_BEHALF = "withdraw_on_behalf"
    LEAVE = "leave"
    COME_BACK = "come_back"
    REMOVE_JUROR = "remove_juror"
    DECLARE_CONFLICT = "declare_conflict"
    LIFT_CONFLICT = "lift_conflict"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is to be decided on one application. ``reason`` is needed to decline."""

    application_id: UUID
    verdict: Verdict
    reason: str = ""


@dataclass(eq=False, kw_only=True)
class LoggedDecision:
    """One line of the log, which is only ever added to. ``by`` is None when the calendar decided.

    ``application_id`` is None for what concerns the whole cohort.
    """

    application_id: UUID | None
    cohort_id: UUID
    verdict: Verdict
    reason: str
    by: UUID | None
    decided_at: datetime


def offer_ends(now: datetime, days: int, next_working_day: Callable[[date], date]) -> datetime:
    """When an offer made now ends: ``days`` days later, on a working day, at 18:00 in Paris.

    Which days are working days comes in as a function: no country's law stands here.
    """
    day = now.astimezone(PARIS).date() + timedelta(days=days)
    return datetime.combine(next_working_day(day), OFFERS_END_AT, PARIS)
