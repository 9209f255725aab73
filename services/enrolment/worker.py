"""The worker of the enrolment service."""

from __future__ import annotations

import time

from services.chassis.messaging.entrypoints import every
from services.chassis.messaging.worker import ServiceWorker
from services.enrolment.handlers import importing

# After so many parts the timer's other duties have their turn, such as stopping.
_PARTS_IN_A_ROW = 50


class EnrolmentWorker(ServiceWorker):
    name = "enrolment"

    @every(seconds=1)
    def take_in(self) -> None:
        """Imports of suppliers, a part at a time."""
        for _ in range(_PARTS_IN_A_ROW):
            if not importing.advance(self.runtime):
                break
            # Whoever else is at work in this process has a turn in between.
            time.sleep(0)
