"""The cockpit of a cohort for programs: where each buyer stands, its people, calls and notes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint

from services.chassis.web.access import requires
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.paging import list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import local_today, reading, unit_of_work
from services.enrolment.handlers import contacts
from services.enrolment.storage import contacts as kept
from services.enrolment.storage import queries
from services.enrolment.web.cockpit_view import (
    SORTABLE,
    TEAM,
    check_is_contact,
    chosen_rows,
    cockpit_row,
    cockpit_rows,
    contacts_of,
)
from services.enrolment.web.schemas.cockpit import (
    CockpitRowOutput,
    ContactOutput,
    NotedOutput,
    PhoneCallOutput,
    PhoneCallSchema,
    PhoneNumberSchema,
    TeamNoteOutput,
    TeamNoteSchema,
)

cockpit_api = Blueprint(
    "cockpit_api",
    __name__,
    url_prefix="/programmes/<slug>/cohorts/<label>/cockpit",
    description="Where the buyers of a cohort stand, for the team that accompanies them.",
)


@cockpit_api.get("")
@requires(*TEAM)
@lists(SORTABLE, "stuck")
@cockpit_api.response(200, page_of(CockpitRowOutput))
def list_buyers(slug: str, label: str) -> dict[str, Any]:
    """The buyers whom the caller accompanies; with ``stuck``, those with whom nothing goes on."""
    query = list_query(SORTABLE, default="-silence")
    with reading() as session:
        rows = cockpit_rows(session, queries.cohort_by_label(session, slug, label))
    shown = chosen_rows(rows, query, stuck=bool(request.args.get("stuck")))
    return page_of_rows(shown, query)


@cockpit_api.get("/<uuid:organisation_id>/people")
@requires(*TEAM)
@lists()
@cockpit_api.response(200, page_of(ContactOutput))
def list_contacts(slug: str, label: str, organisation_id: UUID) -> dict[str, Any]:
    """The people of a buyer who can be called, the one who applied first."""
    with reading() as session:
        _cohort, row = cockpit_row(session, slug, label, organisation_id)
        people = contacts_of(session, slug, row.buyer)
    return page_of_rows([{"person_id": person_id, "name": name} for person_id, name in people.items()])


@cockpit_api.put("/<uuid:organisation_id>/people/<uuid:person_id>/phone")
@requires(*TEAM)
@cockpit_api.arguments(PhoneNumberSchema)
@cockpit_api.response(204)
def set_phone(details: dict[str, Any], slug: str, label: str, organisation_id: UUID, person_id: UUID) -> None:
    """Keep the number at which somebody of a buyer is reached; an empty one forgets it."""
    with reading() as session:
        _cohort, row = cockpit_row(session, slug, label, organisation_id)
        check_is_contact(session, slug, row.buyer, person_id)
    with unit_of_work() as work:
        contacts.set_phone(person_id, details["number"], work)


@cockpit_api.get("/<uuid:organisation_id>/calls")
@requires(*TEAM)
@lists()
@cockpit_api.response(200, page_of(PhoneCallOutput))
def list_calls(slug: str, label: str, organisation_id: UUID) -> dict[str, Any]:
    """The calls to a buyer, the latest first."""
    with reading() as session:
        cockpit_row(session, slug, label, organisation_id)
        calls = kept.calls_of(session, slug, organisation_id)
    return page_of_rows([call for call, _person, _caller in calls])


@cockpit_api.post("/<uuid:organisation_id>/calls")
@requires(*TEAM)
@cockpit_api.arguments(PhoneCallSchema)
@cockpit_api.response(201, NotedOutput)
def note_call(details: dict[str, Any], slug: str, label: str, organisation_id: UUID) -> dict[str, UUID]:
    """Note that somebody of a buyer was called."""
    with reading() as session:
        _cohort, row = cockpit_row(session, slug, label, organisation_id)
        check_is_contact(session, slug, row.buyer, details["person_id"])
    command = contacts.NoteCall(
        programme=slug,
        organisation_id=organisation_id,
        called_by=signed_in_person().person_id,
        today=local_today(),
        **details,
    )
    with unit_of_work() as work:
        return {"id": contacts.note_call(command, work)}


@cockpit_api.get("/<uuid:organisation_id>/notes")
@requires(*TEAM)
@lists()
@cockpit_api.response(200, page_of(TeamNoteOutput))
def list_notes(slug: str, label: str, organisation_id: UUID) -> dict[str, Any]:
    """The team's notes on a buyer, the latest first."""
    with reading() as session:
        cockpit_row(session, slug, label, organisation_id)
        notes = kept.notes_of(session, slug, organisation_id)
    return page_of_rows([note for note, _author in notes])


@cockpit_api.post("/<uuid:organisation_id>/notes")
@requires(*TEAM)
@cockpit_api.arguments(TeamNoteSchema)
@cockpit_api.response(201, NotedOutput)
def write_note(details: dict[str, Any], slug: str, label: str, organisation_id: UUID) -> dict[str, UUID]:
    """Write a note on a buyer that only the team reads."""
    with reading() as session:
        cockpit_row(session, slug, label, organisation_id)
    by = signed_in_person().person_id
    with unit_of_work() as work:
        return {"id": contacts.write_note(slug, organisation_id, details["text"], by, work)}


@cockpit_api.delete("/<uuid:organisation_id>/notes/<uuid:note_id>")
@requires(*TEAM)
@cockpit_api.response(204)
def remove_note(slug: str, label: str, organisation_id: UUID, note_id: UUID) -> None:
    """Remove a note of the team's."""
    with reading() as session:
        cockpit_row(session, slug, label, organisation_id)
    with unit_of_work() as work:
        contacts.remove_note(slug, organisation_id, note_id, work)
