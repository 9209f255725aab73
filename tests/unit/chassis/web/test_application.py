import flask_smorest
import pytest
from flask import Blueprint, Flask, request

from services.chassis.web.access import public
from services.chassis.web.application import LARGEST_REQUEST
from tests.unit.chassis.web.world import FROM_HERE, Runtime, Settings, build


def site(service: str = "orchard", trusted_proxies: int = 0) -> Flask:
    pages = Blueprint("pages", __name__)
    trees = Blueprint("trees", __name__, url_prefix="/trees")
    mailbox = Blueprint("mailbox", __name__, url_prefix="/mailbox")
    api = flask_smorest.Blueprint("figures", __name__, url_prefix="/figures")
    pages.add_url_rule("/", "home", public(lambda: "home"))
    pages.add_url_rule("/upload", "upload", public(lambda: str(len(request.data))), methods=["POST"])
    pages.add_url_rule(
        "/caller", "caller", public(lambda: f"{request.scheme}://{request.host} {request.remote_addr}")
    )
    trees.add_url_rule("/", "list", public(lambda: "trees"))
    mailbox.add_url_rule("/", "mails", public(lambda: "mails"))
    told = api.alt_response(200, schema={"type": "string"}, content_type="text/html", success=True)
    api.add_url_rule("/", "figures", public(told(lambda: "figures")))
    return build(
        pages,
        trees,
        api,
        root_blueprints=[mailbox],
        service=service,
        runtime=Runtime(settings=Settings(trusted_proxies=trusted_proxies)),
    )


@pytest.mark.parametrize(("service", "prefix"), [("orchard", "/orchard"), ("enrolment", "")])
def test_enrolment_is_at_the_root_and_every_other_service_below_its_name(service: str, prefix: str) -> None:
    client = site(service).test_client()
    assert client.get(f"{prefix}/").text == "home"
    assert client.get(f"{prefix}/trees/").text == "trees"
    assert client.get(f"{prefix}/api/figures/").text == "figures"
    assert client.get(f"{prefix}/health/live").status_code == 200
    assert client.get(f"{prefix}/api/openapi.json").status_code == 200
    assert client.get("/mailbox/").text == "mails"


def test_a_home_without_its_slash_is_found() -> None:
    assert site().test_client().get("/orchard").location == "http://localhost/orchard/"


def test_a_request_larger_than_a_scanned_proof_is_refused() -> None:
    client = site().test_client()
    assert client.post("/orchard/upload", data=b"x" * 1000, headers=FROM_HERE).text == "1000"
    answer = client.post("/orchard/upload", data=b"x" * (LARGEST_REQUEST + 1), headers=FROM_HERE)
    assert answer.status_code == 413
    assert "data-back" in answer.text, "what was typed is still in the page before"
    assert f'data-largest-request="{LARGEST_REQUEST}"' in answer.text


FORWARDED = {
    "X-Forwarded-For": "81.2.69.142",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "cesar.example.fr",
}


def test_what_a_proxy_says_is_believed_where_there_is_one() -> None:
    answer = site(trusted_proxies=1).test_client().get("/orchard/caller", headers=FORWARDED)
    assert answer.text == "https://cesar.example.fr 81.2.69.142"


def test_what_a_proxy_would_say_is_not_believed_where_there_is_none() -> None:
    answer = site().test_client().get("/orchard/caller", headers=FORWARDED)
    assert answer.text == "http://localhost 127.0.0.1"
