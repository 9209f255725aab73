"""Who somebody is at the OpenID Connect provider: the pair of issuer and subject, and nothing else.

Source: OpenID Connect Core 1.0, section 5.7: only this pair is stable, an e-mail address is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.model import Forbidden


@dataclass(frozen=True, kw_only=True)
class OpenIdClaims:
    """What the provider says, checked. ``email`` only if the provider has verified it."""

    issuer: str
    subject: str
    email: str | None
    name: str
    locale: str = "fr"


@dataclass(eq=False, kw_only=True)
class OpenIdAccount:
    """An account at the provider that signs one person in, whatever address it has later."""

    issuer: str
    subject: str
    person_id: UUID
    linked_at: datetime


def check_may_link(known: OpenIdAccount | None) -> None:
    """Raises Forbidden when the person with this address comes with another account of this provider."""
    if known is not None:
        raise Forbidden(
            "This address is linked with another account there. Sign in by an e-mail link; under "
            "“Where I am signed in” you can unlink it."
        )
