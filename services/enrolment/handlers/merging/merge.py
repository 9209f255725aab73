"""One organisation becomes part of another; what is moved is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Conflict, DomainError, Forbidden
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.merging import Merge
from services.enrolment.domain.organisation import Organisation
from services.enrolment.events.organisations import organisation_snapshot
from services.enrolment.handlers.merging.enrolments import merge_enrolment
from services.enrolment.handlers.merging.people import move_people
from services.enrolment.handlers.merging.telling import tell_merge
from services.enrolment.storage import merges, queries

# What the kept one takes over where it has nothing; a place is taken over as a whole.
_PLACE = ("commune_code", "commune_name", "department", "latitude", "longitude")
_DETAILS = ("siret", "email", "naf_code", "size", "proven")


@dataclass(frozen=True, kw_only=True)
class MergeOrganisations:
    """``merged_id`` becomes part of ``kept_id``. ``manages`` are the programmes that ``by`` manages."""

    programme: str
    kept_id: UUID
    merged_id: UUID
    by: UUID
    manages: tuple[str, ...]


def merge(command: MergeOrganisations, unit_of_work: UnitOfWork) -> Merge:
    """Merge two suppliers.

    Raises NotFound; DomainError for two that cannot be one; Conflict for one that is merged; Forbidden when
    one of them takes part where the person decides nothing.
    """
    session = unit_of_work.session
    # As for an invitation: whoever adds or changes suppliers of the programme takes turns.
    queries.programme_by_slug(session, command.programme, lock=True)
    locked = {
        identity: unit_of_work.get(Organisation, identity, lock=True)
        for identity in sorted({command.kept_id, command.merged_id})
    }
    kept, merged = locked[command.kept_id], locked[command.merged_id]
    _check_one(kept, merged)
    enrolments = merges.enrolments_of(session, merged.id)
    for organisation in (kept, merged):
        _check_takes_part(organisation, command, unit_of_work)
    moved = [merge_enrolment(each, kept, unit_of_work) for each in enrolments]
    filled = _fill_in(kept, merged, unit_of_work)
    merged.merged_into = kept.id
    session.flush()
    found = Merge(
        id=new_id(),
        programme=command.programme,
        kept_id=kept.id,
        merged_id=merged.id,
        merged_by=command.by,
        merged_at=unit_of_work.now,
        moved={
            "enrolments": [each.as_json() for each in moved],
            "people": move_people(merged.id, kept.id, unit_of_work),
            "filled": filled,
        },
    )
    session.add(found)
    tell_merge(merged, kept, moved, "merged", unit_of_work)
    if filled:
        unit_of_work.record(kept, "enrolment.organisation.updated", organisation_snapshot(kept))
    return found


def say_distinct(programme: str, first: UUID, second: UUID, by: UUID, unit_of_work: UnitOfWork) -> None:
    """They are not proposed again. Raises NotFound, Forbidden for one that is not in the programme."""
    for organisation_id in (first, second):
        unit_of_work.get(Organisation, organisation_id)
        if queries.supplier_enrolment_of(unit_of_work.session, programme, organisation_id) is None:
            raise Forbidden("This supplier does not take part in your programme.")
    merges.note_distinct(unit_of_work.session, first, second, by, unit_of_work.now)


def _check_one(kept: Organisation, merged: Organisation) -> None:
    if kept.id == merged.id:
        raise DomainError("Choose two different suppliers.", field="merged_id")
    if kept.kind != "supplier" or merged.kind != "supplier":
        raise DomainError("Only suppliers are merged.", field="merged_id")
    if kept.merged_into is not None or merged.merged_into is not None:
        raise Conflict("One of the two has been merged already. Load the page again.")
    if kept.siret and merged.siret:
        raise DomainError("They have different SIRETs: they are two establishments.", field="merged_id")


def _check_takes_part(
    organisation: Organisation, command: MergeOrganisations, unit_of_work: UnitOfWork
) -> None:
    programmes = {each.programme for each in merges.enrolments_of(unit_of_work.session, organisation.id)}
    if command.programme not in programmes:
        raise Forbidden("This supplier does not take part in your programme.")
    if not programmes <= set(command.manages):
        raise Forbidden(
            "%(name)s takes part in another programme too, whose team has to agree. Write to each other.",
            name=organisation.name,
        )


def _fill_in(kept: Organisation, merged: Organisation, unit_of_work: UnitOfWork) -> dict[str, Any]:
    """What the kept one took over, by its name."""
    names = [*_DETAILS, *(() if kept.commune_code else _PLACE)]
    filled = {
        name: getattr(merged, name)
        for name in names
        if getattr(kept, name) is None and getattr(merged, name) is not None
    }
    if "siret" in filled:
        # There is never a moment at which two organisations have it.
        merged.siret = None
        unit_of_work.session.flush()
    for name, value in filled.items():
        setattr(kept, name, value)
    return filled
