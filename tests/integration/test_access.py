"""Who may call what: every route of every service, walked with every role and with none."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.chassis.clock import utc_now
from services.chassis.service import Runtime
from services.chassis.web.access import Route, access_table
from services.chassis.web.identity import Grant, Identity
from services.chassis.web.session import SESSION_COOKIE, SESSION_LIFETIME
from services.chassis.web.tokens import SESSION_AUDIENCE, encode_token
from services.enrolment.domain.person import Role
from tests.support.product import applications, product_runtimes

Product = tuple[dict[str, Runtime], dict[str, Flask]]

FROM_OUTSIDE = {"REMOTE_ADDR": "81.2.69.142"}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with product_runtimes(tmp_path_factory.mktemp("product")) as runtimes:
        yield runtimes, applications(runtimes)


def somebody(role: Role) -> Identity:
    grants = (Grant(role.value, "cesar", uuid4()),)
    return Identity(uuid4(), "Élise Martin", "elise@example.org", "fr", grants)


def signed_in(app: Flask, runtime: Runtime, identity: Identity | None) -> FlaskClient:
    client = app.test_client()
    key = runtime.settings.session_private_key
    if identity is not None and key is not None:
        token = encode_token(
            key, identity, audience=SESSION_AUDIENCE, issued_at=utc_now(), lifetime=SESSION_LIFETIME
        )
        client.set_cookie(SESSION_COOKIE, token)
    return client


def address(route: Route) -> str:
    """The route's path with something plausible in each of its places."""
    path = re.sub(r"<any\((\w+)[^>]*>", r"\1", route.path)
    path = re.sub(r"<uuid:\w+>", str(uuid4()), path)
    path = re.sub(r"<int:\w+>", "1", path)
    return re.sub(r"<[^>]+>", "cesar", path)


@pytest.mark.parametrize("role", [None, *Role])
def test_every_route_refuses_whom_its_rule_does_not_name_and_fails_for_nobody(
    product: Product, role: Role | None
) -> None:
    runtimes, apps = product
    walked = 0
    for name, app in apps.items():
        app.config["PROPAGATE_EXCEPTIONS"] = False
        identity = somebody(role) if role else None
        for route in access_table(app):
            client = signed_in(app, runtimes[name], identity)
            answer = client.open(
                address(route), method=route.method, headers=SAME_ORIGIN, environ_overrides=FROM_OUTSIDE
            )
            told = f"{role} at {route.method} {address(route)}: {answer.status}"
            assert answer.status_code < 500, told
            if not route.access.allows(identity):
                sent_to_sign_in = answer.status_code == 303 and answer.location.startswith("/sign-in")
                refused = answer.status_code == 403 if identity else answer.status_code == 401
                assert refused or (identity is None and sent_to_sign_in), told
            elif identity is not None and answer.status_code == 303:
                assert not answer.location.startswith("/sign-in?"), told
            walked += 1
    assert walked > 100


def test_every_rule_names_roles_that_exist(product: Product) -> None:
    _, apps = product
    named = {role for app in apps.values() for route in access_table(app) for role in route.access.roles}
    assert named <= set(Role)


def test_only_enrolment_signs_people_in(product: Product) -> None:
    _, apps = product
    public_forms = {
        (name, route.path)
        for name, app in apps.items()
        for route in access_table(app)
        if route.access.public and route.method == "POST"
    }
    assert {name for name, path in public_forms if "sign-in" in path} == {"enrolment"}
