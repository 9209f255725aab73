"""The worker of the notifications service."""

from __future__ import annotations

from services.chassis.messaging.entrypoints import every
from services.chassis.messaging.worker import ServiceWorker
from services.notifications.delivery import transport_for
from services.notifications.handlers.forgetting import remove_forgotten_mails
from services.notifications.handlers.sending import send_due

# After so many batches the timer's other duties have their turn, such as stopping.
_BATCHES_IN_A_ROW = 20


class NotificationsWorker(ServiceWorker):
    name = "notifications"

    @every(seconds=0.5)
    def send(self) -> None:
        transport = transport_for(self.runtime.settings.mail_url, self.runtime.settings.mail_password)
        for _ in range(_BATCHES_IN_A_ROW):
            if not send_due(self.runtime, transport):
                break

    @every(seconds=2)
    def forget(self) -> None:
        """Mails to, or about, somebody who has been erased leave the catcher."""
        while remove_forgotten_mails(self.runtime):
            pass
