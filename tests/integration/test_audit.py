"""No way of changing something escapes the audit log: every writing route of every service, walked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from services.chassis.messages import audit_entry
from services.chassis.service import Runtime
from services.chassis.web.access import access_table
from services.enrolment.domain.person import Role
from tests.integration.test_access import FROM_OUTSIDE, SAME_ORIGIN, address, signed_in, somebody
from tests.support.product import applications, product_runtimes

Product = tuple[dict[str, Runtime], dict[str, Flask]]
WRITING = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with product_runtimes(tmp_path_factory.mktemp("product")) as runtimes:
        yield runtimes, applications(runtimes)


def entries(runtime: Runtime) -> int:
    with runtime.read() as session:
        return session.scalar(select(func.count()).select_from(audit_entry)) or 0


def test_every_writing_route_leaves_an_entry_or_says_what_to_mend(product: Product) -> None:
    runtimes, apps = product
    silent: list[str] = []
    walked = noted = 0
    for name, app in apps.items():
        app.config["PROPAGATE_EXCEPTIONS"] = False
        for route in access_table(app):
            if route.method not in WRITING:
                continue
            role = Role(route.access.roles[0]) if route.access.roles else Role.MANAGER
            client = signed_in(app, runtimes[name], somebody(role))
            before = entries(runtimes[name])
            answer = client.open(
                address(route),
                method=route.method,
                headers=SAME_ORIGIN,
                environ_overrides=FROM_OUTSIDE,
            )
            walked += 1
            has_entry = entries(runtimes[name]) > before
            noted += has_entry
            if not has_entry and answer.status_code != 422:
                silent.append(f"{name}: {route.method} {route.path} answered {answer.status}")
    assert not silent
    assert walked > 80
    assert noted > walked / 2


def test_whoever_may_not_is_noted_too(product: Product) -> None:
    runtimes, apps = product
    for name, app in apps.items():
        for route in access_table(app):
            if route.method not in WRITING or not route.access.roles or "supplier" in route.access.roles:
                continue
            client = signed_in(app, runtimes[name], somebody(Role.SUPPLIER))
            before = entries(runtimes[name])
            answer = client.open(
                address(route), method=route.method, headers=SAME_ORIGIN, environ_overrides=FROM_OUTSIDE
            )
            assert (answer.status_code, entries(runtimes[name])) == (403, before + 1), route


def test_no_code_changes_or_removes_an_entry() -> None:
    """Retention alone removes entries, by the rules of its file."""
    touching = [
        str(file)
        for file in Path("services").rglob("*.py")
        if any(word in file.read_text() for word in ("update(audit_entry", "delete(audit_entry"))
    ]
    assert not touching
