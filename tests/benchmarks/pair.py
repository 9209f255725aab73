"""Two small services, one that tells and one that hears, and the data that every peer of theirs is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from marshmallow import fields
from sqlalchemy import Column, Identity, String, Table, Uuid, insert

from services.chassis.clock import utc_now
from services.chassis.columns import RowNumber
from services.chassis.contracts import Contracts, EventSchema
from services.chassis.events import Event, new_id
from services.chassis.messages import outbox, service_metadata
from services.chassis.projections import record_fact
from services.chassis.reactions import Reactions, TolerantSchema
from services.chassis.service import Runtime, Service
from services.chassis.settings import Settings
from services.chassis.unit_of_work import UnitOfWork

ORDER_PLACED = "teller.order.placed"
# The variable that names the file in which the hearer writes when the effect of each event was committed: a
# JSON list [event id, monotonic seconds] a line.
TIMES = "BENCH_TIMES"

teller_metadata = service_metadata()
hearer_metadata = service_metadata()
effects = Table(
    "effect",
    hearer_metadata,
    Column("position", RowNumber, Identity(), primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("name", String(100), nullable=False),
)

# What each peer does for each event, in its own way of talking to PostgreSQL.
EFFECT_SQL = "INSERT INTO effect (event_id, name) VALUES (%s, %s)"

contracts = Contracts("teller")
reactions = Reactions("hearer")


@contracts.event(ORDER_PLACED)
class OrderPlaced(EventSchema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    note = fields.String(required=True)


class OrderHeard(TolerantSchema):
    name = fields.String(required=True)


@reactions.on(ORDER_PLACED, reads=OrderHeard)
def note_effect(event: Event, unit_of_work: UnitOfWork) -> None:
    record_fact(unit_of_work, effects, event, {"name": event.data["name"]})


TELLER = Service("teller", "Teller", teller_metadata, contracts, Reactions("teller"))
HEARER = Service("hearer", "Hearer", hearer_metadata, Contracts("hearer"), reactions, (effects,))


def order_data(identity: UUID) -> dict[str, str]:
    """The data of one event: with its envelope about 600 bytes, the size of most events of a programme."""
    return {"id": str(identity), "name": "A thing of use", "note": "What is said beside it. " * 8}


def order_event() -> Event:
    identity = new_id()
    return Event(
        id=new_id(),
        source="teller",
        type=ORDER_PLACED,
        version=1,
        subject=identity,
        sequence=1,
        time=utc_now(),
        data=order_data(identity),
        correlation_id=new_id(),
    )


@contextmanager
def runtime_of(service: Service, database_url: str, amqp_uri: str) -> Iterator[Runtime]:
    """The service at work, its tables made if they are not there yet."""
    runtime = Runtime.start(service, settings_of(database_url, amqp_uri))
    with runtime.database.in_turn("create tables") as connection:
        service.metadata.create_all(connection)
    try:
        yield runtime
    finally:
        runtime.database.close()


def settings_of(database_url: str, amqp_uri: str) -> Settings:
    return Settings(
        database_url=database_url,
        amqp_uri=amqp_uri,
        public_url="http://localhost",
        mail_url="maildir:///nowhere",
        mail_from="bench@cesar.example",
        session_public_key="",
        secret_key="a secret of the benchmarks",
    )


def fill_outbox(runtime: Runtime, number: int) -> None:
    """Write events to the outbox that wait for the relay."""
    for begin in range(0, number, 5000):
        events = [order_event() for _ in range(min(5000, number - begin))]
        rows = [
            {"event_id": event.id, "type": event.type, "recorded_at": event.time, "body": event.to_bytes()}
            for event in events
        ]
        with runtime.database.write() as session:
            session.execute(insert(outbox), rows)
