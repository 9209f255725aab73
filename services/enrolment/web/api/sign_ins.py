"""One's own sign-ins and tokens, and the organisation that one acts for, for programs.

A token acts in the roles that it was made with: those of the organisation that its person acted for then. For
several organisations one makes a token each. What a token must not do, a program does as a browser does: with
the cookie of somebody who has signed in.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.chassis.model import NotFound
from services.chassis.web.access import requires
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import issue_session, refuse_programs, signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.user_session import SessionKind, UserSession
from services.enrolment.handlers import openid, user_sessions
from services.enrolment.storage import user_sessions as stored
from services.enrolment.web.identities import identity_in

sign_ins_api = Blueprint(
    "sign_ins_api",
    __name__,
    url_prefix="/account",
    description=(
        "One's own sign-ins and tokens. A token acts in the roles that it was made with, and for the one "
        "organisation that its person acted for then: with several organisations, make a token for each."
    ),
)


class TokenGrantSchema(Schema):
    role = fields.String()
    programme = fields.String(allow_none=True)
    organisation_id = fields.UUID(allow_none=True)


class OwnSignInSchema(Schema):
    id = fields.UUID()
    kind = fields.String(metadata={"description": "browser, or program for an API token"})
    label = fields.String()
    started_at = fields.AwareDateTime()
    used_at = fields.AwareDateTime(allow_none=True)
    expires_at = fields.AwareDateTime()
    grants = fields.List(
        fields.Nested(TokenGrantSchema),
        metadata={"description": "The roles of a token; a sign-in has all of its person."},
    )


class OwnOrganisationSchema(Schema):
    id = fields.UUID()
    name = fields.String()
    acts_for = fields.Boolean(metadata={"description": "Whether the caller acts for it now."})


class ChoiceSchema(Schema):
    organisation_id = fields.UUID(required=True)


@sign_ins_api.get("/sign-ins")
@requires()
@lists((), "kind")
@sign_ins_api.response(200, page_of(OwnSignInSchema))
def list_sign_ins() -> dict[str, Any]:
    """One's own sign-ins (``kind`` browser) and tokens (``kind`` program) that are good now."""
    kind = request.args.get("kind")
    with reading() as session:
        found = stored.open_sessions(session, signed_in_person().person_id, runtime().clock())
        return page_of_rows([each for each in found if kind in (None, "", each.kind)])


@sign_ins_api.delete("/sign-ins")
@requires()
@sign_ins_api.response(204)
def end_other_sign_ins() -> None:
    """End one's own sign-ins but for the one that asks. Tokens stay."""
    person = signed_in_person()
    keep = person.session.id if person.session else None
    with unit_of_work() as work:
        user_sessions.end_sessions(person.person_id, work, keep=keep, kind=SessionKind.BROWSER)


@sign_ins_api.delete("/sign-ins/<uuid:session_id>")
@requires()
@sign_ins_api.response(204)
def end_sign_in(session_id: UUID) -> None:
    """End one of one's own sign-ins or tokens. Tokens are made on the page only."""
    with unit_of_work() as work:
        user_sessions.end_session(session_id, signed_in_person().person_id, work)


@sign_ins_api.delete("/openid")
@requires()
@sign_ins_api.response(204)
def unlink() -> None:
    """The account at the provider signs the caller in no longer. 403 for a token."""
    refuse_programs()
    with unit_of_work() as work:
        openid.unlink(signed_in_person().person_id, runtime().settings.openid_issuer, work)


@sign_ins_api.get("/organisations")
@requires()
@lists()
@sign_ins_api.response(200, page_of(OwnOrganisationSchema))
def list_own_organisations() -> dict[str, Any]:
    """The organisations that the caller belongs to. A token acts for one of them at most."""
    caller = signed_in_person()
    mine = {grant.organisation_id for grant in caller.grants}
    with reading() as session:
        person = session.get(Person, caller.person_id)
        found = [session.get_one(Organisation, each) for each in (person.organisations if person else [])]
        return page_of_rows(
            [{"id": each.id, "name": each.name, "acts_for": each.id in mine} for each in found]
        )


@sign_ins_api.put("/organisations/chosen")
@requires()
@sign_ins_api.arguments(ChoiceSchema)
@sign_ins_api.response(204)
def choose_organisation(choice: dict[str, Any]) -> Response:
    """Act for this organisation from now on; the answer has the cookie to go on with. 403 for a token."""
    refuse_programs()
    here = signed_in_person()
    if here.session is None:
        raise NotFound("You do not belong to this organisation.")
    with unit_of_work() as work:
        chosen: UserSession = user_sessions.choose_organisation(
            here.session.id, here.person_id, choice["organisation_id"], work
        )
        identity = identity_in(chosen, work.get(Person, here.person_id), work.session)
    answer = Response(status=204)
    issue_session(answer, identity)
    return answer
