"""Addresses within this site: where to go back to, and never anywhere else."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from services.chassis.web.host import current_host

SIGN_IN_PATH = "/sign-in"
# To a browser a backslash is a slash, and tabs are nothing: "/\t/elsewhere.example" leaves the site.
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def local_path(address: str | None, default: str = "/") -> str:
    """``address`` when it is a path of this site, otherwise ``default``.

    Use it for every address that came with a request, before redirecting to it.
    Source: OWASP Unvalidated Redirects and Forwards Cheat Sheet.
    """
    if not address or _UNSAFE.search(address) or not address.startswith("/") or address.startswith("//"):
        return default
    try:
        parts = urlsplit(address)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else address


def sign_in_address(next_page: str) -> str:
    """The sign-in page, which leads on to ``next_page``."""
    return f"{SIGN_IN_PATH}?{urlencode({'next': next_page})}"


def page_of_request(**changes: str | None) -> str:
    """The page that the person is on, with its query; ``changes`` replaces or (None) removes arguments.

    A form that was posted to an address without a page of its own belongs to the service’s home, with nothing
    but the ``changes``.
    """
    path = request.path
    arguments = [(name, value) for name, value in request.args.items(multi=True) if name not in changes]
    if request.method not in ("GET", "HEAD") and not _is_page(path):
        path, arguments = f"{current_host().prefix}/", []
    arguments += [(name, value) for name, value in changes.items() if value is not None]
    return f"{path}?{urlencode(arguments)}" if arguments else path


def _is_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return False
    try:
        adapter.match(path, method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True
