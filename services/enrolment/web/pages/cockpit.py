"""The cockpit of a cohort, for its manager, and for an adviser as far as it is about their buyers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    get_template_attribute,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from services.chassis.model import DomainError
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.access import requires
from services.chassis.web.exports import table_response
from services.chassis.web.forms import Form, blank_form, load_form
from services.chassis.web.i18n import gettext as _
from services.chassis.web.paging import list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import local_today, reading, runtime, unit_of_work
from services.enrolment.domain.cockpit import OF_THE_TEAM, STUCK_AFTER, Milestone
from services.enrolment.handlers import contacts
from services.enrolment.storage import contacts as kept
from services.enrolment.storage import queries
from services.enrolment.storage.left_buyers import left_buyers
from services.enrolment.storage.supplier_list import without_an_answer
from services.enrolment.web.accompanying import accompanied_by
from services.enrolment.web.cockpit_view import (
    SORTABLE,
    TEAM,
    check_is_contact,
    chosen_rows,
    cockpit_row,
    cockpit_rows,
    contacts_of,
    milestone_counts,
    step_address,
)
from services.enrolment.web.schemas.cockpit import PhoneCallSchema, PhoneSchema, TeamNoteSchema

pages = Blueprint("cockpit", __name__, url_prefix="/programmes/<slug>/cohorts/<label>/cockpit")


# How many suppliers without an answer are named; the list of suppliers has the others.
_MOST_SILENT = 10


@pages.get("")
@requires(*TEAM)
def overview(slug: str, label: str) -> str:
    """Buyers by milestones, whom to call, and what comes next for each."""
    query = list_query(SORTABLE, default="-silence")
    stuck = bool(request.args.get("stuck"))
    person = signed_in_person()
    manages = person.may("manager", slug)
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        rows = cockpit_rows(session, cohort)
        shown = chosen_rows(rows, query, stuck=stuck)
        silent, silent_total = without_an_answer(
            session,
            cohort,
            accompanied_by(person, session),
            runtime().clock() - STUCK_AFTER,
            most=_MOST_SILENT,
        )
        return render_template(
            "cockpit.html",
            silent=silent,
            silent_total=silent_total,
            gone=left_buyers(session, cohort.id, accompanied_by(person, session)),
            programme=queries.programme_by_slug(session, slug),
            cohort=cohort,
            rows=shown,
            total=len(rows),
            stuck_count=sum(row.is_stuck for row in rows),
            to_do=[row for row in rows if row.buyer.next_step in OF_THE_TEAM and manages],
            to_call=chosen_rows([row for row in rows if row.is_to_be_called], query, stuck=False),
            counts=milestone_counts(rows),
            milestones=list(Milestone),
            addresses={row.buyer.organisation_id: step_address(person, cohort, row.buyer) for row in rows},
            stuck=stuck,
            stuck_after=STUCK_AFTER.days,
            search=query.search,
            query=query,
            manages=manages,
        )


@pages.get("/buyers.<any(csv, xlsx):file_format>")
@requires(*TEAM)
def export(slug: str, label: str, file_format: str) -> Response:
    """The cockpit as it is filtered."""
    query = list_query(SORTABLE, default="-silence")
    with reading() as session:
        rows = cockpit_rows(session, queries.cohort_by_label(session, slug, label))
    milestone_word = get_template_attribute("cockpit_words.html", "milestone")
    step_word = get_template_attribute("cockpit_words.html", "step")
    header = [
        _("Buyer"),
        *(str(milestone_word(each)).strip() for each in Milestone),
        _("What comes next"),
        _("Days of silence"),
        _("Adviser"),
        _("Contact"),
        _("E-mail"),
        _("Phone"),
        _("Suppliers invited"),
        _("Suppliers assessed"),
    ]
    return table_response(
        file_format,
        _("cockpit") + f"-{label}",
        header,
        (
            (
                row.buyer.name,
                *(
                    row.buyer.reached[each].date() if each in row.buyer.reached else None
                    for each in Milestone
                ),
                str(step_word(row.buyer.next_step)).strip(),
                row.days_silent,
                row.buyer.adviser,
                row.buyer.contact_name,
                row.buyer.contact_email,
                row.buyer.phone,
                row.buyer.suppliers,
                row.buyer.assessed,
            )
            for row in chosen_rows(rows, query, stuck=bool(request.args.get("stuck")))
        ),
    )


@pages.get("/<uuid:organisation_id>")
@requires(*TEAM)
def buyer(slug: str, label: str, organisation_id: UUID) -> str:
    """One buyer: where it stands, its people, calls and the team's notes."""
    return _buyer_page(slug, label, organisation_id)


