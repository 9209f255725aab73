"""Files that show that an answer is true, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from services.assessment.domain.answers import Proof
from services.assessment.handlers import answering
from services.assessment.web.proof_files import proof_response
from services.assessment.web.visibility import own_assessment
from services.chassis.web.access import requires
from services.chassis.web.api_files import FILE_DOCUMENTATION, UploadsBlueprint
from services.chassis.web.work import reading, unit_of_work

proofs_api = UploadsBlueprint(
    "proofs_api",
    __name__,
    url_prefix="/assessments/<uuid:assessment_id>/proofs",
    description="Files that show that an answer is true.",
)


class ProofInputSchema(Schema):
    question = fields.String(required=True, validate=validate.Length(max=60))
    file = Upload(required=True)


class ProofSchema(Schema):
    id = fields.UUID()
    name = fields.String()
    media_type = fields.String()
    size = fields.Integer(metadata={"description": "In bytes."})
    added_at = fields.AwareDateTime()


@proofs_api.post("")
@requires("supplier")
@proofs_api.uploads(ProofInputSchema)
@proofs_api.response(201, ProofSchema)
def add_proof(given: dict[str, Any], assessment_id: UUID) -> Proof:
    """Add a file (PDF, JPEG, PNG) to an answer. 409 once the assessment is handed in."""
    with reading() as session:
        own_assessment(session, assessment_id)
    name, content = given["file"].filename or "", given["file"].read()
    with unit_of_work() as work:
        return answering.add_proof(assessment_id, given["question"], name, content, work)


@proofs_api.get("/<uuid:proof_id>")
@requires("supplier", "manager", "adviser", "buyer")
@proofs_api.doc(**FILE_DOCUMENTATION)
def get_proof(assessment_id: UUID, proof_id: UUID) -> Response:
    """One file, for its supplier, those who accompany it, and buyers with whom proofs are shared."""
    return proof_response(assessment_id, proof_id)


@proofs_api.delete("/<uuid:proof_id>")
@requires("supplier")
@proofs_api.response(204)
def remove_proof(assessment_id: UUID, proof_id: UUID) -> None:
    """Remove a file. 409 once the assessment is handed in."""
    with reading() as session:
        own_assessment(session, assessment_id)
    with unit_of_work() as work:
        answering.remove_proof(assessment_id, proof_id, work)
