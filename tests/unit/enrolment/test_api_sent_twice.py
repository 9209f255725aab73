"""Each POST of the API that is sent twice with one key has one effect and one answer."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from services.chassis.messages import audit_entry
from services.chassis.web.access import access_table
from services.chassis.web.idempotency import HEADER, REPLAYED
from services.enrolment.storage.tables import metadata
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.posts_of_a_year import STORIES, Post
from tests.unit.enrolment.world import World


def test_whatever_is_posted_twice_happens_once(world: World, visit: Visit) -> None:
    sent: set[str] = set()
    for story in STORIES:
        telling, answer = story(world), None
        while (post := next_of(telling, answer)) is not None:
            browser = visit(post.by)
            sent.add(endpoint_of(browser, post))
            answer = sent_twice(world, browser, post)
    expected = {
        route.endpoint
        for route in access_table(visit().application)
        if route.method == "POST" and "/api/" in route.path and not route.access.public
    }
    assert sent == expected, "tell of each POST in posts_of_a_year"


def next_of(telling: Any, answer: Any) -> Post | None:
    try:
        post: Post = telling.send(answer)
    except StopIteration:
        return None
    return post


def endpoint_of(browser: FlaskClient, post: Post) -> str:
    endpoint, _values = browser.application.url_map.bind("").match(f"/api{post.path}", method="POST")
    return str(endpoint)


def sent_twice(world: World, browser: FlaskClient, post: Post) -> Any:
    """What the first request was answered; the second one changed nothing."""
    key = {HEADER: str(uuid4())}
    first = send(browser, post, key)
    assert first.status_code in (200, 201, 202, 204), f"{post}: {first.text}"
    there = rows(world)
    again = send(browser, post, key)
    assert again.headers.get(REPLAYED) == "true", post
    assert (again.status_code, again.data) == (first.status_code, first.data), post
    assert rows(world) == there, post
    return first.get_json(silent=True)


def send(browser: FlaskClient, post: Post, headers: dict[str, str]) -> TestResponse:
    path = f"/api{post.path}"
    if post.files is None:
        return browser.post(path, json=post.body, headers=headers)
    files = {name: (BytesIO(content), file_name) for name, (content, file_name) in post.files.items()}
    return browser.post(path, data={**(post.body or {}), **files}, headers=headers)


def rows(world: World) -> dict[str, int]:
    """How many rows each table has, that of events included; that somebody asked is audited each time."""
    with world.runtime.read() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
            if table.name != audit_entry.name
        }
