"""Copies and erasures of people's data, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from services.chassis.model import NotFound
from services.chassis.web.access import requires
from services.chassis.web.api_files import FILE_DOCUMENTATION
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.person import Person
from services.enrolment.handlers.personal_data import erasures, exports
from services.enrolment.storage import personal_data
from services.enrolment.web.personal_copies import own_copy
from services.enrolment.web.privacy_requests import (
    ask_on_behalf,
    programmes_shown,
    visible_request,
    withdraw_latest,
)
from services.enrolment.web.schemas.personal_data import (
    AskedForSchema,
    AskForSchema,
    CopyAnswerSchema,
    DecisionSchema,
    ErasureAnswerSchema,
    copy_answer,
    erasure_answer,
)

personal_data_api = Blueprint(
    "personal_data_api", __name__, description="Copies of people's data, and their erasure."
)


@personal_data_api.get("/account/data/copy")
@requires()
@lists()
@personal_data_api.response(200, page_of(CopyAnswerSchema))
def list_own_copies() -> dict[str, Any]:
    """The copies of one's own data that were asked for, the latest first, and how far each is."""
    with reading() as session:
        found = personal_data.exports_of(session, signed_in_person().person_id)
        return page_of_rows(
            [copy_answer(each, personal_data.export_answers(session, each.id)) for each in found]
        )


@personal_data_api.get("/account/data/copy/<uuid:export_id>")
@requires()
@personal_data_api.doc(**FILE_DOCUMENTATION)
@personal_data_api.alt_response(409, "CONFLICT")
@personal_data_api.alt_response(410, "GONE")
def fetch_own_copy(export_id: UUID) -> Response:
    """The file (ZIP). 403 for a token, which has some of a person's roles; 409 before all have answered."""
    return own_copy(export_id)


@personal_data_api.post("/account/data/copy")
@requires()
@personal_data_api.response(202, CopyAnswerSchema)
def ask_for_own_copy() -> dict[str, Any]:
    """Ask for a copy of one's own data; the copy that is under way if there is one."""
    person_id = signed_in_person().person_id
    with unit_of_work() as work:
        export = exports.request_export(person_id, person_id, work)
        work.session.flush()
        return copy_answer(export, personal_data.export_answers(work.session, export.id))


@personal_data_api.get("/account/data/erasure")
@requires()
@personal_data_api.response(200, ErasureAnswerSchema)
@personal_data_api.alt_response(404, "NOT_FOUND")
def get_own_erasure() -> dict[str, Any]:
    """The latest wish to be erased, and what became of it. 404 without one."""
    person_id = signed_in_person().person_id
    with reading() as session:
        found = personal_data.latest_erasure(session, person_id)
        if found is None:
            raise NotFound("This does not exist, or no longer.")
        answers = personal_data.erasure_answers(session, found.id)
        return erasure_answer(found, session.get_one(Person, person_id), answers, runtime().clock())


@personal_data_api.post("/account/data/erasure")
@requires()
@personal_data_api.response(202, ErasureAnswerSchema)
def ask_for_own_erasure() -> dict[str, Any]:
    """Ask to be erased. Nothing happens before the link in the e-mail is opened and a manager has agreed."""
    person_id = signed_in_person().person_id
    with unit_of_work() as work:
        erasure = erasures.request_erasure(person_id, person_id, runtime().settings.public_url, work)
        return erasure_answer(erasure, work.get(Person, person_id), [], work.now)


@personal_data_api.delete("/account/data/erasure")
@requires()
@personal_data_api.response(200, ErasureAnswerSchema)
def withdraw_own_erasure() -> dict[str, Any]:
    """Stay after all. 409 once it was decided."""
    with unit_of_work() as work:
        erasure = withdraw_latest(signed_in_person(), work)
        return erasure_answer(erasure, work.get(Person, erasure.person_id), [], work.now)


@personal_data_api.get("/privacy/requests")
@requires("manager", "operator")
@lists()
@personal_data_api.response(200, page_of(ErasureAnswerSchema))
def list_requests() -> dict[str, Any]:
    """Who asked to be erased, those that wait for a decision first; at most the latest two hundred."""
    with reading() as session:
        found = personal_data.requests_to_show(session, programmes_shown(signed_in_person()), 200)
        now = runtime().clock()
        return page_of_rows(
            [
                erasure_answer(erasure, person, personal_data.erasure_answers(session, erasure.id), now)
                for erasure, person in found
            ]
        )


@personal_data_api.post("/privacy/requests")
@requires("manager", "operator")
@personal_data_api.arguments(AskForSchema)
@personal_data_api.response(202, AskedForSchema)
def ask_for_somebody(details: dict[str, Any]) -> dict[str, Any]:
    """Ask for somebody who cannot do it: the copy or the confirmation goes to their own address.

    404 for an address under which the caller's programmes hold nothing, not even an invitation; 409 while an
    erasure is under way.
    """
    by = signed_in_person()
    with unit_of_work() as work:
        request = ask_on_behalf(details["email"], details["what"], by, work)
        return {"id": request.id, "what": details["what"], "asked_at": request.asked_at}


@personal_data_api.post("/privacy/requests/<uuid:erasure_id>/decision")
@requires("manager", "operator")
@personal_data_api.arguments(DecisionSchema)
@personal_data_api.response(200, ErasureAnswerSchema)
def decide_request(decision: dict[str, Any], erasure_id: UUID) -> dict[str, Any]:
    """Erase the person, or decline with a reason. 409 when it was decided before."""
    by = signed_in_person()
    with unit_of_work() as work:
        visible_request(work.session, erasure_id, by)
        if decision["decision"] == "erase":
            erasure = erasures.grant_erasure(erasure_id, by.person_id, work)
        else:
            erasure = erasures.decline_erasure(erasure_id, decision["reason"], by.person_id, work)
        answers = personal_data.erasure_answers(work.session, erasure.id)
        return erasure_answer(erasure, work.get(Person, erasure.person_id), answers, work.now)
