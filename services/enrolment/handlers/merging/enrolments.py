"""What becomes of the enrolment of an organisation that is part of another now, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.model import Conflict, DomainError
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.supplier import SupplierEnrolment, SupplierState
from services.enrolment.handlers.merging.people import move_people
from services.enrolment.storage import merges, queries, supplier_log

# How far each state is on the way; who has left or was only noted has no claim to go on.
_WAY = {
    SupplierState.REGISTERED: 0,
    SupplierState.LEFT: 0,
    SupplierState.INVITED: 1,
    SupplierState.ENROLLED: 2,
    SupplierState.DORMANT: 2,
    SupplierState.ACTIVE: 3,
}


@dataclass(frozen=True)
class MovedEnrolment:
    """``into`` is the enrolment that counts instead; None when the enrolment itself goes on, elsewhere.

    ``changed`` holds the former and the new value of what the other enrolment took over, as texts;
    ``contact``, the name and address of the contact that this one had.
    """

    id: UUID
    programme: str
    into: UUID | None = None
    inviters: tuple[int, ...] = ()
    invitations: tuple[UUID, ...] = ()
    changed: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    contact: tuple[str, str] = ("", "")

    def as_json(self) -> dict[str, Any]:
        texts = {"id": str(self.id), "into": str(self.into) if self.into else None}
        return {**asdict(self), **texts, "invitations": [str(each) for each in self.invitations]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> MovedEnrolment:
        return cls(
            UUID(stored["id"]),
            stored["programme"],
            UUID(stored["into"]) if stored["into"] else None,
            tuple(stored["inviters"]),
            tuple(UUID(each) for each in stored["invitations"]),
            {name: (before, after) for name, (before, after) in stored["changed"].items()},
            tuple(stored.get("contact", ("", ""))),
        )


def merge_enrolment(
    enrolment: SupplierEnrolment, kept: Organisation, unit_of_work: UnitOfWork
) -> MovedEnrolment:
    """Make it part of the kept organisation's enrolment in the same programme, or that enrolment.

    Raises DomainError when it is the one that has come further: then that one has to be kept.
    """
    session = unit_of_work.session
    into = queries.supplier_enrolment_of(session, enrolment.programme, kept.id)
    if into is None:
        enrolment.organisation_id = kept.id
        return MovedEnrolment(enrolment.id, enrolment.programme)
    if enrolment.contact_id is not None and into.contact_id is None:
        raise DomainError("Keep the one whose people take part already.", field="kept_id")
    known = {inviter.organisation_id for inviter in into.invited_by}
    inviters = tuple(
        each.position  # type: ignore[attr-defined]
        for each in enrolment.invited_by
        if each.organisation_id not in known
    )
    invitations = tuple(merges.invitation_ids(session, enrolment.id))
    before = _summary(into)
    contact = into.contact_name, into.contact_email
    if _WAY[enrolment.state] > _WAY[into.state]:
        into.state = enrolment.state
    into.learn_contact(enrolment.contact_name, enrolment.contact_email)
    into.invited_at = min(filter(None, (into.invited_at, enrolment.invited_at)), default=None)
    enrolment.merged_into = into.id
    after = _summary(into)
    session.flush()
    merges.move_inviters(session, inviters, into.id)
    merges.move_invitations(session, invitations, into.id)
    _read_inviters_again(enrolment, into, unit_of_work)
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    return MovedEnrolment(enrolment.id, enrolment.programme, into.id, inviters, invitations, changed, contact)


def part_enrolment(moved: MovedEnrolment, merged_id: UUID, unit_of_work: UnitOfWork) -> None:
    """Put back what was moved; what has changed since on the kept side stays as it is now."""
    session = unit_of_work.session
    enrolment = unit_of_work.get(SupplierEnrolment, moved.id, lock=True)
    if moved.into is None:
        enrolment.organisation_id = merged_id
        return
    into = unit_of_work.get(SupplierEnrolment, moved.into, lock=True)
    enrolment.merged_into = None
    now = _summary(into)
    for name, (before, after) in moved.changed.items():
        if now[name] == after:
            setattr(into, name, _value(name, before))
    session.flush()
    merges.move_inviters(session, moved.inviters, enrolment.id)
    merges.move_invitations(session, moved.invitations, enrolment.id)
    _read_inviters_again(enrolment, into, unit_of_work)


def give_back_acceptance(
    moved: MovedEnrolment, merged_id: UUID, since: datetime, unit_of_work: UnitOfWork
) -> None:
    """Who accepted since by a link of the enrolment takes part in it, and the other one waits again.

    Raises Conflict when they have begun to work: their answers are the other one's.
    """
    session = unit_of_work.session
    links = supplier_log.links_of(session, moved.id)
    if moved.into is None or not any(link.used_at and link.used_at >= since for link in links):
        return
    enrolment = unit_of_work.get(SupplierEnrolment, moved.id)
    into = unit_of_work.get(SupplierEnrolment, moved.into)
    if into.contact_id is None or not enrolment.is_waiting:
        return
    if supplier_log.has_worked(session, into):
        raise Conflict("Somebody has accepted since and begun to answer: the two cannot be parted any more.")
    move_people(into.organisation_id, merged_id, unit_of_work, programme=into.programme)
    enrolment.take_over(into)
    into.wait_again(*moved.contact)


def _summary(enrolment: SupplierEnrolment) -> dict[str, str | None]:
    return {
        "state": enrolment.state.value,
        "contact_name": enrolment.contact_name,
        "contact_email": enrolment.contact_email,
        "invited_at": enrolment.invited_at.isoformat() if enrolment.invited_at else None,
    }


def _value(name: str, text: str | None) -> Any:
    if text is None:
        return None
    match name:
        case "state":
            return SupplierState(text)
        case "invited_at":
            return datetime.fromisoformat(text)
    return text


def _read_inviters_again(
    enrolment: SupplierEnrolment, into: SupplierEnrolment, unit_of_work: UnitOfWork
) -> None:
    for each in (enrolment, into):
        unit_of_work.session.expire(each, ["invited_by"])
