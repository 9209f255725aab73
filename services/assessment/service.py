"""The declaration of the assessment service."""

from __future__ import annotations

from services.assessment.events import contracts
from services.assessment.reactions import reactions
from services.assessment.storage.names import names_of
from services.assessment.storage.tables import PROJECTIONS, metadata
from services.chassis.service import Service

SERVICE = Service(
    name="assessment",
    title="Assessment",
    metadata=metadata,
    contracts=contracts,
    reactions=reactions,
    projections=PROJECTIONS,
    names=names_of,
)
