"""The declaration of the notifications service."""

from __future__ import annotations

from services.chassis.service import Service
from services.notifications.events import contracts
from services.notifications.reactions import reactions
from services.notifications.storage.tables import PROJECTIONS, metadata

SERVICE = Service(
    name="notifications",
    title="Notifications",
    metadata=metadata,
    contracts=contracts,
    reactions=reactions,
    projections=PROJECTIONS,
)
