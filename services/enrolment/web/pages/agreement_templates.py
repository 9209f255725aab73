"""The wording of a programme's agreements, as its manager edits it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime
from services.enrolment.agreement_document import default_wording
from services.enrolment.domain.agreement_wording import BLANKS, MOST_MISTAKES, wording_mistakes
from services.enrolment.handlers.agreement_wordings import change_wording, preview_wording
from services.enrolment.storage import queries
from services.enrolment.storage.agreement_wordings import latest_number, wording_version, wording_versions
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.agreements import AgreementTemplateForm

pages = Blueprint("agreement_templates", __name__, url_prefix="/programmes/<slug>/agreement")


@pages.get("")
@requires("manager")
def edit_template(slug: str) -> str:
    """The present wording, or the ``version`` that the address names, to be saved again."""
    check_may(slug, "manager")
    number = request.args.get("version", type=int)
    with reading() as session:
        programme = queries.programme_by_slug(session, slug)
        if number is None:
            text = programme.agreement_template or default_wording()
        else:
            text = wording_version(session, slug, number).text
        known = {"template": text, "seen_version": latest_number(session, slug)}
    return _page(slug, blank_form(AgreementTemplateForm(), known), number)


@pages.post("")
@requires("manager")
def change_template(slug: str) -> AnyResponse | tuple[str, int]:
    check_may(slug, "manager")
    form = _checked_form()
    if form.is_valid:
        with unit_of_work_for(form) as work:
            by, seen = signed_in_person().person_id, form.data["seen_version"]
            change_wording(slug, form.data["template"], by, work, seen=seen)
        if not form.is_valid:
            # Who saves again has seen that there is another one.
            with reading() as session:
                form.values["seen_version"] = latest_number(session, slug)
    if not form.is_valid:
        return _page(slug, form), 422
    flash(_("Saved."), "success")
    return redirect(url_for("agreement_templates.edit_template", slug=slug), 303)


@pages.post("/preview")
@requires("manager")
def preview(slug: str) -> Response | tuple[str, int]:
    """What is typed as a PDF; nothing is saved."""
    check_may(slug, "manager")
    form = _checked_form()
    if not form.is_valid:
        return _page(slug, form), 422
    with reading() as session:
        content = preview_wording(slug, form.data["template"], session, runtime().clock())
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


def _checked_form() -> Form:
    """The present form, with what is wrong with the wording."""
    form = load_form(AgreementTemplateForm())
    if form.is_valid:
        for mistake in wording_mistakes(form.data["template"])[:MOST_MISTAKES]:
            form.refuse(mistake)
    return form


def _page(slug: str, form: Form, number: int | None = None) -> str:
    with reading() as session:
        return render_template(
            "agreement_template.html",
            programme=queries.programme_by_slug(session, slug),
            versions=wording_versions(session, slug),
            number=number,
            blanks=BLANKS,
            form=form,
        )
