"""The agreements of a whole cohort, proposed at once."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from services.chassis.web.access import requires
from services.chassis.web.i18n import ngettext
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import unit_of_work
from services.enrolment.handlers import agreements
from services.enrolment.storage import queries
from services.enrolment.web.identities import check_may

pages = Blueprint("cohort_agreements", __name__, url_prefix="/programmes/<slug>/cohorts/<label>/agreements")


@pages.post("")
@requires("manager")
def propose_all(slug: str, label: str) -> Response:
    """Propose an agreement to every accepted buyer with a SIRET that has none yet."""
    check_may(slug, "manager")
    with unit_of_work() as work:
        cohort_id = queries.cohort_by_label(work.session, slug, label).id
        proposed = agreements.propose_all(cohort_id, signed_in_person().person_id, work)
    flash(
        ngettext(
            "%(num)s agreement is proposed; the buyer is told by e-mail.",
            "%(num)s agreements are proposed; the buyers are told by e-mail.",
            len(proposed),
        ),
        "success",
    )
    return redirect(url_for("cohorts.cohort", slug=slug, label=label), 303)
