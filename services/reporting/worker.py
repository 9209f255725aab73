"""The worker of the reporting service."""

from __future__ import annotations

from services.chassis.messaging.worker import ServiceWorker


class ReportingWorker(ServiceWorker):
    name = "reporting"
