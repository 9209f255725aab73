"""Security headers, on every response.

Sources: OWASP HTTP Headers Cheat Sheet, W3C Content Security Policy Level 3.
"""

from __future__ import annotations

from flask import Response, request

from services.chassis.web.host import current_host
from services.chassis.web.session import current_person

_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "frame-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    # Links of this site carry secrets (sign-in, invitation): other sites never learn an address.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_ONE_YEAR = 365 * 24 * 3600


def content_security_policy(**changes: str) -> str:
    """The policy of all pages with some directives changed, for a response that needs another one.

    A view sets it itself: ``response.headers["Content-Security-Policy"] =
    content_security_policy(frame_ancestors="'self'")``. An empty value leaves the directive out.
    """
    directives = _POLICY | {name.replace("_", "-"): value for name, value in changes.items()}
    return "; ".join(f"{name} {value}" for name, value in directives.items() if value)


def add_security_headers(response: Response) -> Response:
    """After each request."""
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", content_security_policy())
    if current_host().over_https:
        response.headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}"
    if not (response.cache_control.public and response.cache_control.immutable):
        _forbid_shared_copies(response)
    return response


def _forbid_shared_copies(response: Response) -> None:
    """What one person sees, or is given, is stored nowhere; other pages are asked for again each time."""
    if current_person() is not None or "Set-Cookie" in response.headers or "Authorization" in request.headers:
        response.headers["Cache-Control"] = "private, no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    response.vary.update(("Cookie", "Accept-Language"))
