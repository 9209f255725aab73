"""What people choose to receive: signed in, or with nothing but the link of a mail."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.chassis.model import NotFound
from services.chassis.web.access import public, requires
from services.chassis.web.forms import Form, blank_form, load_form
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.notifications.domain.preferences import (
    Choice,
    Preferences,
    preferences_id,
    read_unsubscribe_token,
)
from services.notifications.handlers import deciding
from services.notifications.web.schemas import PreferencesSchema

pages = Blueprint("preferences", __name__)


@pages.get("/preferences")
@requires()
def my_preferences() -> str:
    with reading() as session:
        known = session.get(Preferences, preferences_id(signed_in_person().email))
    choice = known.choice if known else Choice.IMMEDIATE
    return _page(blank_form(PreferencesSchema(), {"choice": choice.value}))


@pages.post("/preferences")
@requires()
def choose() -> Response | tuple[str, int]:
    form = load_form(PreferencesSchema())
    if not form.is_valid:
        return _page(form), 422
    with unit_of_work() as work:
        deciding.choose(signed_in_person().email, form.data["choice"], work)
    flash(_("Your choice is saved."), "success")
    return redirect(url_for("preferences.my_preferences"), 303)


@pages.get("/unsubscribe/<token>")
@public
def unsubscribe_form(token: str) -> str:
    """Ask before anything is changed: programs that look at mails open links."""
    with reading() as session:
        preferences = session.get(Preferences, _identifier(token))
        if preferences is None:
            raise NotFound("This unsubscribe link is not valid.")
        return _unsubscribe_page(token, preferences)


@pages.post("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> str:
    """Unsubscribe in one click, also when the mail program does it (RFC 8058); or take it back."""
    choice = request.form.get("choice", Choice.NOTHING.value)
    with unit_of_work() as work:
        preferences = deciding.choose_by_link(_identifier(token), choice, work)
    return _unsubscribe_page(token, preferences, is_done=True)


def _identifier(token: str) -> UUID:
    return read_unsubscribe_token(token, runtime().settings.secret_key)


def _page(form: Form) -> str:
    return render_template("preferences.html", form=form, address=signed_in_person().email)


def _unsubscribe_page(token: str, preferences: Preferences, *, is_done: bool = False) -> str:
    return render_template(
        "unsubscribe.html",
        token=token,
        address=_masked(preferences.address),
        choice=preferences.choice.value,
        is_done=is_done,
    )


def _masked(address: str) -> str:
    """``b•••@maraicher.example``: enough for its owner, little for whoever got hold of a forwarded mail."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}•••@{domain}"
