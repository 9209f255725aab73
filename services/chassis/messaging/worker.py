"""What every service's worker does; a service's own ``worker.py`` adds its timers."""

from __future__ import annotations

from collections.abc import Sequence

from services.chassis import inbox
from services.chassis.inbox import Delivery
from services.chassis.messaging.entrypoints import ServiceRuntime, event_batches, every, outbox_relay
from services.chassis.outbox import Relay
from services.chassis.privacy import retention
from services.chassis.replays import ReplayRelay


class ServiceWorker:
    """Base of the nameko services: relay, consumer and retries. ``name`` is the service's name."""

    name: str
    runtime = ServiceRuntime()

    @outbox_relay
    def relay(self, relay: Relay, replays: ReplayRelay) -> bool:
        """Publish a batch; whether there may be more to publish at once."""
        return relay.run_once().more | replays.run_once()

    @event_batches
    def react(self, deliveries: Sequence[Delivery]) -> None:
        inbox.handle(self.runtime, deliveries)

    @every(seconds=1)
    def retry(self) -> None:
        inbox.handle_due_retries(self.runtime)

    @every(seconds=3600)
    def end_what_is_outlived(self) -> None:
        """Once a day, what has been kept as long as it may be."""
        retention.run_daily(self.runtime)
