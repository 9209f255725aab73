"""What the dashboard shows: expressions for Prometheus, row by row.

Every worker and every web process of a service measures the same database and queue, so of a service's
figures the greatest is taken; what processes count is added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_CHOSEN = 'service=~"$service"'
_OUR_ERRORS = f'{_CHOSEN},status=~"5..",route!~".*/health/.*"'
_PAGES = f'{_CHOSEN},route!~".*(/health/.*|/metrics)"'
_OURS = 'job=~"cesar-.+"'


@dataclass(frozen=True)
class Query:
    """An expression, and what its lines are called, with ``{{label}}`` filled in."""

    expression: str
    legend: str = "{{service}}"


@dataclass(frozen=True)
class Panel:
    """``alarm``: the value from which on a figure is shown in red."""

    title: str
    queries: tuple[Query, ...]
    unit: str = "short"
    kind: Literal["timeseries", "stat"] = "timeseries"
    alarm: float | None = None


@dataclass(frozen=True)
class Row:
    """Panels of one kind."""

    title: str
    panels: tuple[Panel, ...]


def _stat(title: str, expression: str, alarm: float, unit: str = "short") -> Panel:
    return Panel(title, (Query(expression, ""),), unit, "stat", alarm)


def _lines(title: str, expression: str, legend: str = "{{service}}", unit: str = "short") -> Panel:
    return Panel(title, (Query(expression, legend),), unit)


def _measured(name: str) -> str:
    return f"max by (service) ({name}{{{_CHOSEN}}})"


def _counted(name: str, by: str = "service") -> str:
    return f"sum by ({by}) (rate({name}{{{_CHOSEN}}}[1m]))"


def _slowest_twentieth(histogram: str, chosen: str) -> str:
    return f"histogram_quantile(0.95, sum by (service, le) (rate({histogram}_bucket{{{chosen}}}[5m])))"


_AT_A_GLANCE = Row(
    "At a glance",
    (
        _stat("Parked events", f"sum({_measured('cesar_events_parked')})", 1),
        _stat("Oldest unpublished event", f"max({_measured('cesar_outbox_oldest_seconds')})", 300, "s"),
        _stat("Events in queues", f"sum({_measured('cesar_queue_messages')})", 1000),
        _stat(
            "Requests that fail",
            f"sum(rate(cesar_http_requests_total{{{_OUR_ERRORS}}}[5m])) or vector(0)",
            0.1,
            "reqps",
        ),
        _stat("Mails overdue", "max(cesar_mails_overdue_seconds)", 900, "s"),
        _stat("Mails failed in a day", "sum(increase(cesar_mails_failed_total[1d]))", 1),
    ),
)

_MESSAGES = Row(
    "Messages",
    (
        _lines("Published", _counted("cesar_events_published_total")),
        _lines(
            "Handled, by what became of them",
            _counted("cesar_events_handled_total", "service, outcome"),
            "{{service}}: {{outcome}}",
        ),
        _lines("Waiting in the queue", _measured("cesar_queue_messages")),
        _lines("Waiting in the outbox", _measured("cesar_outbox_waiting")),
        _lines("Time of a batch (95 %)", _slowest_twentieth("cesar_event_batch_seconds", _CHOSEN), unit="s"),
        Panel(
            "Could not be handled or published",
            (
                Query(_measured("cesar_events_parked"), "{{service}}: parked"),
                Query(_measured("cesar_events_retrying"), "{{service}}: retrying"),
                Query(_measured("cesar_outbox_refused"), "{{service}}: refused"),
            ),
        ),
    ),
)

_WEB = Row(
    "Pages",
    (
        _lines("Requests", _counted("cesar_http_requests_total"), unit="reqps"),
        _lines("Time to answer (95 %)", _slowest_twentieth("cesar_http_request_seconds", _PAGES), unit="s"),
        _lines(
            "Errors of ours",
            f"sum by (service, route) (rate(cesar_http_requests_total{{{_OUR_ERRORS}}}[5m])) > 0",
            "{{service}} {{route}}",
            "reqps",
        ),
    ),
)

_MAIL = Row(
    "Mail",
    (
        _lines("Deliveries", "sum by (outcome) (increase(cesar_mail_deliveries_total[10m]))", "{{outcome}}"),
        _lines("Failed for good", "sum by (reason) (increase(cesar_mails_failed_total[1h]))", "{{reason}}"),
        _lines("Due and not sent", "max(cesar_mails_due)", "mails"),
    ),
)

_PROCESSES = Row(
    "Processes",
    (
        _lines(
            "At work",
            f"max by (service, kind, release) (cesar_processes{{{_CHOSEN}}})",
            "{{service}} {{kind}} {{release}}",
        ),
        _lines("Memory", f"process_resident_memory_bytes{{{_OURS}}}", "{{component}} {{instance}}", "bytes"),
        _lines(
            "Processors",
            f"rate(process_cpu_seconds_total{{{_OURS}}}[1m])",
            "{{component}} {{instance}}",
            "percentunit",
        ),
        _lines(
            "Servers that are reached",
            f"min by (service, server) (cesar_server_reachable{{{_CHOSEN}}})",
            "{{service}}: {{server}}",
        ),
    ),
)

ROWS = (_AT_A_GLANCE, _MESSAGES, _WEB, _MAIL, _PROCESSES)
