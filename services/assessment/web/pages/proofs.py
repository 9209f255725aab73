"""Proofs: each is private to its supplier, the team of the programme and those with whom it is shared."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response
from werkzeug.http import dump_options_header

from services.assessment.storage import queries
from services.assessment.web.visibility import check_may_see_proofs
from services.chassis.web.access import requires
from services.chassis.web.work import reading

pages = Blueprint("proofs", __name__, url_prefix="/<uuid:assessment_id>/proofs")


@pages.get("/<uuid:proof_id>")
@requires("supplier", "manager", "adviser", "buyer")
def download(assessment_id: UUID, proof_id: UUID) -> Response:
    with reading() as session:
        check_may_see_proofs(session, assessment_id)
        proof, content = queries.proof_content(session, assessment_id, proof_id)
    disposition = dump_options_header("attachment", {"filename": proof.name})
    return Response(content, mimetype=proof.media_type, headers={"Content-Disposition": disposition})
