"""Publishing what happened to an assessment."""

from __future__ import annotations

from services.assessment.domain.assessment import Assessment
from services.assessment.events import assessment_snapshot
from services.assessment.referentials import referential_of
from services.chassis.unit_of_work import UnitOfWork


def record(assessment: Assessment, what_happened: str, unit_of_work: UnitOfWork) -> Assessment:
    """Let ``assessment.assessment.<what_happened>`` be part of this transaction."""
    snapshot = assessment_snapshot(assessment, referential_of(assessment))
    unit_of_work.record(assessment, f"assessment.assessment.{what_happened}", snapshot)
    return assessment
