"""As the log grows: does the relay become slower?"""

from __future__ import annotations

import argparse

from sqlalchemy import text

from services.chassis.service import Runtime
from tests.benchmarks.measure_publishing import rate_of_relay
from tests.benchmarks.pair import fill_outbox
from tests.benchmarks.report import Claim, Figure, Section, number
from tests.benchmarks.stand import Stand, declare_hearer, run_alone

_OLD_EVENTS = text("""
    INSERT INTO outbox (event_id, type, recorded_at, published_at, body)
    SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'teller.order.placed',
           now() - interval '1 day', now() - interval '1 day', convert_to(repeat('x', 100), 'UTF8')
    FROM generate_series(1, :number) AS i
""")


def measure(stand: Stand, arguments: argparse.Namespace) -> Section:
    lengths = (1_000, 20_000) if arguments.quick else (10_000, arguments.log)
    new = 2_000 if arguments.quick else 40_000
    section = Section("The relay as the log grows", __name__)
    for length in lengths:
        with stand.vhost() as amqp_uri, stand.teller(amqp_uri) as teller:
            declare_hearer(amqp_uri)
            _write_past(teller, length)
            fill_outbox(teller, new)
            rate, note = rate_of_relay(stand, teller, new)
        section.figures.append(Figure(f"{number(length)} in the log", rate, "events/s", note, plotted=True))
    short, long = (figure.value for figure in section.figures)
    section.claims = [Claim("Long log to short log", long / short, 0.9, "times")]
    section.remarks = [
        f"The relay publishes {number(new)} new events of an outbox that holds so many old ones; the old "
        "ones are short, so that they fit on a laptop's disk."
    ]
    return section


def _write_past(teller: Runtime, length: int) -> None:
    with teller.database.write() as session:
        session.execute(text("SET LOCAL synchronous_commit = off"))
        session.execute(_OLD_EVENTS, {"number": length})
    with teller.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE outbox"))


if __name__ == "__main__":
    run_alone(measure, __doc__)
