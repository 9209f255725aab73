"""Languages: French first, English second; chosen by the person, kept in a cookie.

Python code takes its ``_`` from here: ``from services.chassis.web.i18n import gettext as _``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import flask_babel
from babel.support import NullTranslations
from flask import Flask, has_request_context, redirect, request
from werkzeug.wrappers import Response

from services.chassis.model import DomainError
from services.chassis.web.addresses import page_of_request
from services.chassis.web.catalogues import load_catalogues
from services.chassis.web.host import current_host
from services.chassis.web.session import current_person

LOCALES = {"fr": "Français", "en": "English"}
DEFAULT_LOCALE = "fr"
LOCALE_COOKIE = "cesar_locale"
LOCALE_ARGUMENT = "lang"
TIME_ZONE = "Europe/Paris"
_ONE_YEAR = 365 * 24 * 3600


def N_(message: str) -> str:
    """Marks a message for translation where it is written; it is translated where it is shown."""
    return message


def gettext(message: str, /, **values: object) -> str:
    """The message in the person's language, its ``%(name)s`` filled from ``values``.

    Without values a percent sign is just one; in templates it is always doubled (``%%``).
    """
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, number: int, /, **values: object) -> str:
    """The singular or the plural, as the language has it; ``%(num)s`` is the number."""
    return str(flask_babel.ngettext(singular, plural, number, **values))


def lazy_gettext(message: str, /, **values: object) -> Any:
    """A text that is translated each time it is shown: for texts written outside a request."""
    return flask_babel.lazy_gettext(message, **values)


def error_message(error: DomainError) -> str:
    """What a domain error tells the person, in their language."""
    text = gettext(error.message)
    return text % error.values if error.values else text


def current_locale() -> str:
    """The language of the present request: "fr" or "en"."""
    return str(flask_babel.get_locale() or DEFAULT_LOCALE)


def choose_locale() -> str:
    """What the person chose, else what they prefer, else French; English for a browser that knows no French.

    French comes first even for a browser that prefers English: the people of a French programme often
    have machines that somebody else set up.
    """
    person = current_person()
    for wish in (
        request.args.get(LOCALE_ARGUMENT),
        request.cookies.get(LOCALE_COOKIE),
        person and person.locale,
    ):
        if wish in LOCALES:
            return str(wish)
    languages = {language.lower().split("-")[0] for language, _quality in request.accept_languages}
    return "en" if "en" in languages and DEFAULT_LOCALE not in languages else DEFAULT_LOCALE


def locale_switch_url(locale: str) -> str:
    """The page that the person is on, in another language."""
    return page_of_request(**{LOCALE_ARGUMENT: locale})


def remember_locale() -> Response | None:
    """Before each request: keep a language asked for by ``?lang=`` and go on to the same page without it."""
    wish = request.args.get(LOCALE_ARGUMENT)
    if wish not in LOCALES or request.method != "GET" or request.url_rule is None:
        return None
    response = redirect(page_of_request(**{LOCALE_ARGUMENT: None}), 303)
    response.set_cookie(
        LOCALE_COOKIE,
        wish,
        max_age=_ONE_YEAR,
        path="/",
        httponly=True,
        secure=current_host().over_https,
        samesite="Lax",
    )
    return response


def install_languages(app: Flask, *translations: Path) -> None:
    """Use the catalogues in these folders; the first that knows a message wins."""
    babel = flask_babel.Babel()
    babel.domain_instance = _Catalogues(translations)
    babel.init_app(
        app,
        default_locale=DEFAULT_LOCALE,
        default_timezone=TIME_ZONE,
        locale_selector=lambda: choose_locale() if has_request_context() else DEFAULT_LOCALE,
    )
    app.before_request(remember_locale)


class _Catalogues(flask_babel.Domain):  # type: ignore[misc]
    def __init__(self, folders: tuple[Path, ...]) -> None:
        super().__init__()
        self._folders = folders
        self._loaded: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        locale = str(flask_babel.get_locale() or DEFAULT_LOCALE)
        if locale not in self._loaded:
            self._loaded[locale] = load_catalogues(self._folders, locale)
        return self._loaded[locale]
