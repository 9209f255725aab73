"""How every service takes part when a person asks for their data, or is erased.

A part of the copy travels as events, sealed for the one who asked and cut into pieces that brokers like: so a
service that is down only delays it, no service needs to reach another, and what stays in queues and logs can
be read by nobody once the key is gone. Retention drops the pieces from the log when they are old.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from uuid import uuid5

from marshmallow import fields
from sqlalchemy import MetaData
from sqlalchemy.orm import Session

from services.chassis.contracts import Contracts, EventSchema
from services.chassis.events import Event
from services.chassis.model import Aggregate
from services.chassis.privacy.collecting import OwnFile, OwnFiles, OwnSections, collect, pack
from services.chassis.privacy.declaration import holdings_of
from services.chassis.privacy.erasing import AlsoErase, erase
from services.chassis.privacy.holdings import Holdings
from services.chassis.privacy.sealing import seal
from services.chassis.privacy.subject import Subject, identify
from services.chassis.reactions import Reactions, TolerantSchema
from services.chassis.unit_of_work import UnitOfWork

EXPORT_REQUESTED = "enrolment.person.export_requested"
ERASURE_CONFIRMED = "enrolment.person.erasure_confirmed"
PIECE = 500_000  # characters of sealed content in one event


class ExportRequested(TolerantSchema):
    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    address_digests = fields.List(fields.String(), required=True)
    public_key = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    organisation_ids = fields.List(fields.UUID(), load_default=list)


class ErasureConfirmed(TolerantSchema):
    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    address_digests = fields.List(fields.String(), required=True)
    confirmed_at = fields.AwareDateTime(required=True)


class CollectedPiece(EventSchema):
    """One piece of what a service holds about somebody; ``number`` counts from 1 to ``of``."""

    request_id = fields.UUID(required=True)
    number = fields.Integer(required=True, strict=True)
    of = fields.Integer(required=True, strict=True)
    sealed = fields.String(required=True, metadata={"description": "A piece of a JWE in compact form."})


class PersonErased(EventSchema):
    """``rows`` counts what was replaced or removed."""

    request_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    rows = fields.Integer(required=True, strict=True)


LastWord = Callable[[Event, UnitOfWork], Callable[[], None]]
"""What a service still has to say to the person: called before it forgets them; what that returns, after."""


def _no_files(_session: Session, _subject: Subject) -> Iterable[OwnFile]:
    return ()


def _no_sections(_session: Session, _subject: Subject) -> Iterable[dict[str, Any]]:
    return ()


def publish_answers(contracts: Contracts) -> None:
    """Declare that a service answers those who ask."""
    contracts.define(f"{contracts.service}.person_data.collected", CollectedPiece)
    contracts.define(f"{contracts.service}.person.erased", PersonErased)


def answer_requests(
    reactions: Reactions,
    metadata: MetaData,
    *,
    files: OwnFiles = _no_files,
    sections: OwnSections = _no_sections,
    also: AlsoErase | None = None,
    last_word: LastWord | None = None,
) -> None:
    """Have a service hand out what it holds of a person, and erase it."""
    service = reactions.service

    def holdings() -> Holdings:
        return holdings_of(service, metadata)

    @reactions.on(EXPORT_REQUESTED, reads=ExportRequested)
    def data_are_asked_for(event: Event, unit_of_work: UnitOfWork) -> None:
        if unit_of_work.replaying or event.data["expires_at"] <= unit_of_work.now:
            return
        session = unit_of_work.session
        subject = replace(
            identify(session, holdings(), event.data["person_id"], event.data["address_digests"]),
            organisations=frozenset(event.data["organisation_ids"]),
        )
        held = [*collect(session, holdings(), subject), *sections(session, subject)]
        part = pack(service, held, files(session, subject), holdings().wording)
        sealed = seal(part, event.data["public_key"])
        pieces = [sealed[start : start + PIECE] for start in range(0, len(sealed), PIECE)]
        answer = _answer(event, service)
        for number, piece in enumerate(pieces, 1):
            told = {"request_id": event.data["id"], "number": number, "of": len(pieces), "sealed": piece}
            unit_of_work.record(answer, f"{service}.person_data.collected", told)

    @reactions.on(ERASURE_CONFIRMED, reads=ErasureConfirmed)
    def person_leaves(event: Event, unit_of_work: UnitOfWork) -> None:
        """Also when it is an old event that is heard again: a rebuild must not forget whom to leave out."""
        data = event.data
        unit_of_work.session.flush()
        say = last_word(event, unit_of_work) if last_word and not unit_of_work.replaying else None
        rows = erase(
            unit_of_work.session,
            holdings(),
            data["person_id"],
            data["address_digests"],
            data["confirmed_at"],
            also,
        )
        if say is not None:
            say()
        if not unit_of_work.replaying:
            told = {"request_id": data["id"], "person_id": data["person_id"], "rows": rows}
            unit_of_work.record(_answer(event, service), f"{service}.person.erased", told)


def _answer(event: Event, service: str) -> Aggregate:
    """What the answer is about: this service's part of the request."""
    return Aggregate(id=uuid5(event.data["id"], f"{service}/{event.type}"))
