"""What workers show of what they have still to do."""

from deploy.asking import Backlog, read_backlog

SHOWN = """\
# HELP cesar_queue_messages Events that wait in the service's queue.
# TYPE cesar_queue_messages gauge
cesar_queue_messages{service="reporting"} 12.0
# HELP cesar_outbox_waiting Events that are recorded and not yet published.
# TYPE cesar_outbox_waiting gauge
cesar_outbox_waiting{service="reporting"} 3.0
# HELP cesar_outbox_oldest_seconds How long the oldest event that is not yet published has been waiting.
# TYPE cesar_outbox_oldest_seconds gauge
cesar_outbox_oldest_seconds{service="reporting"} 41.3
# HELP cesar_events_parked Events that wait for a person's decision.
# TYPE cesar_events_parked gauge
cesar_events_parked{service="reporting"} 2.0
"""


def test_the_backlog_is_in_what_a_worker_shows() -> None:
    assert read_backlog(SHOWN) == Backlog(
        queue=12, outbox=3, outbox_seconds=41, refused=None, retrying=None, parked=2
    )


def test_of_what_a_worker_does_not_show_nothing_is_known() -> None:
    assert read_backlog("").queue is None
