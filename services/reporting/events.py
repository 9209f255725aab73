"""What reporting publishes: nothing yet."""

from __future__ import annotations

from services.chassis.contracts import Contracts

contracts = Contracts("reporting")
