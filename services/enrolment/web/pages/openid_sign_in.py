"""Signing in with an account at the OpenID Connect provider; the link by e-mail works without it."""

from __future__ import annotations

import hmac

import structlog
from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from services.chassis.model import Forbidden, NotFound
from services.chassis.web.access import public
from services.chassis.web.addresses import local_path
from services.chassis.web.i18n import error_message
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import issue_session
from services.chassis.web.work import runtime, unit_of_work
from services.enrolment.domain.openid_account import OpenIdClaims
from services.enrolment.domain.user_session import SignInWay
from services.enrolment.handlers.openid import sign_in_by_openid
from services.enrolment.openid.flow import (
    Attempt,
    NotTrusted,
    authorization_address,
    claims_of,
    end_address,
    new_attempt,
)
from services.enrolment.openid.provider import Provider, ProviderFailed
from services.enrolment.web.openid import current_provider, forget, remember, remembered, return_address
from services.enrolment.web.sign_in_page import sign_in_page
from services.enrolment.web.signing_in import start_session

pages = Blueprint("openid", __name__)
log = structlog.get_logger(__name__)


@pages.get("/sign-in/openid")
@public
def begin() -> Response | tuple[str, int]:
    """Send somebody to the provider. A link and no form: the policy for contents keeps forms on this site."""
    provider = _provider()
    attempt = new_attempt(local_path(request.args.get("next")))
    try:
        address = authorization_address(provider, attempt, return_address())
    except ProviderFailed as error:
        return _away(provider, error, attempt.next_page)
    response = redirect(address, 303)
    remember(response, attempt)
    return response


@pages.get("/sign-in/openid/return")
@public
def come_back() -> Response | tuple[str, int]:
    provider = _provider()
    attempt = remembered()
    next_page = attempt.next_page if attempt else "/"
    try:
        claims = _claims(provider, attempt)
        with unit_of_work() as work:
            identity = start_session(sign_in_by_openid(claims, work), SignInWay.OPENID, work)
    except ProviderFailed as error:
        return _away(provider, error, next_page)
    except NotTrusted as error:
        log.warning("openid_refused", reason=str(error))
        problem = _("Signing in with %(name)s did not work. Try again, or by e-mail.", name=provider.name)
        return sign_in_page(next_page=next_page, problem=problem), 403
    except Forbidden as error:
        return sign_in_page(next_page=next_page, problem=error_message(error)), 403
    response = redirect(local_path(next_page), 303)
    forget(response)
    issue_session(response, identity)
    return response


@pages.get("/sign-in/signed-out")
@public
def signed_out() -> str:
    """Here they are; at the provider they are not, and may want to be."""
    provider = _provider()
    try:
        address = end_address(provider, f"{runtime().settings.public_url}/")
    except ProviderFailed:
        address = None
    return render_template("signed_out.html", provider=provider.name, address=address)


def _claims(provider: Provider, attempt: Attempt | None) -> OpenIdClaims:
    """Raises NotTrusted for an answer that this browser has not asked for, and like ``claims_of``."""
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if attempt is None or not hmac.compare_digest(attempt.state.encode(), state.encode()):
        raise NotTrusted("This browser has not been sent to the provider, or too long ago.")
    if not code:
        raise NotTrusted(f"The provider says: {request.args.get('error', 'nothing')[:100]}")
    return claims_of(provider, attempt, code, return_address(), runtime().clock())


def _provider() -> Provider:
    provider = current_provider()
    if provider is None:
        raise NotFound("People sign in here by a link that comes by e-mail.")
    return provider


def _away(provider: Provider, error: ProviderFailed, next_page: str) -> tuple[str, int]:
    log.warning("openid_away", reason=str(error))
    problem = _(
        "%(name)s does not answer at the moment. The link by e-mail works all the same.", name=provider.name
    )
    return sign_in_page(next_page=next_page, problem=problem), 503
