"""For whom figures are shown: which programme, and whether suppliers may be named.

Managers see who stands behind a figure. So do advisers, but every figure of theirs is made of their own
buyers and of the suppliers that one of these, or no buyer, has invited. Funders see figures and dated facts,
no named supplier and nothing about groups under five.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from services.chassis.model import Forbidden, NotFound
from services.chassis.web.identity import Identity
from services.reporting.domain.catalogue import INDICATORS
from services.reporting.domain.indicators import Indicator
from services.reporting.domain.records import Programme
from services.reporting.storage.accompanied import followed_buyers
from services.reporting.storage.queries import all_programmes

READERS = ("manager", "adviser", "funder")


@dataclass(frozen=True)
class Audience:
    """One reader of one programme. ``shared``: an outsider. ``programmes``: all that they may read.

    ``buyers``: the organisations that an adviser follows; None for those who see all of the programme.
    """

    programme: Programme
    shared: bool
    programmes: tuple[Programme, ...]
    buyers: frozenset[UUID] | None = None

    def indicators(self) -> list[Indicator]:
        """The indicators that this reader is shown, in their order."""
        return [each for each in INDICATORS.values() if each.for_funders or not self.shared]

    def indicator(self, key: str) -> Indicator:
        """Raises NotFound."""
        for each in self.indicators():
            if each.key == key:
                return each
        raise NotFound("There is no indicator “%(key)s”.", key=key)


def reader_of(person: Identity, session: Session, slug: str | None) -> Audience:
    """The reader of the programme ``slug``, by default the first that they may read.

    Raises Forbidden for a programme that is not theirs, NotFound when they have none.
    """
    own = tuple(
        programme
        for programme in all_programmes(session)
        if any(person.may(role, programme.slug) for role in READERS)
    )
    if slug is not None:
        own_and_asked = [programme for programme in own if programme.slug == slug]
        if not own_and_asked:
            raise Forbidden("You do not take part in this programme in a role that may do this.")
        programme = own_and_asked[0]
    elif own:
        programme = own[0]
    else:
        raise NotFound("There is no programme here for you yet.")
    slug = programme.slug
    if person.may("manager", slug):
        return Audience(programme, False, own)
    if person.may("adviser", slug):
        return Audience(programme, False, own, followed_buyers(session, person.person_id, slug))
    return Audience(programme, True, own)


def requested_reader(person: Identity, session: Session) -> Audience:
    """The reader of the programme that the address names (``?programme=``). Raises as ``reader_of`` does."""
    return reader_of(person, session, request.args.get("programme") or None)
