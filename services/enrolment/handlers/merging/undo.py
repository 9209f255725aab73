"""Two organisations that were merged are two again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.chassis.model import Conflict
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.merging import Merge
from services.enrolment.domain.organisation import Organisation
from services.enrolment.events.organisations import organisation_snapshot
from services.enrolment.handlers.merging.enrolments import (
    MovedEnrolment,
    give_back_acceptance,
    part_enrolment,
)
from services.enrolment.handlers.merging.people import give_back_people
from services.enrolment.handlers.merging.telling import tell_merge
from services.enrolment.storage import merges, queries


def undo(merge_id: UUID, by: UUID, unit_of_work: UnitOfWork) -> Merge:
    """Put back what was moved; who accepted since goes with the link by which they came.

    Raises NotFound; Conflict when it was undone, a later one builds on it, or it cannot be undone any more.
    """
    session = unit_of_work.session
    found = unit_of_work.get(Merge, merge_id)
    queries.programme_by_slug(session, found.programme, lock=True)
    found = unit_of_work.get(Merge, merge_id, lock=True)
    found.undo(by, unit_of_work.now)
    kept, merged = (
        unit_of_work.get(Organisation, identity, lock=True) for identity in (found.kept_id, found.merged_id)
    )
    if merges.has_later_merge(session, found):
        raise Conflict("%(name)s was merged again since: undo that one first.", name=kept.name)
    merged.merged_into = None
    restored = _give_back(found.moved["filled"], kept, merged, unit_of_work)
    moved = [MovedEnrolment.from_json(each) for each in found.moved["enrolments"]]
    for each in moved:
        part_enrolment(each, merged.id, unit_of_work)
    session.flush()
    give_back_people(found.moved["people"], merged.id, kept.id, unit_of_work)
    for each in moved:
        give_back_acceptance(each, merged.id, found.merged_at, unit_of_work)
    tell_merge(merged, kept, moved, "unmerged", unit_of_work)
    if restored:
        unit_of_work.record(kept, "enrolment.organisation.updated", organisation_snapshot(kept))
    return found


def _give_back(
    filled: dict[str, Any], kept: Organisation, merged: Organisation, unit_of_work: UnitOfWork
) -> bool:
    """Take from the kept one what it had taken over, unless somebody has changed it since."""
    taken = {name: value for name, value in filled.items() if getattr(kept, name) == value}
    for name in taken:
        setattr(kept, name, None)
    unit_of_work.session.flush()
    if "siret" in taken:
        merged.siret = taken["siret"]
    return bool(taken)
