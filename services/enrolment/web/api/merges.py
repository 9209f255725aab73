"""Suppliers that may be one, and merges, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.chassis.web.access import requires
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.merging import Merge
from services.enrolment.handlers import merging
from services.enrolment.storage import merges
from services.enrolment.web.duplicates import merge_to_undo, proposed_pairs
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.duplicates import MergeSchema, PairSchema

merges_api = Blueprint(
    "merges_api", __name__, url_prefix="/suppliers", description="Suppliers that may be one, and merges."
)
_MOST = 200


class DuplicateSchema(Schema):
    programme = fields.String()
    kept_id = fields.UUID(metadata={"description": "The one that has the better claim to be kept."})
    kept_name = fields.String()
    other_id = fields.UUID()
    other_name = fields.String()
    score = fields.Float(metadata={"description": "How alike they are, of 100."})
    same_commune = fields.Boolean()
    same_domain = fields.Boolean()
    same_address = fields.Boolean(
        metadata={"description": "They have an e-mail address in common that few others have."}
    )


class MergeResultSchema(Schema):
    id = fields.UUID()
    programme = fields.String()
    kept_id = fields.UUID()
    merged_id = fields.UUID()
    merged_by = fields.UUID()
    merged_at = fields.AwareDateTime()
    undone_by = fields.UUID(allow_none=True)
    undone_at = fields.AwareDateTime(allow_none=True)


@merges_api.get("/duplicates")
@requires("manager")
@lists()
@merges_api.response(200, page_of(DuplicateSchema))
def list_duplicates() -> dict[str, Any]:
    """The pairs of suppliers that may be one, the likeliest first."""
    with reading() as session:
        found = [
            {
                "programme": pair.programme,
                "kept_id": pair.kept[1].id,
                "kept_name": pair.kept[1].name,
                "other_id": pair.other[1].id,
                "other_name": pair.other[1].name,
                "score": pair.likeness.score,
                "same_commune": pair.likeness.same_commune,
                "same_domain": pair.likeness.same_domain,
                "same_address": pair.likeness.same_address,
            }
            for pair in proposed_pairs(session, signed_in_person().programmes("manager"))
        ]
    return page_of_rows(found)


@merges_api.post("/duplicates/distinct")
@requires("manager")
@merges_api.arguments(PairSchema)
@merges_api.response(204)
def tell_apart(pair: dict[str, Any]) -> None:
    """Say that these two are two."""
    check_may(pair["programme"], "manager")
    with unit_of_work() as work:
        merging.say_distinct(**pair, by=signed_in_person().person_id, unit_of_work=work)


@merges_api.get("/merges")
@requires("manager")
@lists()
@merges_api.response(200, page_of(MergeResultSchema))
def list_merges() -> dict[str, Any]:
    """The latest merges, the newest first; at most the latest two hundred."""
    with reading() as session:
        return page_of_rows(merges.merges_of(session, signed_in_person().programmes("manager"), most=_MOST))


@merges_api.post("/merges")
@requires("manager")
@merges_api.arguments(MergeSchema)
@merges_api.response(201, MergeResultSchema)
def merge_suppliers(chosen: dict[str, Any]) -> Merge:
    """Merge two suppliers into one. 409 when one of them was merged meanwhile."""
    person = signed_in_person()
    check_may(chosen["programme"], "manager")
    command = merging.MergeOrganisations(by=person.person_id, manages=person.programmes("manager"), **chosen)
    with unit_of_work() as work:
        return merging.merge(command, work)


@merges_api.post("/merges/<uuid:merge_id>/undo")
@requires("manager")
@merges_api.response(200, MergeResultSchema)
def undo_merge(merge_id: UUID) -> Merge:
    """Make two of them again. 409 when that was done, or when a later merge builds on it."""
    person = signed_in_person()
    with unit_of_work() as work:
        merge_to_undo(work.session, person, merge_id)
        return merging.undo(merge_id, person.person_id, work)
