"""Sharing: the supplier decides, buyer by buyer, what is shared, and can stop at any time."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from services.assessment.domain.assessment import Assessment
from services.assessment.domain.sharing import Scope
from services.assessment.handlers import sharing
from services.assessment.storage import queries
from services.assessment.web.visibility import own_assessment
from services.chassis.model import DomainError
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form
from services.chassis.web.i18n import gettext as _
from services.chassis.web.work import reading, unit_of_work

pages = Blueprint("sharing", __name__, url_prefix="/<uuid:assessment_id>/sharing")


class SharingSchema(Schema):
    buyer = fields.UUID(required=True)
    scope = fields.List(fields.String(validate=validate.OneOf(list(Scope))), load_default=list)


@pages.get("")
@requires("supplier")
def sharing_index(assessment_id: UUID) -> str:
    with reading() as session:
        return _page(session, own_assessment(session, assessment_id), blank_form(SharingSchema()))


@pages.post("")
@requires("supplier")
def share(assessment_id: UUID) -> Response | tuple[str, int]:
    """Share with one buyer what is ticked."""
    with reading() as session:
        own_assessment(session, assessment_id)
    form = load_form(SharingSchema())
    if form.is_valid:
        try:
            with unit_of_work() as work:
                parts = frozenset(Scope(part) for part in form.data["scope"])
                decided = sharing.share(assessment_id, form.data["buyer"], parts, work)
        except DomainError as error:
            if error.field is None:
                raise
            form.refuse(error)
        else:
            flash(_("%(buyer)s now sees what you chose.", buyer=decided.buyer_name), "success")
            return redirect(url_for("sharing.sharing_index", assessment_id=assessment_id), 303)
    with reading() as session:
        return _page(session, own_assessment(session, assessment_id), form), 422


@pages.post("/stop")
@requires("supplier")
def stop(assessment_id: UUID) -> Response:
    with reading() as session:
        own_assessment(session, assessment_id)
    buyer = request.form.get("buyer", type=UUID)
    if buyer is None:
        raise BadRequest
    with unit_of_work() as work:
        decided = sharing.stop_sharing(assessment_id, buyer, work)
    flash(_("%(buyer)s no longer sees anything of your assessment.", buyer=decided.buyer_name), "info")
    return redirect(url_for("sharing.sharing_index", assessment_id=assessment_id), 303)


def _page(session: Session, assessment: Assessment, form: Form) -> str:
    decisions = queries.sharings_of(session, assessment.id)
    buyers = queries.buyers_for(session, assessment)
    first = [
        buyer
        for buyer in buyers
        if buyer.invited
        or (buyer.organisation_id in decisions and decisions[buyer.organisation_id].scope)
        or str(buyer.organisation_id) == form.values["buyer"]
    ]
    return render_template(
        "sharing.html",
        assessment=assessment,
        buyers=first,
        others=[buyer for buyer in buyers if buyer not in first],
        decisions=decisions,
        form=form,
    )
