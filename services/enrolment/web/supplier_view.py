"""One supplier as somebody sees it, and what they may put right about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import Forbidden
from services.chassis.web.identity import Identity
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import runtime
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.supplier import SupplierEnrolment, SupplierState
from services.enrolment.domain.supplier_log import SENT_AGAIN_AFTER, SupplierDeed
from services.enrolment.storage import supplier_list, supplier_log
from services.enrolment.storage.supplier_list import SupplierRow
from services.enrolment.web.identities import is_only_buyer, visible_suppliers

NOT_ANSWERED = (SupplierState.REGISTERED, SupplierState.INVITED)


@dataclass(frozen=True)
class Happening:
    """Something that happened to a supplier; ``by`` and ``reason`` are told to the team alone."""

    what: str
    at: datetime
    by: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class SupplierView:
    """``row`` is what the list shows; the versions are those that a form is an answer to.

    ``may_correct`` is about name, place and SIRET, ``may_manage`` about leaving and coming back.
    """

    row: SupplierRow
    version: int
    organisation_version: int
    history: list[Happening]
    sent_at: datetime | None
    link_ends_at: datetime | None
    not_reached: SupplierDeed | None
    may_send_again: bool
    may_correct_contact: bool
    may_correct: bool
    may_manage: bool

    @property
    def is_too_early(self) -> bool:
        """Whether the link was sent so lately that it is not sent again yet."""
        return self.sent_at is not None and runtime().clock() < self.sent_at + SENT_AGAIN_AFTER

    @property
    def is_link_expired(self) -> bool:
        return self.link_ends_at is not None and self.link_ends_at <= runtime().clock()


def supplier_view(session: Session, supplier_id: UUID) -> SupplierView:
    """Raises NotFound, also for a supplier that the person does not see in the list."""
    person = signed_in_person()
    row = supplier_list.one(session, visible_suppliers(person, session, {}), supplier_id)
    supplier = session.get_one(SupplierEnrolment, supplier_id)
    manages = person.may("manager", row.programme)
    is_open = row.state in NOT_ANSWERED
    corrects = manages or (is_open and _invited_alone(person, supplier))
    waits = row.state == SupplierState.INVITED
    sent_at = supplier_log.last_sent_at(session, supplier_id)
    link_ends_at = supplier_log.link_ends_at(session, supplier_id, sent_at) if sent_at else None
    return SupplierView(
        row=row,
        version=supplier.version,
        organisation_version=session.get_one(Organisation, row.organisation_id).version,
        history=_history(session, row, link_ends_at),
        sent_at=sent_at if waits else None,
        link_ends_at=link_ends_at if waits else None,
        not_reached=supplier_log.not_reached(session, supplier_id) if waits else None,
        may_send_again=waits and (manages or _has_invited(person, supplier)),
        may_correct_contact=is_open and corrects,
        may_correct=corrects,
        may_manage=manages,
    )


def check_allowed(allowed: bool) -> None:
    """Raises Forbidden."""
    if not allowed:
        raise Forbidden(
            "Only the programme’s manager may do this, or the buyer who invited, until somebody accepts."
        )


def as_detail(view: SupplierView) -> dict[str, Any]:
    """What a program is told. The versions are part of it, so that its tag follows every change."""
    return {
        **vars(view.row),
        "version": view.version,
        "organisation_version": view.organisation_version,
        "sent_at": view.sent_at,
        "link_ends_at": view.link_ends_at,
        "not_reached": view.not_reached,
        "history": view.history,
    }


def programmes_to_answer_for(person: Identity, row: SupplierRow) -> tuple[str, ...]:
    """In whose name the person puts something right: the programmes they manage, or where they invited."""
    return person.programmes("manager") if person.may("manager", row.programme) else (row.programme,)


def _has_invited(person: Identity, supplier: SupplierEnrolment) -> bool:
    return any(
        person.may("buyer", supplier.programme, each.organisation_id)
        for each in supplier.invited_by
        if each.organisation_id is not None
    )


def _invited_alone(person: Identity, supplier: SupplierEnrolment) -> bool:
    """What others have typed too, the manager puts right."""
    return bool(supplier.invited_by) and all(
        each.organisation_id is not None and person.may("buyer", supplier.programme, each.organisation_id)
        for each in supplier.invited_by
    )


def _history(session: Session, row: SupplierRow, link_ends_at: datetime | None) -> list[Happening]:
    """The latest first. ``link_ends_at`` is about the last link; what became of those before it is kept."""
    is_team = not is_only_buyer(signed_in_person())
    found = [Happening("invited", each.invited_at, each.organisation_name) for each in row.invited_by]
    if row.enrolled_at is not None:
        found.append(Happening("enrolled", row.enrolled_at))
    waited_until = row.enrolled_at or (runtime().clock() if row.state == SupplierState.INVITED else None)
    if link_ends_at is not None and waited_until is not None and link_ends_at <= waited_until:
        found.append(Happening("link_expired", link_ends_at))
    for entry, name in supplier_log.entries_of(session, row.id):
        told = (name, entry.reason) if is_team else (None, "")
        found.append(Happening(entry.what, entry.happened_at, *told))
    return sorted(found, key=lambda each: each.at, reverse=True)
