"""The worker of the enrolment service."""

from __future__ import annotations

from services.chassis.messaging.worker import ServiceWorker


class EnrolmentWorker(ServiceWorker):
    name = "enrolment"
