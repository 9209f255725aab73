"""The declaration of the notifications service."""

from __future__ import annotations

from services.chassis.gauges import Gauge
from services.chassis.service import Service
from services.notifications.events import contracts
from services.notifications.handlers.outliving import OUTLIVED
from services.notifications.reactions import reactions
from services.notifications.storage.post import count_due, seconds_overdue
from services.notifications.storage.tables import PROJECTIONS, metadata

SERVICE = Service(
    name="notifications",
    title="Notifications",
    metadata=metadata,
    contracts=contracts,
    reactions=reactions,
    projections=PROJECTIONS,
    outlived=OUTLIVED,
    gauges=(
        Gauge("cesar_mails_due", "Mails that should have left by now.", count_due),
        Gauge("cesar_mails_overdue_seconds", "For how long the first of them has been due.", seconds_overdue),
    ),
)
