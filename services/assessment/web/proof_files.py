"""Proofs as they are downloaded: private to the supplier, its team and those with whom they are shared."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from werkzeug.http import dump_options_header

from services.assessment.storage import queries
from services.assessment.web.visibility import check_may_see_proofs
from services.chassis.web.work import reading


def proof_response(assessment_id: UUID, proof_id: UUID) -> Response:
    """The file, byte for byte. Raises NotFound."""
    with reading() as session:
        check_may_see_proofs(session, assessment_id)
        proof, content = queries.proof_content(session, assessment_id, proof_id)
    disposition = dump_options_header("attachment", {"filename": proof.name})
    return Response(content, mimetype=proof.media_type, headers={"Content-Disposition": disposition})
