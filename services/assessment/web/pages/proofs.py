"""Proofs: each is private to its supplier, the team of the programme and those with whom it is shared."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response

from services.assessment.web.proof_files import proof_response
from services.chassis.web.access import requires

pages = Blueprint("proofs", __name__, url_prefix="/<uuid:assessment_id>/proofs")


@pages.get("/<uuid:proof_id>")
@requires("supplier", "manager", "adviser", "buyer")
def download(assessment_id: UUID, proof_id: UUID) -> Response:
    return proof_response(assessment_id, proof_id)
