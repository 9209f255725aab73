"""A small service for tests of the messaging: it makes things, and notes each effect that hearing of one has.

An effect is a plain row: one that happens twice is there twice.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from marshmallow import fields
from sqlalchemy import Column, Identity, Integer, String, Table, Uuid, func, insert, select
from sqlalchemy.orm import registry

from services.chassis.columns import RowNumber
from services.chassis.contracts import Contracts, EventSchema
from services.chassis.errors import PermanentFailure
from services.chassis.events import Event, new_id
from services.chassis.messages import service_metadata
from services.chassis.model import Aggregate
from services.chassis.reactions import Reactions, TolerantSchema
from services.chassis.service import Runtime, Service
from services.chassis.settings import Settings
from services.chassis.unit_of_work import UnitOfWork

THING_MADE = "probe.thing.made"

metadata = service_metadata()
things = Table(
    "thing",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(100), nullable=False),
)
effects = Table(
    "effect",
    metadata,
    Column("position", RowNumber, Identity(), primary_key=True),
    Column("event_id", Uuid, nullable=False, index=True),
    Column("name", String(100), nullable=False),
)
repaired = Table("repaired", metadata, Column("name", String(100), primary_key=True))


@dataclass(eq=False, kw_only=True)
class Thing(Aggregate):
    name: str


registry(metadata=metadata).map_imperatively(
    Thing, things, version_id_col=things.c.version, version_id_generator=False
)

contracts = Contracts("probe")
reactions = Reactions("probe")


@contracts.event(THING_MADE)
class ThingMade(EventSchema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)


class ThingHeard(TolerantSchema):
    name = fields.String(required=True)


@reactions.on(THING_MADE, reads=ThingHeard)
def note_effect(event: Event, unit_of_work: UnitOfWork) -> None:
    """Names that begin with “broken” fail until they are repaired; “hopeless” ones can never be handled."""
    name = event.data["name"]
    unit_of_work.session.execute(insert(effects).values(event_id=event.id, name=name))
    if name.startswith("hopeless"):
        raise PermanentFailure("This one is hopeless.")
    if name.startswith("broken"):
        mended = unit_of_work.session.scalar(select(repaired.c.name).where(repaired.c.name == name))
        if mended is None:
            raise RuntimeError(f"{name} does not work yet")


PROBE = Service(
    name="probe",
    title="Probe",
    metadata=metadata,
    contracts=contracts,
    reactions=reactions,
    projections=(effects,),
)


@contextmanager
def probe_runtime(database_url: str, amqp_uri: str) -> Iterator[Runtime]:
    """The probe at work, its tables made if they are not there yet."""
    runtime = Runtime.start(PROBE, probe_settings(database_url, amqp_uri))
    with runtime.database.in_turn("create tables") as connection:
        metadata.create_all(connection)
    yield runtime
    runtime.database.close()


def probe_settings(database_url: str, amqp_uri: str) -> Settings:
    return Settings(
        database_url=database_url,
        amqp_uri=amqp_uri,
        public_url="http://localhost",
        mail_url="maildir:///nowhere",
        mail_from="probe@cesar.example",
        session_public_key="",
        secret_key="a secret of the tests",
    )


def make_thing(name: str, unit_of_work: UnitOfWork) -> Event:
    """Make a thing and record the event that tells of it."""
    thing = Thing(id=new_id(), name=name)
    unit_of_work.session.add(thing)
    return unit_of_work.record(thing, THING_MADE, {"id": thing.id, "name": name})


def repair(runtime: Runtime, name: str) -> None:
    """From now on the broken thing with this name can be handled."""
    with runtime.database.write() as session:
        session.execute(insert(repaired).values(name=name))


def effect_names(runtime: Runtime) -> Sequence[str]:
    """The names of all effects, in the order in which they happened."""
    with runtime.read() as session:
        return session.scalars(select(effects.c.name).order_by(effects.c.position)).all()


def effects_by_event(runtime: Runtime) -> dict[UUID, int]:
    """How many effects each event had."""
    with runtime.read() as session:
        query = select(effects.c.event_id, func.count()).group_by(effects.c.event_id)
        return {event_id: number for event_id, number in session.execute(query)}
