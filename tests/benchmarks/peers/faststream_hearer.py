"""FastStream on RabbitMQ, acknowledged by hand, on a quorum queue. Arguments: DATABASE BROKER."""

import asyncio
import sys
from uuid import UUID

import psycopg
from faststream import AckPolicy, FastStream
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitMessage, RabbitQueue

from tests.benchmarks.pair import EFFECT_SQL

_CONNECTIONS = 10
_PREFETCH = 100
DATABASE, BROKER = sys.argv[1:3]

broker = RabbitBroker(BROKER, default_channel=Channel(prefetch_count=_PREFETCH), logger=None)
app = FastStream(broker, logger=None)
idle: asyncio.Queue[psycopg.AsyncConnection] = asyncio.Queue()


@app.on_startup
async def connect() -> None:
    for _ in range(_CONNECTIONS):
        await idle.put(await psycopg.AsyncConnection.connect(DATABASE))


@broker.subscriber(
    RabbitQueue("faststream.hearer", durable=True, queue_type=QueueType.QUORUM), ack_policy=AckPolicy.MANUAL
)
async def note_effect(data: dict[str, str], message: RabbitMessage) -> None:
    connection = await idle.get()
    try:
        await connection.execute(EFFECT_SQL, (UUID(data["id"]), data["name"]))
        await connection.commit()
    finally:
        idle.put_nowait(connection)
    await message.ack()


if __name__ == "__main__":
    asyncio.run(app.run())
