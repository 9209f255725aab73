"""Who may call which view: one rule per view, written on it and enforced before it runs.

The decorators only mark. The rule is applied before the request is even parsed, whatever other decorators
the view has, and an application with an unmarked view does not start.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Request, current_app, make_response, redirect, render_template, request
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response

from services.chassis.web.addresses import page_of_request, sign_in_address
from services.chassis.web.identity import Identity
from services.chassis.web.problems import wants_problem
from services.chassis.web.session import current_person

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "__cesar_access__"


@dataclass(frozen=True)
class Access:
    """Who may call a view. No role and not public means any signed-in person.

    ``internal`` lets callers on the machine's own network in without signing in.
    """

    public: bool = False
    roles: tuple[str, ...] = ()
    internal: bool = False

    def allows(self, person: Identity | None) -> bool:
        if self.public:
            return True
        return person is not None and (not self.roles or person.has_any_role(self.roles))

    def __str__(self) -> str:
        if self.public:
            return "public"
        who = " or ".join(self.roles) or "any signed-in person"
        return f"internal network or {who}" if self.internal else who


@dataclass(frozen=True)
class Route:
    """One line of the access table."""

    path: str
    method: str
    endpoint: str
    access: Access


class UnprotectedViews(RuntimeError):
    """Views without an access rule; the text names them."""


def public(view: View) -> View:
    """Decorator: anyone may call this view."""
    setattr(view, _MARK, Access(public=True))
    return view


def requires(*roles: str) -> Callable[[View], View]:
    """Decorator: only a person with one of the roles may call this view; without roles, any signed-in person.

    What the person may see or change within it is for the handler to decide (``Identity.may``).
    """

    def mark(view: View) -> View:
        setattr(view, _MARK, Access(roles=roles))
        return view

    return mark


def internal(*roles: str) -> Callable[[View], View]:
    """Decorator: callers on the machine's own network, and persons with one of the roles."""
    if not roles:
        raise ValueError("Name the roles that may call an internal view from elsewhere.")

    def mark(view: View) -> View:
        setattr(view, _MARK, Access(roles=roles, internal=True))
        return view

    return mark


def access_table(app: Flask, endpoint: str | None = None) -> list[Route]:
    """Each path and method of the application, or of one endpoint, with its rule. Raises UnprotectedViews."""
    routes: list[Route] = []
    unmarked: list[str] = []
    for rule in app.url_map.iter_rules(endpoint):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            access = _access_of(app.view_functions[rule.endpoint], method)
            if access is None:
                unmarked.append(f"{method} {rule.rule} ({rule.endpoint})")
            else:
                routes.append(Route(rule.rule, method, rule.endpoint, access))
    if unmarked:
        raise UnprotectedViews(f"Without @requires or @public: {', '.join(sorted(unmarked))}.")
    return sorted(routes, key=lambda route: (route.path, route.method))


def guard() -> Response | None:
    """Before each request: let it pass, send the person to sign in, or refuse.

    What was typed into a form is not lost when the session ends meanwhile: it comes back, to be sent again.
    """
    if request.url_rule is None:  # no such page: the error page may say so to anyone
        return None
    access = _access_of(current_app.view_functions[request.url_rule.endpoint], request.method)
    if access is None:
        raise Forbidden
    person = current_person()
    if access.allows(person) or (access.internal and is_internal_caller()):
        return None
    if person is not None:
        raise Forbidden
    if wants_problem():
        raise Unauthorized
    sign_in = sign_in_address(page_of_request())
    if request.method == "POST" and request.form:
        return make_response(render_template("session_ended.html", sign_in=sign_in), 401)
    return redirect(sign_in, 303)


def access_of_request(app: Flask, asked: Request) -> Access:
    """The rule of the view that answers; for what leads to no view, that of nobody's."""
    if asked.url_rule is None:
        return Access()
    return _access_of(app.view_functions[asked.url_rule.endpoint], asked.method) or Access()


def is_internal_caller() -> bool:
    """Whether the request comes straight from this machine or its private network.

    What a proxy forwards comes from elsewhere, whatever address the proxy itself has.
    """
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        caller = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return caller.is_loopback or caller.is_private


def _access_of(view: Callable[..., Any], method: str) -> Access | None:
    """The rule of a view function, or of a method of a view class, else of that class."""
    view_class = getattr(view, "view_class", None)
    places: Iterable[Any] = (view,)
    if view_class is not None:
        handled = "get" if method == "HEAD" and not hasattr(view_class, "head") else method.lower()
        places = (getattr(view_class, handled, None), view_class)
    for place in places:
        access: Access | None = getattr(place, _MARK, None)
        if access is not None:
            return access
    return None
