"""Whose chamber is whose: a manager's programmes are those of their own, an operator sets up those of any."""

from __future__ import annotations

from sqlalchemy.orm import Session

from services.chassis.model import Forbidden
from services.chassis.web.identity import Identity
from services.enrolment.storage import queries


def chambers_of(session: Session, person: Identity) -> list[str]:
    """The chambers whose programmes this person manages."""
    return sorted({queries.programme_by_slug(session, slug).chamber for slug in person.programmes("manager")})


def check_chamber(chamber: str, person: Identity, session: Session) -> None:
    """Raises Forbidden for a manager whose programme would be that of a chamber that is not theirs."""
    if not person.has_any_role({"operator"}) and chamber not in chambers_of(session, person):
        raise Forbidden("Your programmes are those of your own chamber.", field="chamber")
