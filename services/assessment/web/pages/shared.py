"""What suppliers share with a buyer, and nothing else."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from services.assessment.domain.assessment import Assessment
from services.assessment.domain.sharing import Scope
from services.assessment.referentials import referential_of
from services.assessment.storage import queries
from services.assessment.web.presentation import answer_lines, shown_lines, theme_axes
from services.assessment.web.visibility import visible_sharing
from services.chassis.web.access import requires
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading

pages = Blueprint("shared", __name__, url_prefix="/shared")


@pages.get("")
@requires("buyer")
def shared_index() -> str:
    with reading() as session:
        found = queries.shared_with(session, signed_in_person().organisations("buyer"))
        return render_template("shared_list.html", shared=found)


@pages.get("/<uuid:sharing_id>")
@requires("buyer")
def shared(sharing_id: UUID) -> str:
    with reading() as session:
        sharing = visible_sharing(session, sharing_id)
        assessment = session.get_one(Assessment, sharing.assessment_id)
        result = assessment.result(referential_of(assessment)) if assessment.is_handed_in else None
        return render_template(
            "shared.html",
            sharing=sharing,
            assessment=assessment,
            result=result,
            axes=theme_axes(result, linked=sharing.allows(Scope.ANSWERS)) if result else [],
            answer_lines=answer_lines,
            shown_lines=shown_lines,
        )
