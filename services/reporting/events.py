"""What reporting publishes: nothing yet."""

from __future__ import annotations

from services.chassis.contracts import Contracts
from services.chassis.privacy.taking_part import publish_answers
from services.chassis.sessions import publish_use

contracts = Contracts("reporting")
publish_answers(contracts)
publish_use(contracts)
