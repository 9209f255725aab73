"""From the outbox to the broker, confirmed: what does a relay publish per second?"""

from __future__ import annotations

import argparse
import statistics
import time

from sqlalchemy import func, select

from services.chassis.messages import outbox
from services.chassis.service import Runtime
from tests.benchmarks.pair import fill_outbox
from tests.benchmarks.report import Claim, Figure, Section
from tests.benchmarks.stand import Stand, address, declare_hearer, meter, run_alone

_BATCH = 500
_CESAR = "Cesar's relay, from PostgreSQL, confirmed"
_NAMEKO = "nameko's EventDispatcher, confirmed"
_WINDOW = "py-amqp, windows of 500 confirms"
_UNCONFIRMED = "py-amqp, no confirms"


def measure(stand: Stand, arguments: argparse.Namespace) -> Section:
    rounds, number = (1, 2_000) if arguments.quick else (3, 60_000)
    few = number // 10
    rates: dict[str, list[float]] = {}
    note = ""
    for _ in range(rounds):
        rate, note = relay_rate(stand, number)
        rates.setdefault(_CESAR, []).append(rate)
        for name, how, how_many in (
            (_NAMEKO, "nameko", few),
            (_WINDOW, "window", number),
            (_UNCONFIRMED, "unconfirmed", number),
        ):
            rates.setdefault(name, []).append(peer_rate(stand, how, how_many))
    section = Section("Outbox to broker", __name__)
    for name, measured in rates.items():
        own = note if name == _CESAR else ""
        section.figures.append(Figure(name, statistics.median(measured), "events/s", own, plotted=True))
    cesar = section.value(_CESAR)
    section.claims = [
        Claim("Cesar to nameko's EventDispatcher", cesar / section.value(_NAMEKO), 10, "times"),
        Claim("Cesar to py-amqp without confirms", cesar / section.value(_UNCONFIRMED), 0.6, "times"),
    ]
    section.remarks = [
        f"Events of about 600 bytes go to one quorum queue; the median of {rounds} rounds, in each of which "
        f"everybody has their turn. Cesar's worker publishes {number} events that wait in the outbox, and "
        "marks them there; its peers have theirs in memory."
    ]
    return section


def relay_rate(stand: Stand, number: int) -> tuple[float, str]:
    """Events per second, by the marks in the outbox, and the cost as a note."""
    with stand.vhost() as amqp_uri, stand.teller(amqp_uri) as teller:
        declare_hearer(amqp_uri)
        fill_outbox(teller, number)
        return rate_of_relay(stand, teller, number)


def rate_of_relay(stand: Stand, teller: Runtime, number: int) -> tuple[float, str]:
    """Start a worker that publishes the last ``number`` events of the outbox, which nobody has yet."""
    arguments = ("teller", address(teller), teller.settings.amqp_uri)
    with stand.start("worker", *arguments) as worker:
        begun = next_to_publish(teller)
        while (left := next_to_publish(teller)) == begun:
            time.sleep(0.02)
        with meter(stand, worker=worker) as used:
            while next_to_publish(teller) is not None:
                time.sleep(0.1)
        published = number if left is None or begun is None else number - (left - begun)
        return marked_per_second(teller, number), used.per_event(max(1, published))


def next_to_publish(teller: Runtime) -> int | None:
    """Its position in the outbox; one look at an index."""
    query = select(outbox.c.position).where(outbox.c.published_at.is_(None))
    with teller.read() as session:
        return session.scalar(query.order_by(outbox.c.position).limit(1))


def marked_per_second(teller: Runtime, number: int) -> float:
    """From the first batch's mark to the last one's; so the first batch does not count."""
    with teller.read() as session:
        last = session.scalar(select(func.max(outbox.c.position))) or 0
        marks = select(func.min(outbox.c.published_at), func.max(outbox.c.published_at))
        [(begin, end)] = session.execute(marks.where(outbox.c.position > last - number))
    return (number - _BATCH) / (end - begin).total_seconds()


def peer_rate(stand: Stand, how: str, number: int) -> float:
    with stand.vhost() as amqp_uri:
        declare_hearer(amqp_uri)
        return number / float(stand.run("peers.publish", how, amqp_uri, number)["seconds"])


if __name__ == "__main__":
    run_alone(measure, __doc__)
