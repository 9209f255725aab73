"""Counters of the messaging, in Prometheus' terms, one registry per process."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()

published = Counter(
    "cesar_events_published_total", "Events that the broker has confirmed.", ["service"], registry=REGISTRY
)
refused = Counter(
    "cesar_events_refused_total", "Events that the broker did not take.", ["service"], registry=REGISTRY
)
handled = Counter(
    "cesar_events_handled_total", "Events by what became of them.", ["service", "outcome"], registry=REGISTRY
)
batch_seconds = Histogram(
    "cesar_event_batch_seconds", "Time from a batch's arrival to its commit.", ["service"], registry=REGISTRY
)


def show_from_the_start(service: str) -> None:
    """Have a service's counters there at 0: a rate needs to know that there was nothing before."""
    for counter in (published, refused):
        counter.labels(service)
    for outcome in ("applied", "ignored", "duplicate", "failed", "parked"):
        handled.labels(service, outcome)
    batch_seconds.labels(service)
