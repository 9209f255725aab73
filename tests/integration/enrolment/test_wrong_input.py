"""On PostgreSQL, whatever is sent to enrolment's pages and API is answered in words, never by a failure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from services.chassis.web.access import access_table
from services.enrolment import web
from services.enrolment.domain.person import Role
from services.enrolment.handlers import agreements, juries
from services.enrolment.storage.tables import metadata
from tests.integration.enrolment.at_once import postgres_world
from tests.support.postgres import Postgres
from tests.unit.enrolment.world import HELENE, SIRET, World

TEXTS = (
    "\x00",
    "avant\x00après",
    "x" * 60_000,
    "-1",
    "9" * 40,
    "1e400",
    "NaN",
    "２０２６-０２-３１",
    "0000-00-00",
    "‮שרה สมชาย 王小明 🌻",
    "{acheteur} {} %s %(name)s {{ 7*7 }} ' OR 1=1 --",
    "@",
    "../../../etc/passwd",
)
VALUES = (*TEXTS, None, True, -(2**63), 2**70, 1.5e308, [], ["\x00"], {}, {"a": {"b": []}})
QUERIES = (
    "q",
    "page",
    "per_page",
    "sort",
    "month",
    "version",
    "cohort",
    "state",
    "programme",
    "next",
    "lang",
)
TEMPLATES = Path(web.__file__).with_name("templates")
# What ends the session with which all others are sent.
ENDS_THE_SESSION = re.compile(r"sign-out|sign-in|sessions|my-data|erasure|account")


@dataclass
class Sent:
    """Everything that was sent, and what failed of it."""

    client: FlaskClient
    failed: list[str]
    number: int = 0

    def send(self, method: str, path: str, **content: Any) -> None:
        status = self.client.open(path, method=method, **content).status_code
        self.number += 1
        if status >= 500:
            self.failed.append(f"{method} {path}: {status} {str(content)[:200]}")


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with postgres_world(postgres, tmp_path) as world:
        for role in (Role.ADVISER, Role.JURY):
            world.person(HELENE, role)
        accepted = world.accept(world.apply(siret=SIRET))
        manager = world.person(HELENE, Role.MANAGER)
        world.do(agreements.propose_agreement, accepted.id, manager.id)
        juror = juries.InviteJuror(cohort_id=accepted.cohort_id, name="Hélène", email=HELENE)
        world.do(juries.invite_juror, juror)
        world.apply("Ville de Lattes")
        world.invite()
        yield world


@pytest.fixture
def sent(world: World) -> Sent:
    """Nothing yet, by a manager who is adviser and of the jury too."""
    app = web.create_app(world.runtime)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = app.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    client.post("/sign-in", data={"email": HELENE})
    assert client.post(world.told("sign_in.requested")[-1]["url"]).status_code == 303
    return Sent(client, [])


def known_ids(world: World) -> dict[str, list[str]]:
    """By the name of a table, the ids that are in it."""
    with world.runtime.read() as session:
        return {
            table.name: [str(one) for one in session.scalars(select(table.c.id))]
            for table in metadata.sorted_tables
            if table.name.isidentifier() and "id" in table.c
        }


def address(path: str, ids: dict[str, list[str]]) -> str:
    """The route's path with what exists in its places, where something does."""

    def known(found: re.Match[str]) -> str:
        return next(iter(ids.get(found[1].removesuffix("_id"), [])), str(uuid4()))

    path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
    path = re.sub(r"<uuid:(\w+)>", known, path)
    return path.replace("<label>", "2027").replace("<int:", "<").replace("<slug>", "cesar")


def routes(app: Flask, ids: dict[str, list[str]], *methods: str) -> Iterator[tuple[str, str]]:
    for route in access_table(app):
        if route.method in methods and not ENDS_THE_SESSION.search(route.path):
            yield route.method, re.sub(r"<\w+>", "1", address(route.path, ids))


def names_of_fields() -> list[str]:
    """Those of all forms, as their templates have them."""
    text = "".join(path.read_text("utf-8") for path in TEMPLATES.glob("*.html"))
    found = re.findall(r'(?:field|choices)\("([\w.-]+)"|name="([\w.-]+)"', text)
    return sorted({name for pair in found for name in pair if name})


def test_forms_answer_whatever_is_typed(world: World, sent: Sent) -> None:
    names, app = names_of_fields(), sent.client.application
    assert {"organisation_name", "siret", "capacity", "reason"} <= set(names)
    ids = known_ids(world)
    for method, path in routes(app, ids, "POST"):
        if "/api/" not in path:
            for text in TEXTS:
                sent.send(method, path, data=dict.fromkeys(names, text))
            files = {"file": (BytesIO(b"\x00\xff"), "\x00.xlsx"), "copy": (BytesIO(b""), "")}
            sent.send(method, path, data=files)
            sent.send(method, path, data=b"\xff\xfe=%zz&&&", content_type="application/x-www-form-urlencoded")
    assert not sent.failed, "\n".join(sent.failed)
    assert sent.number > 500


def test_pages_answer_whatever_stands_in_their_address(world: World, sent: Sent) -> None:
    for method, path in routes(sent.client.application, known_ids(world), "GET"):
        for text in TEXTS[:12]:
            sent.send(method, path, query_string=dict.fromkeys(QUERIES, text[:4000]))
    assert not sent.failed, "\n".join(sent.failed)
    assert sent.number > 500


def test_the_api_answers_whatever_its_fields_hold(world: World, sent: Sent) -> None:
    document = sent.client.get("/api/openapi.json").json
    assert document is not None
    ids = known_ids(world)
    for template, operations in document["paths"].items():
        path = re.sub(r"\{(\w+)\}", lambda found: _of(found[1], ids), template)
        for method in {"post", "put", "patch"} & operations.keys():
            fields = _fields(document, operations[method])
            plausible = {name: _plausible(field, ids) for name, field in fields.items()}
            for name in fields:
                for value in VALUES:
                    sent.send(method.upper(), path, json={**plausible, name: value})
            for body in (b"", b"[]", b"null", b'{"a":', b"\xff", b"[" * 5000):
                sent.send(method.upper(), path, data=body, content_type="application/json")
    assert not sent.failed, "\n".join(sent.failed)
    assert sent.number > 500


def _of(name: str, ids: dict[str, list[str]]) -> str:
    if name in ("slug", "label"):
        return "cesar" if name == "slug" else "2027"
    return next(iter(ids.get(name.removesuffix("_id"), [])), str(uuid4()))


def _fields(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    properties: dict[str, Any] = schema.get("properties", {})
    return properties


def _plausible(field: dict[str, Any], ids: dict[str, list[str]]) -> Any:
    if "enum" in field:
        return field["enum"][0]
    by_format = {
        "uuid": str(uuid4()),
        "date": "2026-12-01",
        "date-time": "2026-12-01T09:00:00Z",
        "email": "a@b.example",
        "time": "09:00",
    }
    kinds = field.get("type", "string")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    values = {"integer": 3, "number": 3, "boolean": True, "array": [], "object": {}}
    return by_format.get(field.get("format", ""), values.get(kind, "Texte"))
