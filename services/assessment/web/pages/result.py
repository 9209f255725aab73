"""The result: level, themes, strengths, actions, trust, and the answer behind every point."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.assessment.domain.actions import best_actions
from services.assessment.referentials import referential_of
from services.assessment.web.presentation import answer_lines, shown_lines, theme_axes
from services.assessment.web.visibility import own_assessment
from services.chassis.web.access import requires
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime

pages = Blueprint("result", __name__, url_prefix="/<uuid:assessment_id>/result")


@pages.get("")
@requires("supplier")
def result(assessment_id: UUID) -> str | Response:
    with reading() as session:
        assessment = own_assessment(session, assessment_id)
        if not assessment.is_handed_in:
            return redirect(url_for("questionnaire.summary", assessment_id=assessment_id), 303)
        referential = referential_of(assessment)
        found = assessment.result(referential)
        return render_template(
            "result.html",
            assessment=assessment,
            referential=referential,
            result=found,
            axes=theme_axes(found),
            actions=best_actions(found),
            answer_lines=answer_lines,
            shown_lines=shown_lines,
            can_undo=assessment.can_be_undone(signed_in_person().person_id, runtime().clock()),
        )
