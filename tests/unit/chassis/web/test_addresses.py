from urllib.parse import urljoin, urlsplit

import pytest
from flask import Blueprint
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.web.access import public
from services.chassis.web.addresses import local_path, page_of_request, sign_in_address
from tests.unit.chassis.web.world import build


@pytest.mark.parametrize("path", ["/", "/programmes/cesar", "/assessment/?lang=fr&page=2", "/a#b", "/é"])
def test_a_path_of_this_site_is_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "https://elsewhere.example/",
        "//elsewhere.example",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        "/ /elsewhere.example",
        "javascript:alert(1)",
        "elsewhere.example",
        "?next=/",
        "//[",
    ],
)
def test_every_other_address_is_replaced(address: str | None) -> None:
    assert local_path(address, "/home") == "/home"


@given(st.text(alphabet=st.sampled_from("/\\:@?#.\t\n\r ehxamplo"), max_size=20))
def test_no_address_leads_a_browser_away_from_this_site(address: str) -> None:
    # What browsers do before they follow an address (WHATWG URL Standard, section 4.4).
    followed = local_path(address).replace("\\", "/")
    for ignored in "\t\n\r":
        followed = followed.replace(ignored, "")
    assert urlsplit(urljoin("https://cesar.example.fr/", followed)).netloc == "cesar.example.fr"


def test_the_sign_in_page_is_told_where_to_lead_on_to() -> None:
    assert sign_in_address("/a?b=c&d=é") == "/sign-in?next=%2Fa%3Fb%3Dc%26d%3D%C3%A9"


@pytest.mark.parametrize(
    ("method", "address", "expected"),
    [
        ("GET", "/orchard/trees?kind=fig&kind=olive&page=3", "/orchard/trees?kind=fig&kind=olive&page=2"),
        ("GET", "/orchard/trees", "/orchard/trees?page=2"),
        ("POST", "/orchard/trees?page=9", "/orchard/trees?page=2"),
        ("POST", "/orchard/trees/graft?kind=fig", "/orchard/?page=2"),
        ("POST", "/orchard/garden", "/orchard/garden?page=2"),
    ],
)
def test_the_page_that_the_person_is_on_can_be_asked_for_again(
    method: str, address: str, expected: str
) -> None:
    blueprint = Blueprint("pages", __name__)
    show = public(lambda: page_of_request(page="2"))
    blueprint.add_url_rule("/trees", "trees", show, methods=["GET", "POST"])
    blueprint.add_url_rule("/trees/graft", "graft", show, methods=["POST"])
    blueprint.add_url_rule("/garden", "change", show, methods=["POST"])
    blueprint.add_url_rule("/garden", "garden", show, methods=["GET"])
    assert build(blueprint).test_client().open(address, method=method).text == expected
