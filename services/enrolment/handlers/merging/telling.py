"""What the other services hear of a merge or of its end: all that has moved, with all ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.events.organisations import organisation_snapshot
from services.enrolment.handlers.merging.enrolments import MovedEnrolment
from services.enrolment.handlers.suppliers import record


def tell_merge(
    merged: Organisation,
    kept: Organisation,
    moved: Sequence[MovedEnrolment],
    what_happened: Literal["merged", "unmerged"],
    unit_of_work: UnitOfWork,
) -> None:
    enrolments = [unit_of_work.get(SupplierEnrolment, each.id) for each in moved]
    snapshot = {
        **organisation_snapshot(merged),
        "kept_id": kept.id,
        "enrolments": [
            {"id": each.id, "programme": each.programme, "merged_into": each.merged_into}
            for each in enrolments
        ],
    }
    unit_of_work.record(merged, f"enrolment.organisation.{what_happened}", snapshot)
    for each, enrolment in zip(moved, enrolments, strict=True):
        if each.into is None:
            record(enrolment, "updated", unit_of_work)
        else:
            record(enrolment, what_happened, unit_of_work)
            record(unit_of_work.get(SupplierEnrolment, each.into), "updated", unit_of_work)
