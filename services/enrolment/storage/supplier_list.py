"""The list of suppliers: filtered, searched, sorted, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session

from services.chassis.listing import ListQuery
from services.chassis.model import NotFound
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.programme import Cohort
from services.enrolment.domain.supplier import Inviter, SupplierEnrolment, SupplierState
from services.enrolment.storage.accompanied import Accompanied
from services.enrolment.storage.tables import (
    applications,
    organisations,
    phones,
    supplier_enrolments,
    supplier_inviters,
)

SORTABLE: Mapping[str, Any] = {
    "name": func.lower(organisations.c.name),
    "commune": func.lower(organisations.c.commune_name),
    "state": supplier_enrolments.c.state,
    "invited": supplier_enrolments.c.invited_at,
}


@dataclass(frozen=True)
class SupplierFilter:
    """``accompanied`` and ``inviter_ids`` are what the person may see, the rest what they chose.

    ``inviter`` is a buyer; for somebody who does not accompany it, it has invited nobody.
    """

    accompanied: Accompanied | None = None
    inviter_ids: tuple[UUID, ...] | None = None
    state: str | None = None
    department: str | None = None
    inviter: UUID | None = None


@dataclass(frozen=True)
class SupplierRow:
    id: UUID
    programme: str
    organisation_id: UUID
    name: str
    siret: str | None
    commune_name: str | None
    department: str | None
    state: str
    contact_name: str
    contact_email: str
    contact_phone: str | None
    invited_by: Sequence[Inviter]
    invited_at: datetime | None
    enrolled_at: datetime | None
    proven: Sequence[str]
    commune_code: str | None
    size: str | None


def page(session: Session, chosen: SupplierFilter, query: ListQuery) -> tuple[list[SupplierRow], int]:
    """The rows of one page, and how many there are in all."""
    conditions = _conditions(chosen, query.search)
    total = session.scalar(
        select(func.count())
        .select_from(supplier_enrolments)
        .join(organisations, organisations.c.id == supplier_enrolments.c.organisation_id)
        .where(*conditions)
    )
    rows = session.execute(_rows(conditions, query).offset(query.offset).limit(query.per_page))
    return [_row(*row, chosen.accompanied) for row in rows], total or 0


def one(session: Session, chosen: SupplierFilter, supplier_id: UUID) -> SupplierRow:
    """The row of one supplier. Raises NotFound, also for one that the person may not see."""
    conditions = [*_conditions(chosen, ""), supplier_enrolments.c.id == supplier_id]
    for row in session.execute(_rows(conditions, ListQuery())):
        return _row(*row, chosen.accompanied)
    # The same answer for what does not exist, so that ids tell nothing.
    raise NotFound("You cannot see this supplier, or it does not exist.")


def everything(session: Session, chosen: SupplierFilter, query: ListQuery, *, most: int) -> list[SupplierRow]:
    """All rows, at most ``most``, in the order of the list."""
    rows = session.execute(_rows(_conditions(chosen, query.search), query).limit(most))
    return [_row(*row, chosen.accompanied) for row in rows]


def without_an_answer(
    session: Session, cohort: Cohort, accompanied: Accompanied, before: datetime, *, most: int
) -> tuple[list[SupplierRow], int]:
    """The suppliers that buyers of the cohort have invited, that somebody accompanies, whose invitation is
    older and who have not answered it, the latest invited first, as they still remember it; at most ``most``,
    and how many there are."""
    theirs = (
        select(supplier_inviters.c.supplier_id)
        .join(applications, applications.c.organisation_id == supplier_inviters.c.organisation_id)
        .where(applications.c.cohort_id == cohort.id)
    )
    conditions = [
        *_conditions(SupplierFilter(accompanied, state=SupplierState.INVITED), ""),
        supplier_enrolments.c.programme == cohort.programme,
        supplier_enrolments.c.id.in_(theirs),
        supplier_enrolments.c.invited_at < before,
    ]
    rows = session.execute(_rows(conditions, ListQuery(sort="invited", descending=True)).limit(most))
    total = session.scalar(select(func.count()).select_from(supplier_enrolments).where(*conditions))
    return [_row(*row, accompanied) for row in rows], total or 0


def departments(session: Session, chosen: SupplierFilter) -> list[str]:
    """The departments that the visible suppliers are in."""
    visible = SupplierFilter(chosen.accompanied, chosen.inviter_ids)
    query = (
        select(organisations.c.department)
        .join(supplier_enrolments, organisations.c.id == supplier_enrolments.c.organisation_id)
        .where(*_conditions(visible, ""), organisations.c.department.is_not(None))
        .distinct()
        .order_by(organisations.c.department)
    )
    return [department for department in session.scalars(query) if department]


def _rows(
    conditions: Sequence[ColumnElement[bool]], query: ListQuery
) -> Select[SupplierEnrolment, Organisation, str | None]:
    column = SORTABLE[query.sort or "name"]
    order = column.desc() if query.descending else column.asc()
    return (
        select(SupplierEnrolment, Organisation, phones.c.number)
        .join(organisations, organisations.c.id == supplier_enrolments.c.organisation_id)
        .outerjoin(phones, phones.c.person_id == supplier_enrolments.c.contact_id)
        .where(*conditions)
        .order_by(order.nulls_last(), supplier_enrolments.c.id)
    )


def _conditions(chosen: SupplierFilter, search: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [supplier_enrolments.c.merged_into.is_(None)]
    if chosen.state and chosen.state not in set(SupplierState):
        return [false()]
    if chosen.accompanied is not None:
        conditions.append(chosen.accompanied.suppliers())
    if chosen.inviter_ids is not None:
        invited = select(supplier_inviters.c.supplier_id).where(
            supplier_inviters.c.organisation_id.in_(chosen.inviter_ids)
        )
        conditions.append(supplier_enrolments.c.id.in_(invited))
    if chosen.inviter is not None:
        conditions.append(_invited_by(chosen.inviter, chosen.accompanied))
    if chosen.state:
        conditions.append(supplier_enrolments.c.state == chosen.state)
    if chosen.department:
        conditions.append(organisations.c.department == chosen.department)
    if search:
        columns = (organisations.c.name, organisations.c.commune_name, organisations.c.siret)
        conditions.append(or_(*(column.icontains(search, autoescape=True) for column in columns)))
    return conditions


def _invited_by(buyer: UUID, accompanied: Accompanied | None) -> ColumnElement[bool]:
    invited = supplier_enrolments.c.id.in_(
        select(supplier_inviters.c.supplier_id).where(supplier_inviters.c.organisation_id == buyer)
    )
    if accompanied is None:
        return invited
    followed = [programme for programme, buyers in accompanied.followed.items() if buyer in buyers]
    return invited & supplier_enrolments.c.programme.in_([*accompanied.managed, *followed])


def _row(
    supplier: SupplierEnrolment,
    organisation: Organisation,
    own_number: str | None,
    accompanied: Accompanied | None,
) -> SupplierRow:
    """An adviser does not learn from a supplier which buyers of others have invited it too.

    A number that people gave themselves, they gave to the team alone.
    """
    invited_by = [
        inviter
        for inviter in supplier.invited_by
        if accompanied is None
        or inviter.organisation_id is None
        or accompanied.includes(supplier.programme, inviter.organisation_id)
    ]
    return SupplierRow(
        supplier.id,
        supplier.programme,
        supplier.organisation_id,
        organisation.name,
        organisation.siret,
        organisation.commune_name,
        organisation.department,
        supplier.state,
        supplier.contact_name,
        supplier.contact_email,
        (own_number if accompanied is not None else None) or supplier.contact_phone,
        invited_by,
        supplier.invited_at,
        supplier.enrolled_at,
        organisation.proven or (),
        organisation.commune_code,
        organisation.size,
    )
