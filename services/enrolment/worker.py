"""The worker of the enrolment service."""

from __future__ import annotations

import time
from functools import partial

from services.chassis.messaging.entrypoints import every
from services.chassis.messaging.worker import ServiceWorker
from services.enrolment.handlers import importing
from services.enrolment.handlers.drafts import remind_of_drafts
from services.enrolment.handlers.offers import let_ended_offers_lapse
from services.enrolment.personal_links import draft_address

# After so many parts the timer's other duties have their turn, such as stopping.
_PARTS_IN_A_ROW = 20


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

    @every(seconds=30)
    def pass_places_on(self) -> None:
        """Places whose offer was not answered go to the next on the waiting list."""
        let_ended_offers_lapse(self.runtime)

    @every(seconds=600)
    def remind(self) -> None:
        """Those who have begun an application and whose call closes soon."""
        with self.runtime.unit_of_work() as unit_of_work:
            remind_of_drafts(partial(draft_address, self.runtime.settings), unit_of_work)