@pages.post("/<uuid:organisation_id>/calls")
@requires(*TEAM)
def note_call(slug: str, label: str, organisation_id: UUID) -> AnyResponse | tuple[str, int]:
    form = load_form(PhoneCallSchema())

    def use(work: UnitOfWork) -> None:
        contacts.note_call(
            contacts.NoteCall(
                programme=slug,
                organisation_id=organisation_id,
                called_by=signed_in_person().person_id,
                today=local_today(),
                **form.data,
            ),
            work,
        )

    return _do(slug, label, organisation_id, form, use, "call", _("The call is noted."))


@pages.post("/<uuid:organisation_id>/notes")
@requires(*TEAM)
def write_note(slug: str, label: str, organisation_id: UUID) -> AnyResponse | tuple[str, int]:
    form = load_form(TeamNoteSchema())
    by = signed_in_person().person_id

    def use(work: UnitOfWork) -> None:
        contacts.write_note(slug, organisation_id, form.data["text"], by, work)

    return _do(
        slug, label, organisation_id, form, use, "note", _("The note is kept; only the team reads it.")
    )


@pages.post("/<uuid:organisation_id>/notes/<uuid:note_id>/remove")
@requires(*TEAM)
def remove_note(slug: str, label: str, organisation_id: UUID, note_id: UUID) -> AnyResponse | tuple[str, int]:
    def use(work: UnitOfWork) -> None:
        contacts.remove_note(slug, organisation_id, note_id, work)

    return _do(slug, label, organisation_id, Form({}), use, "note", _("The note is removed."))


@pages.post("/<uuid:organisation_id>/phone")
@requires(*TEAM)
def set_phone(slug: str, label: str, organisation_id: UUID) -> AnyResponse | tuple[str, int]:
    form = load_form(PhoneSchema())

    def use(work: UnitOfWork) -> None:
        contacts.set_phone(form.data["person_id"], form.data["number"], work)

    return _do(slug, label, organisation_id, form, use, "phone", _("The number is kept."))


def _do(
    slug: str,
    label: str,
    organisation_id: UUID,
    form: Form,
    use: Callable[[UnitOfWork], None],
    which: str,
    thanks: str,
) -> AnyResponse | tuple[str, int]:
    """Do it for a buyer whom the person accompanies, and show the buyer again."""
    with reading() as session:
        _cohort, row = cockpit_row(session, slug, label, organisation_id)
        if form.is_valid and "person_id" in form.data:
            check_is_contact(session, slug, row.buyer, form.data["person_id"])
    if form.is_valid:
        try:
            with unit_of_work() as work:
                use(work)
        except DomainError as error:
            if error.field is None:
                raise
            form.refuse(error)
        else:
            flash(thanks, "success")
            address = url_for("cockpit.buyer", slug=slug, label=label, organisation_id=organisation_id)
            return redirect(address, 303)
    return _buyer_page(slug, label, organisation_id, **{which: form}), 422


def _buyer_page(
    slug: str,
    label: str,
    organisation_id: UUID,
    *,
    call: Form | None = None,
    note: Form | None = None,
    phone: Form | None = None,
) -> str:
    with reading() as session:
        cohort, row = cockpit_row(session, slug, label, organisation_id)
        known = {"person_id": row.buyer.contact_id, "number": row.buyer.phone or ""}
        return render_template(
            "cockpit_buyer.html",
            programme=queries.programme_by_slug(session, slug),
            cohort=cohort,
            row=row,
            milestones=list(Milestone),
            address=step_address(signed_in_person(), cohort, row.buyer),
            here=url_for("cockpit.buyer", slug=slug, label=label, organisation_id=organisation_id),
            people=list(contacts_of(session, slug, row.buyer).items()),
            calls=kept.calls_of(session, slug, organisation_id),
            notes=kept.notes_of(session, slug, organisation_id),
            call_form=call or blank_form(PhoneCallSchema(), {"person_id": row.buyer.contact_id}),
            note_form=note or blank_form(TeamNoteSchema()),
            phone_form=phone or blank_form(PhoneSchema(), known),
            now=runtime().clock(),
        )
