"""The provider of this installation, and what a browser keeps while somebody is there."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from services.chassis.settings import Settings
from services.chassis.web.work import runtime
from services.enrolment.openid.flow import Attempt
from services.enrolment.openid.provider import Provider, make_provider

_EXTENSION = "cesar_openid"
_COOKIE = "cesar_openid"
_PATH = "/sign-in/openid"
_LONGEST = 900  # seconds that somebody may take at the provider


def install_openid(app: Flask, settings: Settings) -> None:
    """What is known of the provider is kept with the application."""
    app.extensions[_EXTENSION] = make_provider(settings)


def current_provider() -> Provider | None:
    return cast("Provider | None", current_app.extensions[_EXTENSION])


def provider_name() -> str | None:
    """As the button calls it; None where there is none."""
    provider = current_provider()
    return provider.name if provider else None


def return_address() -> str:
    return f"{runtime().settings.public_url}{_PATH}/return"


def remember(response: Response, attempt: Attempt) -> None:
    """In the browser that is sent away, signed, so that no other can come back in its place."""
    response.set_cookie(
        _COOKIE,
        str(_serializer().dumps(attempt.stored())),
        max_age=_LONGEST,
        path=_PATH,
        httponly=True,
        samesite="Lax",
        secure=runtime().settings.public_url.startswith("https:"),
    )


def remembered() -> Attempt | None:
    """The attempt of this browser; None when there was none or it took too long."""
    try:
        stored = _serializer().loads(request.cookies.get(_COOKIE, ""), max_age=_LONGEST)
    except BadSignature:
        return None
    return Attempt(**stored)


def forget(response: Response) -> None:
    response.delete_cookie(_COOKIE, path=_PATH)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(runtime().settings.secret_key, salt="sign-in with OpenID Connect")
