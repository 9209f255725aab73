"""The declaration of the reporting service."""

from __future__ import annotations

from services.chassis.service import Service
from services.reporting.events import contracts
from services.reporting.reactions import reactions
from services.reporting.storage.tables import PROJECTIONS, metadata

SERVICE = Service(
    name="reporting",
    title="Reporting",
    metadata=metadata,
    contracts=contracts,
    reactions=reactions,
    projections=PROJECTIONS,
)
