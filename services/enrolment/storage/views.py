"""What the pages show: rows put together for reading, not for changing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from services.enrolment.domain.agreement import AgreementState
from services.enrolment.domain.application import HOLDING_A_PLACE, UNDECIDED, Application, ApplicationState
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, Role
from services.enrolment.domain.programme import Cohort, CohortState, Programme
from services.enrolment.storage import queries
from services.enrolment.storage.accompanied import Accompanied
from services.enrolment.storage.agreement_queries import agreement_of
from services.enrolment.storage.self_registrations import open_claim
from services.enrolment.storage.tables import (
    applications,
    organisations,
    people,
    supplier_enrolments,
    supplier_inviters,
)


@dataclass(frozen=True)
class CohortView:
    """A cohort with the organisations that hold its places, in alphabetical order."""

    cohort: Cohort
    members: Sequence[Organisation]


@dataclass(frozen=True)
class CohortOverview:
    """A cohort in figures: places taken, and applications that wait for a decision."""

    cohort: Cohort
    taken: int
    undecided: int


@dataclass(frozen=True)
class ProgrammeOverview:
    programme: Programme
    cohorts: Sequence[CohortOverview]
    suppliers: dict[str, int] = field(default_factory=dict)
    invited: int = 0

    @property
    def undecided(self) -> int:
        return sum(cohort.undecided for cohort in self.cohorts)

    @property
    def buyers(self) -> int:
        return sum(cohort.taken for cohort in self.cohorts)


class Awaited(StrEnum):
    """What a buyer has to do before anything else happens."""

    CORRECTION = "correction"
    ANSWER = "answer"
    SIRET = "siret"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class BuyerPath:
    """One application of a buyer, with what comes next on its way.

    ``agreement`` is the state of its agreement; ``is_claiming``: the team checks the SIRET that was given.
    """

    application: Application
    cohort: Cohort
    organisation: Organisation
    programme: Programme
    invited_suppliers: int
    agreement: AgreementState | None = None
    is_claiming: bool = False

    @property
    def awaited(self) -> Awaited | None:
        """What the buyer has to do now, if anything."""
        match self.application.state:
            case ApplicationState.DRAFT if self.cohort.takes_corrections:
                return Awaited.CORRECTION
            case ApplicationState.WAITLISTED if self.application.offered_until is not None:
                return Awaited.ANSWER
            case ApplicationState.ACCEPTED if self.organisation.siret is None and not self.is_claiming:
                return Awaited.SIRET
            case ApplicationState.ACCEPTED if self.agreement is AgreementState.PROPOSED:
                return Awaited.SIGNATURE
        return None


def cohorts_with_members(session: Session, programme: str) -> list[CohortView]:
    """The cohorts of a programme, the latest first, with their members."""
    query = (
        select(applications.c.cohort_id, Organisation)
        .join(organisations, organisations.c.id == applications.c.organisation_id)
        .where(applications.c.programme == programme, applications.c.state.in_(HOLDING_A_PLACE))
        .order_by(organisations.c.name)
    )
    members: dict[UUID, list[Organisation]] = {}
    for cohort_id, organisation in session.execute(query):
        members.setdefault(cohort_id, []).append(organisation)
    return [
        CohortView(cohort, members.get(cohort.id, [])) for cohort in queries.cohorts_of(session, programme)
    ]


def count_suppliers(
    session: Session, programme: str, accompanied: Accompanied | None = None
) -> dict[str, int]:
    """How many suppliers of a programme are in each state, all or those that somebody accompanies."""
    query = (
        select(supplier_enrolments.c.state, func.count())
        .where(
            supplier_enrolments.c.programme == programme,
            supplier_enrolments.c.merged_into.is_(None),
            accompanied.suppliers() if accompanied else true(),
        )
        .group_by(supplier_enrolments.c.state)
    )
    return {state.value: count for state, count in session.execute(query)}


def count_invited(session: Session, programme: str, accompanied: Accompanied | None = None) -> int:
    """How many suppliers somebody has invited: not those who are merely known, or who came by themselves."""
    query = (
        select(func.count())
        .select_from(supplier_enrolments)
        .where(
            supplier_enrolments.c.programme == programme,
            supplier_enrolments.c.merged_into.is_(None),
            supplier_enrolments.c.invited_at.is_not(None),
            accompanied.suppliers() if accompanied else true(),
        )
    )
    return session.scalar(query) or 0


def programme_overview(
    session: Session, programme: Programme, accompanied: Accompanied | None = None
) -> ProgrammeOverview:
    """A programme in figures: all of it, or what somebody accompanies."""
    counts: dict[UUID, dict[str, int]] = {}
    query = (
        select(applications.c.cohort_id, applications.c.state, func.count())
        .where(
            applications.c.programme == programme.slug, accompanied.applications() if accompanied else true()
        )
        .group_by(applications.c.cohort_id, applications.c.state)
    )
    for cohort_id, state, count in session.execute(query):
        counts.setdefault(cohort_id, {})[state] = count
    return ProgrammeOverview(
        programme,
        [
            CohortOverview(
                cohort,
                taken=_sum(counts.get(cohort.id, {}), HOLDING_A_PLACE),
                undecided=_sum(counts.get(cohort.id, {}), UNDECIDED),
            )
            for cohort in queries.cohorts_of(session, programme.slug)
        ],
        count_suppliers(session, programme.slug, accompanied),
        count_invited(session, programme.slug, accompanied),
    )


def buyer_paths(session: Session, organisation_ids: Sequence[UUID]) -> list[BuyerPath]:
    """The applications of a buyer's organisations: where something is to be done, then the latest first."""
    found = [
        BuyerPath(
            application,
            session.get_one(Cohort, application.cohort_id),
            session.get_one(Organisation, application.organisation_id),
            queries.programme_by_slug(session, application.programme),
            count_invited_by(session, application.programme, application.organisation_id),
            agreed.state if (agreed := agreement_of(session, application.id)) else None,
            open_claim(session, application.id) is not None,
        )
        for application in queries.applications_by_organisations(session, organisation_ids)
    ]
    return sorted(found, key=lambda path: path.awaited is None)


def count_invited_by(session: Session, programme: str, organisation_id: UUID) -> int:
    """How many suppliers of a programme this organisation has invited."""
    query = (
        select(func.count(func.distinct(supplier_inviters.c.supplier_id)))
        .join(supplier_enrolments, supplier_enrolments.c.id == supplier_inviters.c.supplier_id)
        .where(
            supplier_enrolments.c.programme == programme,
            supplier_enrolments.c.merged_into.is_(None),
            supplier_inviters.c.organisation_id == organisation_id,
        )
    )
    return session.scalar(query) or 0


def one_person_per_role(session: Session) -> list[tuple[Role, Person]]:
    """For the demonstration: somebody to sign in as, for each role."""
    found: dict[Role, Person] = {}
    for person in session.scalars(select(Person).order_by(people.c.id)):
        for grant in person.grants:
            found.setdefault(grant.role, person)
        if len(found) == len(Role):
            break
    return [(role, found[role]) for role in Role if role in found]


def cohort_steps(cohort: Cohort) -> list[tuple[CohortState, str]]:
    """The states of a cohort in their order, each "done", "current" or "todo"."""
    order = list(CohortState)
    now = order.index(cohort.state)
    return [
        (state, "done" if place < now else "current" if place == now else "todo")
        for place, state in enumerate(order)
    ]


def _sum(counts: dict[str, int], states: Sequence[ApplicationState]) -> int:
    return sum(counts.get(state, 0) for state in states)
