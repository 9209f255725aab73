"""Requests forged by other sites are refused, without tokens in forms.

A browser says where a request comes from in ``Sec-Fetch-Site``, which no page can forge; older browsers
say it in ``Origin``. A program that sends neither carries no session cookie, or is refused.

Sources: OWASP Cross-Site Request Forgery Prevention Cheat Sheet (Fetch Metadata, with the standard headers as
fallback), W3C Fetch Metadata Request Headers.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import Forbidden

from services.chassis.web.host import current_host
from services.chassis.web.i18n import N_
from services.chassis.web.session import SESSION_COOKIE, is_bearer_request

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"same-origin", "none"})  # "none": the person did it, e.g. by reloading a page
_REFUSED = N_("This request came from another site, so nothing was done. Open the page here and try again.")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class CrossOriginRequest(Forbidden):
    """A request that may change something came from another site, or may have."""


def refuse_cross_origin() -> None:
    """Before each request. Raises CrossOriginRequest."""
    if request.method in _SAFE_METHODS or is_bearer_request():
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        allowed = site in _OWN_SITES
    elif (origin := request.headers.get("Origin")) is not None:
        ours = {_origin(request.host_url), _origin(current_host().settings.public_url)}
        allowed = _origin(origin) is not None and _origin(origin) in ours
    else:
        allowed = SESSION_COOKIE not in request.cookies
    if not allowed:
        raise CrossOriginRequest(_REFUSED)


def _origin(address: str) -> tuple[str, str, int] | None:
    """Scheme, host and port (RFC 6454); None for what has none, such as "null"."""
    try:
        parts = urlsplit(address)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname and port else None
