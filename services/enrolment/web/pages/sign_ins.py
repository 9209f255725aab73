"""Where somebody is signed in, the tokens of their programs, and the end of both."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.chassis.model import DomainError
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import (
    clear_session,
    refuse_programs,
    signed_api_token,
    signed_in_person,
)
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.user_session import SessionKind
from services.enrolment.handlers import openid, user_sessions
from services.enrolment.storage import user_sessions as stored
from services.enrolment.web.grant_keys import grant_with, key_of, place_of
from services.enrolment.web.identities import identity_in
from services.enrolment.web.openid import provider_name
from services.enrolment.web.schemas.account import TokenSchema

pages = Blueprint("sign_ins", __name__, url_prefix="/account")


@pages.get("/sign-ins")
@requires()
def sign_in_index() -> str:
    """Every browser that the person is signed in with, this one first."""
    person = signed_in_person()
    here = person.session.id if person.session else None
    with reading() as session:
        found = stored.open_sessions(session, person.person_id, runtime().clock(), SessionKind.BROWSER)
        issuer = runtime().settings.openid_issuer
        linked = stored.openid_account_of(session, person.person_id, issuer) if issuer else None
        return render_template(
            "sign_ins.html",
            sign_ins=sorted(found, key=lambda each: each.id != here),
            here=here,
            provider=provider_name(),
            linked=linked,
        )


@pages.post("/sign-ins/<uuid:session_id>/end")
@requires()
def end_sign_in(session_id: UUID) -> Response:
    """End one; for the one that asks this is signing out."""
    refuse_programs()
    person = signed_in_person()
    with unit_of_work() as work:
        ended = user_sessions.end_session(session_id, person.person_id, work)
    if person.session is not None and ended.id == person.session.id:
        response = redirect("/", 303)
        clear_session(response)
        return response
    flash(_("Ended: nobody gets in with it any more."), "success")
    is_token = ended.kind is SessionKind.PROGRAM
    return redirect(url_for("sign_ins.token_index" if is_token else "sign_ins.sign_in_index"), 303)


@pages.post("/sign-ins/end-others")
@requires()
def end_others() -> Response:
    refuse_programs()
    person = signed_in_person()
    keep = person.session.id if person.session else None
    with unit_of_work() as work:
        user_sessions.end_sessions(person.person_id, work, keep=keep, kind=SessionKind.BROWSER)
    flash(_("You are signed in here only."), "success")
    return redirect(url_for("sign_ins.sign_in_index"), 303)


@pages.post("/sign-ins/unlink")
@requires()
def unlink() -> Response:
    """The account at the provider signs this person in no longer."""
    refuse_programs()
    with unit_of_work() as work:
        openid.unlink(signed_in_person().person_id, runtime().settings.openid_issuer, work)
    flash(_("Unlinked. The next account that comes with your address is linked anew."), "success")
    return redirect(url_for("sign_ins.sign_in_index"), 303)


@pages.get("/tokens")
@requires()
def token_index() -> str:
    return _tokens_page(blank_form(TokenSchema(), {"days": 90}))


@pages.post("/tokens")
@requires()
def create_token() -> str | tuple[str, int]:
    """The token is on the page that answers, and nowhere else."""
    refuse_programs()
    form = load_form(TokenSchema())
    if not form.is_valid:
        return _tokens_page(form), 422
    person = signed_in_person()
    mine = own_grants()
    try:
        with unit_of_work() as work:
            command = user_sessions.CreateToken(
                person_id=person.person_id,
                name=form.data["name"],
                grants=[grant_with(key, mine) for key in form.data["roles"]],
                lifetime=timedelta(days=form.data["days"]),
            )
            made = user_sessions.create_token(command, work)
            identity = identity_in(made, work.get(Person, person.person_id), work.session)
    except DomainError as error:
        form.refuse(error)
        return _tokens_page(form), 422
    return _tokens_page(blank_form(TokenSchema(), {"days": 90}), secret=signed_api_token(identity))


def own_grants() -> list[PersonGrant]:
    """What the person may do as they are here now: a token cannot have more."""
    return [
        PersonGrant(Role(grant.role), grant.programme, grant.organisation_id)
        for grant in signed_in_person().grants
    ]


def _tokens_page(form: Form, secret: str | None = None) -> str:
    person = signed_in_person()
    with reading() as session:
        tokens = stored.open_sessions(session, person.person_id, runtime().clock(), SessionKind.PROGRAM)
        return render_template(
            "tokens.html",
            tokens=tokens,
            roles=[(key_of(grant), grant.role, place_of(grant, session)) for grant in own_grants()],
            places={
                token.id: [(grant.role, place_of(grant, session)) for grant in token.grants]
                for token in tokens
            },
            form=form,
            secret=secret,
        )
