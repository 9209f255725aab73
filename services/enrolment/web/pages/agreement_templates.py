"""The wording of a programme's agreements, as its manager edits it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.chassis.model import DomainError
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form
from services.chassis.web.i18n import gettext as _
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.agreement_document import BLANKS, default_template
from services.enrolment.handlers import agreements
from services.enrolment.storage import queries
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.agreements import AgreementTemplateSchema

pages = Blueprint("agreement_templates", __name__, url_prefix="/programmes/<slug>/agreement")


@pages.get("")
@requires("manager")
def edit_template(slug: str) -> str:
    check_may(slug, "manager")
    with reading() as session:
        text = queries.programme_by_slug(session, slug).agreement_template or default_template()
    return _page(slug, blank_form(AgreementTemplateSchema(), {"template": text}))


@pages.post("")
@requires("manager")
def change_template(slug: str) -> Response | tuple[str, int]:
    check_may(slug, "manager")
    form = load_form(AgreementTemplateSchema())
    if form.is_valid:
        try:
            with unit_of_work() as work:
                agreements.change_template(slug, form.data["template"], work)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("agreement_templates.edit_template", slug=slug), 303)
    return _page(slug, form), 422


def _page(slug: str, form: Form) -> str:
    with reading() as session:
        programme = queries.programme_by_slug(session, slug)
        return render_template("agreement_template.html", programme=programme, blanks=BLANKS, form=form)
