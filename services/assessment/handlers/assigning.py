"""An assessment is assigned to each supplier who takes part, and follows what is known of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from services.assessment.domain.assessment import Assessment
from services.assessment.handlers.recording import record
from services.assessment.referentials import SUPPLIER, library, referential_of
from services.assessment.storage import queries
from services.assessment.storage.queries import KnownSupplier
from services.chassis.unit_of_work import UnitOfWork


def assign(enrolment_id: UUID, enrolled_at: datetime, unit_of_work: UnitOfWork) -> None:
    """Assign the suppliers' newest questionnaire, once for each enrolment, however often this is asked."""
    session = unit_of_work.session
    supplier = queries.known_supplier(session, enrolment_id)
    if supplier is None or queries.assessment_of_enrolment(session, enrolment_id, SUPPLIER) is not None:
        return
    referential = library().newest(SUPPLIER)
    assessment = Assessment(
        # The same enrolment always has the same assessment, also when two workers hear of it at once.
        id=uuid5(enrolment_id, SUPPLIER),
        programme=supplier.programme,
        enrolment_id=enrolment_id,
        organisation_id=supplier.organisation_id,
        organisation_name=supplier.organisation_name,
        contact=supplier.contact,
        referential=referential.key,
        referential_version=referential.version,
        profile=supplier.profile,
        assigned_at=enrolled_at,
    )
    assessment.take_stock(referential)
    session.add(assessment)
    record(assessment, "assigned", unit_of_work)


def move(enrolment_id: UUID, organisation_id: UUID, unit_of_work: UnitOfWork) -> None:
    """An enrolment that is another organisation's now takes its assessments along."""
    for assessment in queries.assessments_of_enrolment(unit_of_work.session, enrolment_id):
        assessment.organisation_id = organisation_id


def follow(organisation_id: UUID, unit_of_work: UnitOfWork) -> None:
    """Bring the organisation's open assessments in step with what is known of it by now."""
    for assessment in queries.open_assessments(unit_of_work.session, organisation_id):
        supplier = queries.known_supplier(unit_of_work.session, assessment.enrolment_id)
        if supplier is not None:
            _follow(assessment, supplier)


def _follow(assessment: Assessment, supplier: KnownSupplier) -> None:
    assessment.contact = supplier.contact
    assessment.learn(supplier.organisation_name, supplier.profile, referential_of(assessment))
