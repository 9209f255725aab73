"""Celery, one task per event, acknowledged late, on a quorum queue. Arguments: DATABASE BROKER [fill NUMBER].

Ten threads of one process, so that their commits wait for the disk together: the fastest of its pools here.
"""

import queue
import sys
from uuid import UUID

import psycopg
from celery import Celery

from tests.benchmarks.pair import EFFECT_SQL, order_data, order_event

_THREADS = 10
DATABASE, BROKER = sys.argv[1:3]

app = Celery("hearer", broker=BROKER)
app.conf.update(
    task_acks_late=True,
    task_ignore_result=True,
    task_default_queue="celery.hearer",
    task_default_queue_type="quorum",
    task_default_exchange_type="topic",
    worker_detect_quorum_queues=True,
    worker_prefetch_multiplier=4,
    worker_hijack_root_logger=False,
)
idle: queue.Queue[psycopg.Connection] = queue.Queue()


@app.task(name="hearer.note_effect")
def note_effect(data: dict[str, str]) -> None:
    connection = idle.get()
    try:
        connection.execute(EFFECT_SQL, (UUID(data["id"]), data["name"]))
        connection.commit()
    finally:
        idle.put(connection)


def fill(number: int) -> None:
    with app.producer_pool.acquire(block=True) as producer:
        for _ in range(number):
            note_effect.apply_async((order_data(order_event().id),), producer=producer)


if __name__ == "__main__":
    if sys.argv[3:4] == ["fill"]:
        fill(int(sys.argv[4]))
        print("{}", flush=True)
    else:
        for _ in range(_THREADS):
            idle.put(psycopg.connect(DATABASE))
        options = ["--pool", "threads", "--concurrency", str(_THREADS), "--loglevel", "WARNING"]
        app.worker_main(["worker", *options, "--without-gossip", "--without-mingle", "--without-heartbeat"])
