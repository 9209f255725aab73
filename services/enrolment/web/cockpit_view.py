"""The cockpit as somebody sees it: their buyers, filtered and sorted, with what may be done about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from services.chassis.listing import ListQuery
from services.chassis.model import Forbidden, NotFound
from services.chassis.web.identity import Identity
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import local_today, runtime
from services.enrolment.domain.cockpit import OF_THE_TEAM, Buyer, Milestone, NextStep
from services.enrolment.domain.programme import Cohort
from services.enrolment.storage import cockpit, queries
from services.enrolment.storage import contacts as kept
from services.enrolment.web.accompanying import accompanied_by
from services.enrolment.web.identities import check_may

TEAM = ("manager", "adviser")
SORTABLE = ("name", "silence", "progress")
_LONG_SILENCE = 100_000


@dataclass(frozen=True)
class CockpitRow:
    """A buyer with what is worked out for the present moment."""

    buyer: Buyer
    days_silent: int | None
    is_stuck: bool
    is_to_be_called: bool

    @property
    def progress(self) -> int:
        return len(self.buyer.reached)

    @property
    def last_reached(self) -> tuple[Milestone, datetime] | None:
        """The milestone that was reached last, and when."""
        return max(self.buyer.reached.items(), key=lambda each: each[1], default=None)


def cockpit_rows(session: Session, cohort: Cohort) -> list[CockpitRow]:
    """The buyers of a cohort whom the person accompanies, by name. Raises Forbidden for outsiders."""
    check_may(cohort.programme, *TEAM)
    now, today = runtime().clock(), local_today()
    found = cockpit.buyers_of(session, cohort, accompanied_by(signed_in_person(), session))
    return [_row(buyer, now, today) for buyer in found]


def chosen_rows(rows: Sequence[CockpitRow], query: ListQuery, *, stuck: bool) -> list[CockpitRow]:
    """Those that the address asks for, in the order that it asks for."""
    words = query.search.casefold()
    found = [
        row
        for row in rows
        if (row.is_stuck or not stuck)
        and (words in row.buyer.name.casefold() or words in row.buyer.contact_name.casefold())
    ]
    keys: dict[str, Any] = {
        "name": lambda row: row.buyer.name.casefold(),
        "silence": _silence,
        "progress": lambda row: row.progress,
    }
    return sorted(found, key=keys[query.sort], reverse=query.descending)


def cockpit_row(session: Session, slug: str, label: str, organisation_id: UUID) -> tuple[Cohort, CockpitRow]:
    """One buyer of a cohort. Raises NotFound, also for one whom the person does not accompany."""
    cohort = queries.cohort_by_label(session, slug, label)
    for row in cockpit_rows(session, cohort):
        if row.buyer.organisation_id == organisation_id:
            return cohort, row
    raise NotFound("There is no such buyer in this cohort, or it is not one of yours.")


def contacts_of(session: Session, programme: str, buyer: Buyer) -> dict[UUID, str]:
    """The names of the buyer's people, by their ids, the one who applied first."""
    theirs = kept.people_of_buyers(session, programme).get(buyer.organisation_id, [])
    return {buyer.contact_id: buyer.contact_name, **{person.id: person.name for person in theirs}}


def check_is_contact(session: Session, programme: str, buyer: Buyer, person_id: UUID) -> None:
    """Raises Forbidden unless the person is one of the buyer's."""
    if person_id not in contacts_of(session, programme, buyer):
        raise Forbidden("This person is not one of the buyer’s.")


@dataclass(frozen=True)
class Glance:
    """The cockpit of a cohort in a few figures, and whom to call first."""

    cohort: Cohort
    total: int
    stuck: int
    to_do: int
    to_call: Sequence[CockpitRow]
    counts: Mapping[Milestone, int]


def glance(session: Session, cohort: Cohort) -> Glance | None:
    """None when the person accompanies nobody there. Raises Forbidden for outsiders."""
    rows = cockpit_rows(session, cohort)
    if not rows:
        return None
    manages = signed_in_person().may("manager", cohort.programme)
    return Glance(
        cohort,
        len(rows),
        sum(row.is_stuck for row in rows),
        sum(row.buyer.next_step in OF_THE_TEAM for row in rows) if manages else 0,
        sorted((row for row in rows if row.is_to_be_called), key=_silence, reverse=True),
        milestone_counts(rows),
    )


def step_address(person: Identity, cohort: Cohort, buyer: Buyer) -> str | None:
    """Where the next step of a buyer is taken; None where it is not for this person to take."""
    manages = person.may("manager", cohort.programme)
    match buyer.next_step:
        case NextStep.DECIDE:
            address = url_for("applications.application", application_id=buyer.application_id)
        case NextStep.ADD_SIRET | NextStep.PROPOSE_AGREEMENT | NextStep.COUNTERSIGN:
            address = url_for("agreements.agreement", application_id=buyer.application_id)
        case NextStep.ASSIGN_ADVISER:
            address = url_for("advisers.adviser_index", slug=cohort.programme)
        case NextStep.COME_TO_WORKSHOP:
            return url_for("workshops.workshop_index", cohort=cohort.label)
        case NextStep.NOTHING:
            return None
        case _:
            return url_for(
                "cockpit.buyer",
                slug=cohort.programme,
                label=cohort.label,
                organisation_id=buyer.organisation_id,
            )
    return address if manages else None


def milestone_counts(rows: Sequence[CockpitRow]) -> dict[Milestone, int]:
    return {each: sum(each in row.buyer.reached for row in rows) for each in Milestone}


def _silence(row: CockpitRow) -> int:
    return _LONG_SILENCE if row.days_silent is None else row.days_silent


def _row(buyer: Buyer, now: datetime, today: date) -> CockpitRow:
    return CockpitRow(buyer, buyer.days_silent(now), buyer.is_stuck(now), buyer.is_to_be_called(now, today))
