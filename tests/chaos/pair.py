"""Two services for tests under faults, each with a database of its own: one makes things, one keeps them.

Each thing is made and changed by the maker. The keeper notes every event that it hears as a plain row (one
that has its effect twice is there twice), keeps the newest state of each thing, and answers to some events
with one of its own, which the maker notes in turn.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid5

from marshmallow import fields
from sqlalchemy import Column, Identity, Integer, String, Table, Uuid
from sqlalchemy.orm import registry

from services.chassis.bulk import RowWrite
from services.chassis.columns import RowNumber
from services.chassis.contracts import Contracts, EventSchema
from services.chassis.events import Event, new_id
from services.chassis.messages import service_metadata
from services.chassis.model import Aggregate
from services.chassis.projections import keep_newest
from services.chassis.reactions import Reactions, TolerantSchema
from services.chassis.service import Runtime, Service
from services.chassis.unit_of_work import UnitOfWork
from tests.support.probe import probe_settings

THING_CHANGED = "maker.thing.changed"
THING_KEPT = "keeper.thing.kept"

maker_metadata = service_metadata()
keeper_metadata = service_metadata()

things = Table(
    "thing",
    maker_metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(100), nullable=False),
)
kept = Table("kept", keeper_metadata, *(column._copy() for column in things.columns))
receipts = Table(
    "receipt",
    keeper_metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
)
effects = {
    metadata: Table(
        "effect",
        metadata,
        Column("position", RowNumber, Identity(), primary_key=True),
        Column("event_id", Uuid, nullable=False, index=True),
    )
    for metadata in (maker_metadata, keeper_metadata)
}


@dataclass(eq=False, kw_only=True)
class Thing(Aggregate):
    name: str


@dataclass(eq=False, kw_only=True)
class Receipt(Aggregate):
    """The keeper's answer to one event."""


registry(metadata=maker_metadata).map_imperatively(
    Thing, things, version_id_col=things.c.version, version_id_generator=False
)
registry(metadata=keeper_metadata).map_imperatively(
    Receipt, receipts, version_id_col=receipts.c.version, version_id_generator=False
)

maker_contracts, maker_reactions = Contracts("maker"), Reactions("maker")
keeper_contracts, keeper_reactions = Contracts("keeper"), Reactions("keeper")


@maker_contracts.event(THING_CHANGED)
class ThingChanged(EventSchema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)


@keeper_contracts.event(THING_KEPT)
class ThingKept(EventSchema):
    id = fields.UUID(required=True)


class ThingHeard(TolerantSchema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)


class ReceiptHeard(TolerantSchema):
    id = fields.UUID(required=True)


@keeper_reactions.on(THING_CHANGED, reads=ThingHeard)
def keep(event: Event, unit_of_work: UnitOfWork) -> None:
    _note(keeper_metadata, event, unit_of_work)
    keep_newest(unit_of_work, kept, {"id": event.data["id"]}, event, {"name": event.data["name"]})
    if wants_answer(event):
        receipt = Receipt(id=uuid5(event.id, "receipt"))
        unit_of_work.session.add(receipt)
        unit_of_work.record(receipt, THING_KEPT, {"id": receipt.id})


@maker_reactions.on(THING_KEPT, reads=ReceiptHeard)
def note_receipt(event: Event, unit_of_work: UnitOfWork) -> None:
    _note(maker_metadata, event, unit_of_work)


def wants_answer(event: Event) -> bool:
    """One event in ten, the same ones whoever asks."""
    return event.id.int % 10 == 0


def change_thing(identity: UUID | None, name: str, unit_of_work: UnitOfWork) -> Event:
    """Change a thing, or make a new one, and record the event that tells of it."""
    if identity is None:
        thing = Thing(id=new_id(), name=name)
        unit_of_work.session.add(thing)
    else:
        thing = unit_of_work.get(Thing, identity)
        thing.name = name
    return unit_of_work.record(thing, THING_CHANGED, {"id": thing.id, "name": name})


SERVICES = {
    "maker": Service("maker", "Maker", maker_metadata, maker_contracts, maker_reactions),
    "keeper": Service("keeper", "Keeper", keeper_metadata, keeper_contracts, keeper_reactions),
}


@contextmanager
def runtime_of(name: str, database_url: str, amqp_uri: str) -> Iterator[Runtime]:
    """The maker or the keeper at work; its tables are there already."""
    runtime = Runtime.start(SERVICES[name], probe_settings(database_url, amqp_uri))
    try:
        yield runtime
    finally:
        runtime.database.close()


def _note(metadata: object, event: Event, unit_of_work: UnitOfWork) -> None:
    table = effects[metadata]  # type: ignore[index]
    unit_of_work.write_later(RowWrite(table, ("event_id",)), {"event_id": event.id})
