import pytest
from flask import Blueprint
from flask.testing import FlaskClient

from services.chassis.web.access import public
from tests.unit.chassis.web.world import Runtime, Settings, api_token, build, person, sign_in

HOSTS = Settings(public_url="https://cesar.example.fr")


def client(*, signed_in: bool = True) -> FlaskClient:
    pages = Blueprint("pages", __name__)
    pages.add_url_rule(
        "/orders", "orders", public(lambda: "done"), methods=["GET", "POST", "PUT", "PATCH", "DELETE"]
    )
    found = build(pages, runtime=Runtime(settings=HOSTS)).test_client()
    if signed_in:
        sign_in(found, person("buyer"))
    return found


def status(method: str = "POST", *, signed_in: bool = True, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client(signed_in=signed_in).open("/orchard/orders", method=method, headers=named).status_code


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "invented"])
def test_a_browser_that_says_another_site_asked_is_refused(method: str, site: str) -> None:
    assert status(method, Sec_Fetch_Site=site) == 403


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_browser_that_says_this_site_or_the_person_asked_is_let_through(site: str) -> None:
    assert status(Sec_Fetch_Site=site) == 200


def test_following_a_link_from_another_site_is_fine() -> None:
    assert status("GET", Sec_Fetch_Site="cross-site") == 200


def test_what_the_browser_says_of_the_site_wins_over_the_origin() -> None:
    assert status(Sec_Fetch_Site="cross-site", Origin="https://cesar.example.fr") == 403


@pytest.mark.parametrize(
    "origin",
    ["https://cesar.example.fr", "https://CESAR.example.fr:443", "http://localhost", "http://localhost:80"],
)
def test_an_older_browser_is_let_through_from_our_own_origin(origin: str) -> None:
    assert status(Origin=origin) == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://elsewhere.example",
        "https://cesar.example.fr.elsewhere.example",
        "https://cesar.example.fr:8443",
        "http://cesar.example.fr",
        "http://cesar.example.fr:443",
        "https://localhost",
        "null",
        "",
        "https://[",
    ],
)
def test_an_older_browser_is_refused_from_any_other_origin(origin: str) -> None:
    assert status(Origin=origin) == 403


def test_a_request_with_a_session_that_does_not_say_where_it_comes_from_is_refused() -> None:
    assert status() == 403


def test_a_program_without_a_session_need_not_say_where_it_comes_from() -> None:
    assert status(signed_in=False) == 200


def test_another_site_cannot_sign_a_browser_in_either() -> None:
    assert status(signed_in=False, Sec_Fetch_Site="cross-site") == 403


def test_a_program_with_its_own_token_need_not_say_where_it_comes_from() -> None:
    assert status(Authorization=f"Bearer {api_token(person())}") == 200


def test_who_is_refused_is_told_why_in_their_language() -> None:
    answer = client().post("/orchard/orders", headers={"Sec-Fetch-Site": "cross-site"})
    assert "venait d’un autre site" in answer.text
