import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Response
from flask.testing import FlaskClient

from services.chassis.web.access import public
from tests.unit.chassis.web.world import build

LONG = "<p>Each tree has a number.</p>" * 100
ASK = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    static = tmp_path / "web" / "static"
    static.mkdir(parents=True)
    (static / "orchard.css").write_text(".tree { color: green }\n" * 100, "utf-8")
    pages = Blueprint("pages", __name__)

    def told_bit_by_bit() -> Response:
        def lines() -> Iterator[str]:
            yield LONG

        return Response(lines(), mimetype="text/csv")

    views = {
        "long": lambda: LONG,
        "short": lambda: "<p>A tree.</p>",
        "photo": lambda: Response(LONG.encode(), mimetype="image/jpeg"),
        "list": told_bit_by_bit,
    }
    for name, view in views.items():
        pages.add_url_rule(f"/{name}", name, public(view))
    return build(pages, folder=tmp_path).test_client()


def test_a_page_travels_compressed_to_whoever_accepts_it(client: FlaskClient) -> None:
    answer = client.get("/orchard/long", headers=ASK)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data).decode() == LONG
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(LONG) / 5
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip;q=0"}])
def test_whoever_does_not_accept_it_gets_the_page_as_it_is(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    answer = client.get("/orchard/long", headers=headers)
    assert "Content-Encoding" not in answer.headers
    assert answer.text == LONG
    assert "Accept-Encoding" in answer.headers["Vary"]  # a copy of it is not for the others


@pytest.mark.parametrize("page", ["short", "photo", "list"])
def test_what_would_not_gain_or_is_sent_bit_by_bit_is_left_alone(client: FlaskClient, page: str) -> None:
    assert "Content-Encoding" not in client.get(f"/orchard/{page}", headers=ASK).headers


def test_a_compressed_file_is_recognised_when_it_is_asked_for_again(client: FlaskClient) -> None:
    with client.get("/orchard/static/orchard.css", headers=ASK) as answer:
        assert gzip.decompress(answer.data).startswith(b".tree")
        known = answer.headers["ETag"]
    assert known.startswith("W/")
    with client.get("/orchard/static/orchard.css", headers={**ASK, "If-None-Match": known}) as again:
        assert again.status_code == 304


def test_a_part_of_a_file_is_sent_as_it_is(client: FlaskClient) -> None:
    with client.get("/orchard/static/orchard.css", headers={**ASK, "Range": "bytes=0-4"}) as answer:
        assert (answer.status_code, answer.data) == (206, b".tree")
