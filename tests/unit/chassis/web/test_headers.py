import pytest
from flask import Blueprint, Flask, Response, abort, send_file

from services.chassis.web.access import public, requires
from services.chassis.web.headers import content_security_policy
from tests.unit.chassis.web.world import Runtime, Settings, build, person, sign_in


def site(public_url: str = "http://localhost") -> Flask:
    pages = Blueprint("pages", __name__)

    @pages.get("/open")
    @public
    def anyone() -> str:
        return "seen"

    @pages.get("/mine")
    @requires()
    def mine() -> str:
        return "seen"

    @pages.get("/proof")
    @requires()
    def proof() -> Response:
        return send_file(__file__)

    @pages.get("/framed")
    @public
    def framed() -> Response:
        response = Response("seen")
        response.headers["Content-Security-Policy"] = content_security_policy(frame_ancestors="'self'")
        return response

    pages.add_url_rule("/broken", "broken", public(lambda: abort(404)))

    return build(pages, runtime=Runtime(settings=Settings(public_url=public_url)))


def directives(policy: str) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in policy.split("; "))


@pytest.mark.parametrize("path", ["/open", "/broken", "/mine", "/static/none.css"])
def test_every_response_has_the_security_headers_whatever_became_of_the_request(path: str) -> None:
    headers = site().test_client().get(f"/orchard{path}").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Content-Security-Policy" in headers


def test_pages_load_nothing_from_elsewhere_run_nothing_inline_and_are_framed_by_nobody() -> None:
    policy = directives(site().test_client().get("/orchard/open").headers["Content-Security-Policy"])
    assert policy == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "frame-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


def test_one_response_can_have_a_policy_of_its_own() -> None:
    client = site().test_client()
    policy = directives(client.get("/orchard/framed").headers["Content-Security-Policy"])
    assert policy["frame-ancestors"] == "'self'"
    assert policy["default-src"] == "'self'"
    assert "frame-ancestors 'none'" in client.get("/orchard/open").headers["Content-Security-Policy"]


def test_a_directive_can_be_left_out() -> None:
    assert "img-src" not in directives(content_security_policy(img_src=""))


def test_browsers_are_told_to_insist_on_https_only_where_the_site_has_it() -> None:
    secure = site("https://cesar.example.fr").test_client().get("/orchard/open")
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in site().test_client().get("/orchard/open").headers


@pytest.mark.parametrize("path", ["/open", "/mine", "/proof", "/nowhere"])
def test_what_a_signed_in_person_sees_is_stored_nowhere(path: str) -> None:
    client = site().test_client()
    sign_in(client, person())
    with client.get(f"/orchard{path}") as answer:
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_public_page_is_asked_for_again_each_time_since_it_depends_on_the_language() -> None:
    headers = site().test_client().get("/orchard/open").headers
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Vary"] == "Cookie, Accept-Language, Accept-Encoding"
