"""The calendar of a cohort and its call for applications, as the manager prepares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import gettext as _
from services.chassis.web.work import reading
from services.enrolment.domain.call import Criterion, Question, shares
from services.enrolment.domain.programme import Calendar
from services.enrolment.handlers import programmes
from services.enrolment.storage import queries
from services.enrolment.web.identities import check_may
from services.enrolment.web.rows import Rows, blank_rows, load_rows
from services.enrolment.web.schemas.cohorts import (
    CallTextForm,
    ChangeCohortForm,
    ChangeCohortSchema,
    CriterionSchema,
    QuestionSchema,
)

pages = Blueprint("calls", __name__, url_prefix="/programmes/<slug>/cohorts/<label>")


@pages.get("/edit")
@requires("manager")
def edit_cohort(slug: str, label: str) -> str:
    check_may(slug, "manager")
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        known = {name: getattr(cohort, name) for name in ChangeCohortSchema().load_fields}
        known["seen_version"] = cohort.version
    return _cohort_page(slug, label, blank_form(ChangeCohortForm(), known))


@pages.post("/edit")
@requires("manager")
def change_cohort(slug: str, label: str) -> Response | tuple[str, int]:
    check_may(slug, "manager")
    form = load_form(ChangeCohortForm())
    if form.is_valid:
        days = dict(form.data)
        capacity, offer_days = days.pop("capacity"), days.pop("offer_days")
        seen_version = days.pop("seen_version")
        with unit_of_work_for(form) as work:
            cohort_id = queries.cohort_by_label(work.session, slug, label).id
            programmes.change_cohort(
                programmes.ChangeCohort(
                    cohort_id=cohort_id,
                    capacity=capacity,
                    offer_days=offer_days,
                    calendar=Calendar(**days),
                    seen_version=seen_version,
                ),
                work,
            )
    if form.is_valid:
        flash(_("Saved."), "success")
        return redirect(url_for("cohorts.cohort", slug=slug, label=label), 303)
    return _cohort_page(slug, label, form), 422


@pages.get("/call")
@requires("manager")
def edit_call(slug: str, label: str) -> str:
    check_may(slug, "manager")
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        questions = [
            {**asdict(question), "choices": "\n".join(question.choices)} for question in cohort.questions
        ]
        criteria = [asdict(criterion) for criterion in cohort.criteria]
        text = blank_form(CallTextForm(), {"call_text": cohort.call_text, "seen_version": cohort.version})
    return _call_page(
        slug, label, text, blank_rows(QuestionSchema(), questions), blank_rows(CriterionSchema(), criteria)
    )


@pages.post("/call")
@requires("manager")
def describe_call(slug: str, label: str) -> Response | tuple[str, int]:
    check_may(slug, "manager")
    form = load_form(CallTextForm())
    questions, criteria = load_rows("questions", QuestionSchema()), load_rows("criteria", CriterionSchema())
    form.errors |= questions.errors | criteria.errors
    if form.is_valid:
        with unit_of_work_for(form) as work:
            programmes.describe_call(
                programmes.DescribeCall(
                    cohort_id=queries.cohort_by_label(work.session, slug, label).id,
                    call_text=form.data["call_text"],
                    seen_version=form.data["seen_version"],
                    questions=[Question(**row) for row in with_keys("q", questions.data)],
                    criteria=[Criterion(**row) for row in with_keys("c", criteria.data)],
                ),
                work,
            )
        # The domain counts rows with dots, the form's names with hyphens.
        form.errors = {name.replace(".", "-"): messages for name, messages in form.errors.items()}
    if form.is_valid:
        flash(_("Saved."), "success")
        return redirect(url_for("calls.edit_call", slug=slug, label=label), 303)
    return _call_page(slug, label, form, questions, criteria), 422


def with_keys(letter: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows, the new ones with a key that none of the others has."""
    used = {row["key"] for row in rows}
    free = (key for number in range(1, 1000) if (key := f"{letter}{number}") not in used)
    seen: set[str] = set()
    for row in rows:
        key = row["key"] if row["key"] and row["key"] not in seen else next(free)
        seen.add(key)
        yield {**row, "key": key}


def _cohort_page(slug: str, label: str, form: Form) -> str:
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        return render_template(
            "cohort_edit.html",
            programme=queries.programme_by_slug(session, slug),
            cohort=cohort,
            taken=queries.places_taken(session, cohort.id),
            form=form,
        )


def _call_page(slug: str, label: str, form: Form, questions: Rows, criteria: Rows) -> str:
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        return render_template(
            "call.html",
            programme=queries.programme_by_slug(session, slug),
            cohort=cohort,
            is_used=queries.has_applications(session, cohort.id),
            shares=shares(cohort.criteria),
            form=form,
            questions=questions,
            criteria=criteria,
        )
