"""The declaration of the enrolment service."""

from __future__ import annotations

from services.chassis.service import Service
from services.enrolment.events import contracts
from services.enrolment.handlers.personal_data.outliving import OUTLIVED
from services.enrolment.reactions import reactions
from services.enrolment.storage.names import names_of
from services.enrolment.storage.tables import metadata

SERVICE = Service(
    name="enrolment",
    title="Enrolment",
    metadata=metadata,
    contracts=contracts,
    reactions=reactions,
    names=names_of,
    outlived=OUTLIVED,
)
