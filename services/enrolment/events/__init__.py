"""What enrolment publishes: the contracts, and the snapshots that fill them.

Each event carries the whole public state of its aggregate, so that a consumer needs no other event to
understand it and may apply whichever snapshot is the newest.
"""

from services.enrolment.events import (
    address_changes,
    agreements,
    applications,
    appointments,
    juries,
    organisations,
    people,
    personal_data,
    programmes,
    role_invitations,
    self_registrations,
    suppliers,
    user_sessions,
    workshops,
)
from services.enrolment.events.common import contracts

__all__ = [
    "address_changes",
    "agreements",
    "applications",
    "appointments",
    "contracts",
    "juries",
    "organisations",
    "people",
    "personal_data",
    "programmes",
    "role_invitations",
    "self_registrations",
    "suppliers",
    "user_sessions",
    "workshops",
]
