"""What suppliers share with the calling buyer, for programs."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from services.assessment.domain.assessment import Assessment
from services.assessment.domain.sharing import Scope, Sharing
from services.assessment.referentials import referential_of
from services.assessment.storage import queries
from services.assessment.web.schemas import SharedSchema
from services.chassis.web.access import requires
from services.chassis.web.i18n import current_locale
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading

shared_api = Blueprint(
    "shared_api", __name__, url_prefix="/shared", description="What suppliers share with the calling buyer."
)


@shared_api.get("")
@requires("buyer")
@lists()
@shared_api.response(200, page_of(SharedSchema))
def list_shared() -> dict[str, Any]:
    """What suppliers share with the caller's organisations now."""
    with reading() as session:
        found = queries.shared_with(session, signed_in_person().organisations("buyer"))
        return page_of_rows([_shared(sharing, assessment) for sharing, assessment in found])


def _shared(sharing: Sharing, assessment: Assessment) -> dict[str, Any]:
    result = assessment.result(referential_of(assessment)) if assessment.is_handed_in else None
    shows_level = result is not None and sharing.allows(Scope.LEVEL)
    return {
        "id": sharing.id,
        "supplier_organisation_id": sharing.supplier_organisation_id,
        "supplier_name": sharing.supplier_name,
        "scope": [part for part in Scope if sharing.allows(part)],
        "granted_at": sharing.granted_at,
        "level": result.level if result and shows_level else None,
        "score": result.score if result and shows_level else None,
        "themes": [
            {"key": each.theme.key, "label": each.theme.label.to(current_locale()), "score": each.score}
            for each in result.themes
        ]
        if result is not None and sharing.allows(Scope.THEMES)
        else None,
    }
