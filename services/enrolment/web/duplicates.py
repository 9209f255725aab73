"""The pairs that a manager is shown, and the merges that they may undo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.chassis.web.identity import Identity
from services.enrolment.domain.merging import Merge
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.duplicates import Likeness, likely_duplicates
from services.enrolment.storage import merges

_MOST = 200


@dataclass(frozen=True)
class ProposedPair:
    """Two suppliers of one programme that may be one; ``kept`` is the one to keep unless somebody decides
    otherwise: who takes part before who does not, who has a SIRET before who has none."""

    programme: str
    likeness: Likeness
    kept: tuple[SupplierEnrolment, Organisation]
    other: tuple[SupplierEnrolment, Organisation]


def proposed_pairs(session: Session, programmes: Iterable[str]) -> list[ProposedPair]:
    """The likeliest first, of each programme."""
    distinct = merges.known_distinct(session)
    found: list[ProposedPair] = []
    for programme in programmes:
        likely = likely_duplicates(merges.candidates(session, programme), distinct)[:_MOST]
        ids = {each.first for each in likely} | {each.second for each in likely}
        known = merges.suppliers_with_organisations(session, programme, ids)
        for likeness in likely:
            pair = sorted((known[likeness.first], known[likeness.second]), key=_claim)
            found.append(ProposedPair(programme, likeness, *pair))
    return sorted(found, key=lambda pair: -pair.likeness.score)


def merge_to_undo(session: Session, person: Identity, merge_id: UUID) -> Merge:
    """Raises NotFound, also for what is another programme's."""
    found = session.get(Merge, merge_id)
    if found is None or not person.may("manager", found.programme):
        raise NotFound("This merge does not exist, or no longer.")
    return found


def _claim(known: tuple[SupplierEnrolment, Organisation]) -> tuple[bool, bool, str]:
    supplier, organisation = known
    since = supplier.invited_at or supplier.enrolled_at
    return supplier.contact_id is None, organisation.siret is None, since.isoformat() if since else "~"
