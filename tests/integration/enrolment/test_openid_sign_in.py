"""Signing in with an account at a real OpenID Connect provider, and whom it must never let in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.chassis.clock import utc_now
from services.console.commands.doctor import openid_finding
from services.enrolment.domain.person import Person, Role
from services.enrolment.storage import queries
from services.enrolment.web import create_app
from tests.support.openid_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    Account,
    OpenIdServer,
    openid_provider,
)
from tests.support.services import PUBLIC_URL, Clock, running
from tests.unit.enrolment.world import HELENE, World


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIdServer]:
    with openid_provider(tmp_path_factory.mktemp("provider"), PUBLIC_URL) as server:
        yield server


@dataclass
class Site:
    """Enrolment with a provider, and browsers that walk there and back."""

    world: World
    app: Flask
    provider: OpenIdServer

    def browser(self) -> FlaskClient:
        client = self.app.test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        return client

    def begin(self, browser: FlaskClient, next_page: str = "/") -> str:
        """Where the browser is sent."""
        sent = browser.get("/sign-in/openid", query_string={"next": next_page})
        assert sent.status_code == 303, sent.text
        return sent.location

    def at_provider(self, address: str, user: str) -> str:
        """Sign in there; the path by which the provider sends the browser back."""
        with requests.Session() as there:
            answer = there.get(address, allow_redirects=False)
            for _ in range(6):
                if answer.status_code == 200:
                    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.text)
                    assert token is not None, answer.text
                    form = {"username": user, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
                    answer = there.post(answer.url, data=form, allow_redirects=False)
                else:
                    target = urljoin(answer.url, answer.headers["Location"])
                    if target.startswith(PUBLIC_URL):
                        parts = urlsplit(target)
                        return f"{parts.path}?{parts.query}"
                    answer = there.get(target, allow_redirects=False)
        raise AssertionError(f"{user} does not come back from {answer.url}: {answer.text}")

    def sign_in(self, user: str, browser: FlaskClient | None = None, next_page: str = "/") -> TestResponse:
        browser = browser or self.browser()
        return browser.get(self.at_provider(self.begin(browser, next_page), user))

    def person(self, email: str) -> Person | None:
        with self.world.runtime.read() as session:
            return queries.person_by_email(session, email)


@pytest.fixture
def site(tmp_path: Path, provider: OpenIdServer) -> Iterator[Site]:
    provider.know()
    clock = Clock(utc_now())
    with running("enrolment", tmp_path, clock) as runtime:
        runtime.settings = replace(
            runtime.settings,
            openid_issuer=provider.issuer,
            openid_client_id=CLIENT_ID,
            openid_client_secret=CLIENT_SECRET,
            openid_name="AgoraConnect",
        )
        world = World(runtime, clock)
        world.programme()
        world.person(HELENE, Role.MANAGER)
        app = create_app(runtime)
        app.testing = True
        yield Site(world, app, provider)


def test_a_verified_address_finds_its_person_and_leads_to_the_page_that_was_asked_for(site: Site) -> None:
    site.provider.know(helene=Account(HELENE, "H. C."))
    browser = site.browser()
    answer = site.sign_in("helene", browser, "/suppliers?state=active")
    assert (answer.status_code, answer.location) == (303, "/suppliers?state=active")
    assert "Hélène C." in browser.get("/").text


def test_an_address_that_nobody_knows_makes_a_person_without_any_role(site: Site) -> None:
    site.provider.know(new=Account("New.One@Example.org", "Nina Neuf"))
    browser = site.browser()
    assert site.sign_in("new", browser).status_code == 303
    person = site.person("new.one@example.org")
    assert person is not None
    assert (person.name, person.grants) == ("Nina Neuf", [])
    assert browser.get("/suppliers").status_code == 403


def test_an_address_that_was_not_verified_lets_nobody_in(site: Site) -> None:
    site.provider.know(thief=Account(HELENE, email_verified=False))
    browser = site.browser()
    answer = site.sign_in("thief", browser)
    assert answer.status_code == 403
    assert "cesar_session" not in str(answer.headers.getlist("Set-Cookie"))
    assert 'name="email"' in answer.text, "the link by e-mail is offered"
    assert browser.get("/suppliers").status_code == 303


def test_somebody_whose_address_changes_at_the_provider_stays_the_same_person(site: Site) -> None:
    site.provider.know(mover=Account(HELENE))
    site.sign_in("mover")
    site.provider.know(mover=Account("helene@elsewhere.example", email_verified=False))
    browser = site.browser()
    assert site.sign_in("mover", browser).status_code == 303
    assert "Hélène C." in browser.get("/").text
    assert site.person("helene@elsewhere.example") is None


def test_an_address_that_another_account_took_over_is_not_let_in_silently(site: Site) -> None:
    site.provider.know(first=Account(HELENE), second=Account(HELENE))
    site.sign_in("first")
    refused = site.sign_in("second")
    assert refused.status_code == 403
    assert "autre compte" in refused.text
    assert site.sign_in("first").status_code == 303, "the first account still does"


def test_who_unlinks_the_account_can_link_another_one(site: Site) -> None:
    site.provider.know(old=Account(HELENE), fresh=Account(HELENE))
    browser = site.browser()
    site.sign_in("old", browser)
    assert "AgoraConnect" in browser.get("/account/sign-ins").text
    assert browser.post("/account/sign-ins/unlink").status_code == 303
    assert site.sign_in("fresh").status_code == 303
    assert site.sign_in("old").status_code == 403


def test_an_answer_that_another_browser_asked_for_is_refused(site: Site) -> None:
    """Else somebody could sign another person in as themselves, and read what they type."""
    site.provider.know(mallory=Account("mallory@example.org"))
    mallory, victim = site.browser(), site.browser()
    way_back = site.at_provider(site.begin(mallory), "mallory")
    assert victim.get(way_back).status_code == 403
    site.begin(victim)
    assert victim.get(way_back).status_code == 403, "not even when it is on its way itself"


def test_a_code_serves_once(site: Site) -> None:
    site.provider.know(once=Account(HELENE))
    browser = site.browser()
    way_back = site.at_provider(site.begin(browser), "once")
    assert browser.get(way_back).status_code == 303
    assert browser.get(way_back).status_code == 403


def test_who_gives_up_at_the_provider_is_offered_both_ways_again(site: Site) -> None:
    browser = site.browser()
    state = re.search(r"state=([^&]+)", site.begin(browser))
    assert state is not None
    answer = browser.get(f"/sign-in/openid/return?error=access_denied&state={state[1]}")
    assert answer.status_code == 403
    assert "AgoraConnect" in answer.text and 'name="email"' in answer.text


def test_the_way_back_never_leads_to_another_site(site: Site) -> None:
    site.provider.know(far=Account(HELENE))
    assert site.sign_in("far", next_page="https://elsewhere.example/").location == "/"


def test_who_signs_out_is_told_that_the_provider_still_knows_them(site: Site) -> None:
    site.provider.know(leaver=Account(HELENE))
    browser = site.browser()
    site.sign_in("leaver", browser)
    out = browser.post("/sign-out")
    assert out.location == "/sign-in/signed-out"
    assert f"{site.provider.issuer}/logout/?client_id={CLIENT_ID}" in browser.get(out.location).text
    assert browser.get("/suppliers").status_code == 303


def test_a_provider_that_is_away_is_said_and_the_link_by_mail_still_works(site: Site) -> None:
    settings = replace(site.world.runtime.settings, openid_issuer="http://localhost:1/o")
    site.world.runtime.settings = settings
    app = create_app(site.world.runtime)
    app.testing = True
    browser = app.test_client()
    browser.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    answer = browser.get("/sign-in/openid?next=/suppliers")
    assert answer.status_code == 503
    assert "AgoraConnect ne répond pas" in answer.text
    assert 'value="/suppliers"' in answer.text
    assert browser.post("/sign-in", data={"email": HELENE}).status_code == 303
    assert browser.post(site.world.told("sign_in.requested")[-1]["url"]).status_code == 303
    finding = openid_finding(settings)
    assert finding is not None and not finding.well and "does not answer" in finding.detail


def test_the_doctor_finds_the_provider_well(site: Site) -> None:
    finding = openid_finding(site.world.runtime.settings)
    assert finding is not None and finding.well


def test_the_doctor_says_that_the_provider_goes_by_another_name(site: Site) -> None:
    other = site.provider.issuer.replace("localhost", "127.0.0.1")
    finding = openid_finding(replace(site.world.runtime.settings, openid_issuer=other))
    assert finding is not None and not finding.well
    assert site.provider.issuer in finding.detail
