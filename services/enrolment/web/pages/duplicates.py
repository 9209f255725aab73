"""Suppliers that may be one: proposed, merged or told apart by a manager, and parted again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.chassis.model import DomainError
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import error_message
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.merging import Merge
from services.enrolment.domain.organisation import Organisation
from services.enrolment.handlers import merging
from services.enrolment.storage import merges
from services.enrolment.web.duplicates import merge_to_undo, proposed_pairs
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.duplicates import MergeSchema, PairSchema

pages = Blueprint("duplicates", __name__)
_SHOWN = 20


@pages.get("/suppliers/duplicates")
@requires("manager")
def duplicate_index() -> str:
    return _page(blank_form(MergeSchema()))


@pages.post("/suppliers/duplicates/merge")
@requires("manager")
def merge() -> Response | tuple[str, int]:
    form = load_form(MergeSchema())
    if form.is_valid:
        person = signed_in_person()
        check_may(form.data["programme"], "manager")
        command = merging.MergeOrganisations(
            by=person.person_id, manages=person.programmes("manager"), **form.data
        )
        with unit_of_work_for(form) as work:
            merging.merge(command, work)
            name = work.get(Organisation, command.kept_id).name
    if form.is_valid:
        flash(_("%(name)s is one supplier now. You can undo it below.", name=name), "success")
        return redirect(url_for("duplicates.duplicate_index"), 303)
    return _page(form), 422


@pages.post("/suppliers/duplicates/distinct")
@requires("manager")
def tell_apart() -> Response | tuple[str, int]:
    form = load_form(PairSchema())
    if form.is_valid:
        check_may(form.data["programme"], "manager")
        with unit_of_work() as work:
            merging.say_distinct(**form.data, by=signed_in_person().person_id, unit_of_work=work)
        flash(_("Noted: they are two, and not proposed again."), "success")
        return redirect(url_for("duplicates.duplicate_index"), 303)
    return _page(form), 422


@pages.post("/suppliers/merges/<uuid:merge_id>/undo")
@requires("manager")
def undo(merge_id: UUID) -> Response:
    try:
        with unit_of_work() as work:
            merge_to_undo(work.session, signed_in_person(), merge_id)
            merging.undo(merge_id, signed_in_person().person_id, work)
    except DomainError as error:
        flash(error_message(error), "danger")
    else:
        flash(_("Done: they are two suppliers again."), "success")
    return redirect(url_for("duplicates.duplicate_index"), 303)


def _page(form: Form) -> str:
    with reading() as session:
        programmes = signed_in_person().programmes("manager")
        pairs = proposed_pairs(session, programmes)
        return render_template(
            "duplicates.html",
            form=form,
            pairs=pairs[:_SHOWN],
            total=len(pairs),
            merges=_with_names(session, merges.merges_of(session, programmes, most=_SHOWN)),
        )


def _with_names(session: Session, found: Sequence[Merge]) -> list[dict[str, object]]:
    return [
        {
            "merge": each,
            "kept": session.get_one(Organisation, each.kept_id).name,
            "merged": session.get_one(Organisation, each.merged_id).name,
        }
        for each in found
    ]
