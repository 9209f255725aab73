"""The worker of the assessment service."""

from __future__ import annotations

from services.chassis.messaging.worker import ServiceWorker


class AssessmentWorker(ServiceWorker):
    name = "assessment"
