"""The supplier's home: what to do next, the level, the five best actions."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.assessment.domain.actions import best_actions
from services.assessment.domain.assessment import Assessment
from services.assessment.domain.referential import Referential
from services.assessment.referentials import referential_of
from services.assessment.storage import queries
from services.chassis.web.access import requires
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime

pages = Blueprint("home", __name__)


@pages.get("/")
@requires("supplier", "manager", "adviser", "buyer")
def home() -> str | Response:
    person = signed_in_person()
    if "supplier" not in person.roles:
        is_team = person.has_any_role({"manager", "adviser"})
        return redirect(url_for("reviews.review_index" if is_team else "shared.shared_index"), 303)
    with reading() as session:
        found = queries.assessments_of(session, person.organisations("supplier"))
        if not found:
            return render_template("home.html", assessment=None)
        current = found[0]
        referential = referential_of(current)
        result = current.result(referential)
        buyers = queries.buyers_for(session, current)
        return render_template(
            "home.html",
            assessment=current,
            others=found[1:],
            programme=queries.programme_name(session, current.programme),
            referential=referential,
            result=result,
            actions=best_actions(result) if current.is_handed_in else [],
            page_number=first_open_page(current, referential),
            inviting=[buyer for buyer in buyers if buyer.invited],
            shared=[each for each in queries.sharings_of(session, current.id).values() if each.scope],
            can_undo=current.can_be_undone(person.person_id, runtime().clock()),
        )


def first_open_page(assessment: Assessment, referential: Referential) -> int:
    """The number of the first theme in which an answer is missing; the last one when none is."""
    for number, theme in enumerate(assessment.result(referential).themes, start=1):
        if any(line.missing for line in theme.lines):
            return number
    return len(referential.themes)
