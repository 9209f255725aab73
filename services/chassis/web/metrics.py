"""Counts and latencies of requests, in the Prometheus text format.

Open to the machine's own network, where the scraper lives, and to operators from elsewhere. Each application
has its own registry, so that several services can share a process; the messaging's figures, those of the
database and those of the process itself are shown with them.
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram

from services.chassis.exposition import Build, exposition
from services.chassis.gauges import Measured
from services.chassis.metrics import REGISTRY as MESSAGING
from services.chassis.web.access import internal
from services.chassis.web.host import Host
from services.chassis.web.request_context import elapsed_seconds

# Seconds; the aim is 50 ms for 95 % of pages.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def install_metrics(app: Flask, host: Host) -> None:
    """Measure every request of the application and show the figures at ``/metrics``."""
    service = host.service.name
    measured = (Build(service, "web"), Measured(host.runtime.measure))
    registry = CollectorRegistry()
    requests = Counter(
        "cesar_http_requests",
        "Requests answered.",
        ("service", "method", "route", "status"),
        registry=registry,
    )
    seconds = Histogram(
        "cesar_http_request_seconds",
        "Time to answer a request.",
        ("service", "method", "route"),
        registry=registry,
        buckets=_BUCKETS,
    )

    def measure(response: Response) -> Response:
        # The rule, not the path: each distinct label value is a time series for ever.
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.url_rule else "any"
        requests.labels(service, method, route, str(response.status_code)).inc()
        seconds.labels(service, method, route).observe(elapsed_seconds())
        return response

    metrics = Blueprint("metrics", __name__)

    @metrics.get("/metrics", endpoint="metrics")
    @internal("operator")
    def show() -> Response:
        return Response(exposition((registry, MESSAGING), measured), content_type=CONTENT_TYPE_LATEST)

    app.after_request(measure)
    app.register_blueprint(metrics, url_prefix=host.prefix or None)
