"""What merging asks of the database: the candidates, what hangs on an organisation, and earlier merges."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, cast, or_, select, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_for
from services.enrolment.domain.merging import Merge
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.duplicates import Candidate, ordered
from services.enrolment.storage.tables import (
    distinct_pairs,
    invitations,
    merges,
    organisations,
    people,
    supplier_enrolments,
    supplier_inviters,
)


def candidates(session: Session, programme: str) -> list[Candidate]:
    """The programme's suppliers, as they are compared."""
    query = (
        select(
            organisations.c.id,
            organisations.c.name,
            organisations.c.siret,
            organisations.c.commune_code,
            supplier_enrolments.c.contact_email,
        )
        .join(supplier_enrolments, supplier_enrolments.c.organisation_id == organisations.c.id)
        .where(
            supplier_enrolments.c.programme == programme,
            supplier_enrolments.c.merged_into.is_(None),
            organisations.c.kind == "supplier",
            organisations.c.merged_into.is_(None),
        )
    )
    return [Candidate(*row) for row in session.execute(query)]


def known_distinct(session: Session) -> set[tuple[UUID, UUID]]:
    """The pairs of which somebody said that they are two."""
    return {
        ordered(first, second)
        for first, second in session.execute(select(distinct_pairs.c.first_id, distinct_pairs.c.second_id))
    }


def note_distinct(session: Session, first: UUID, second: UUID, by: UUID, now: datetime) -> None:
    smaller, greater = ordered(first, second)
    session.execute(
        insert_for(session, distinct_pairs)
        .values(first_id=smaller, second_id=greater, said_by=by, said_at=now)
        .on_conflict_do_nothing(index_elements=["first_id", "second_id"])
    )


def enrolments_of(session: Session, organisation_id: UUID) -> Sequence[SupplierEnrolment]:
    """The enrolments that count, in all programmes."""
    query = select(SupplierEnrolment).where(
        supplier_enrolments.c.organisation_id == organisation_id,
        supplier_enrolments.c.merged_into.is_(None),
    )
    return session.scalars(query.order_by(supplier_enrolments.c.id)).all()


def suppliers_with_organisations(
    session: Session, programme: str, organisation_ids: Collection[UUID]
) -> dict[UUID, tuple[SupplierEnrolment, Organisation]]:
    """By the organisation's id."""
    query = (
        select(SupplierEnrolment, Organisation)
        .join(organisations, organisations.c.id == supplier_enrolments.c.organisation_id)
        .where(supplier_enrolments.c.programme == programme, organisations.c.id.in_(organisation_ids))
    )
    return {organisation.id: (supplier, organisation) for supplier, organisation in session.execute(query)}


def people_of(session: Session, organisation_id: UUID) -> Sequence[Person]:
    """Those who have a role in the organisation."""
    # Grants are one JSON value of the person; the id of an organisation is nowhere else in it.
    query = select(Person).where(cast(people.c.grants, String).contains(str(organisation_id)))
    return session.scalars(query.order_by(people.c.id)).all()


def invitation_ids(session: Session, supplier_id: UUID) -> list[UUID]:
    query = select(invitations.c.id).where(invitations.c.supplier_id == supplier_id)
    return list(session.scalars(query.order_by(invitations.c.id)))


def move_invitations(session: Session, ids: Collection[UUID], supplier_id: UUID) -> None:
    session.execute(update(invitations).where(invitations.c.id.in_(ids)).values(supplier_id=supplier_id))


def move_inviters(session: Session, positions: Collection[int], supplier_id: UUID) -> None:
    """Let these have invited that supplier."""
    session.execute(
        update(supplier_inviters)
        .where(supplier_inviters.c.position.in_(positions))
        .values(supplier_id=supplier_id)
    )


def merges_of(session: Session, programmes: Collection[str], *, most: int) -> Sequence[Merge]:
    """The latest merges of these programmes, the newest first."""
    query = select(Merge).where(merges.c.programme.in_(programmes)).order_by(merges.c.merged_at.desc())
    return session.scalars(query.limit(most)).all()


def has_later_merge(session: Session, merge: Merge) -> bool:
    """Whether something was merged into either of the two since, and stands."""
    query = select(merges.c.id).where(
        or_(merges.c.kept_id == merge.merged_id, merges.c.merged_id == merge.kept_id),
        merges.c.undone_at.is_(None),
        merges.c.merged_at > merge.merged_at,
    )
    return session.scalar(query.limit(1)) is not None
