"""A sign-in or a token that is ended is refused by every service, over a real broker, within a moment."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
import requests

from tests.support.ports import free_port
from tests.support.postgres import Postgres
from tests.support.rabbitmq import RabbitMQ
from tests.support.real import command, real_settings, run_services
from tests.support.smtp import MailServer

MANAGER = "helene@cci.example"
PAGES = ("/suppliers", "/assessment/reviews", "/notifications/", "/reporting/")
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, rabbitmq: RabbitMQ, postgres: Postgres, smtp: MailServer
) -> Iterator[str]:
    """The address of an installation with a programme and its manager."""
    port = free_port()
    url = f"http://localhost:{port}"
    settings = real_settings(tmp_path_factory.mktemp("keys"), url, rabbitmq, postgres, smtp)
    with run_services(settings, port):
        about = ("--name", "C.E.S.A.R.", "--chamber", "CCI Hérault", "--contact-email", "cesar@cci.example")
        command(settings, "programme", "create", "cesar", *about)
        command(settings, "programme", "grant", "cesar", MANAGER, "--role", "manager", "--name", "Hélène")
        yield url


def browser(site: str, smtp: MailServer) -> requests.Session:
    """One in which the manager has signed in."""
    session = requests.Session()
    session.headers.update(SAME_ORIGIN)
    smtp.clear()
    session.post(f"{site}/sign-in", data={"email": MANAGER})
    mail = smtp.wait_for(lambda mail: MANAGER in mail.recipients, timeout=20)
    [link, *_] = re.findall(r"http://\S*/sign-in/[\w-]+", mail.text())
    assert session.post(link, allow_redirects=False).status_code == 303
    return session


def is_open(site: str, page: str, cookie: str) -> bool:
    answer = requests.get(f"{site}{page}", cookies={"cesar_session": cookie}, allow_redirects=False)
    assert answer.status_code in (200, 303), answer.text
    return answer.status_code == 200


def seconds_until(is_so: Callable[[], bool], most: float = 10) -> float:
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() < begun + most, "It takes too long."
        time.sleep(0.02)
    return time.monotonic() - begun


def test_who_is_signed_out_is_out_of_every_service(site: str, smtp: MailServer) -> None:
    session = browser(site, smtp)
    cookie = session.cookies["cesar_session"]
    assert all(is_open(site, page, cookie) for page in PAGES)
    session.post(f"{site}/sign-out", allow_redirects=False)
    assert not is_open(site, "/suppliers", cookie), "enrolment knows at once"
    took = seconds_until(lambda: not any(is_open(site, page, cookie) for page in PAGES))
    print(f"every service refuses after {took:.2f} s")
    assert took < 5


def test_a_token_is_used_with_one_service_and_revoked_for_all(site: str, smtp: MailServer) -> None:
    session = browser(site, smtp)
    form = {"name": "CRM", "roles": "manager.cesar.", "days": "30"}
    made = session.post(f"{site}/account/tokens", data=form).text
    found = re.search(r'<code class="secret">([^<]+)', made)
    assert found is not None
    bearer = {"Authorization": f"Bearer {found[1]}"}

    def status() -> int:
        return requests.get(f"{site}/assessment/api/assessments", headers=bearer).status_code

    def use() -> str | None:
        listed = session.get(f"{site}/api/account/sign-ins").json()["items"]
        return next(each["used_at"] for each in listed if each["kind"] == "program")

    assert status() == 200
    seconds_until(lambda: use() is not None)
    [revoke] = re.findall(r"/account/sign-ins/[0-9a-f-]{36}/end", session.get(f"{site}/account/tokens").text)
    assert session.post(f"{site}{revoke}").status_code == 200
    assert seconds_until(lambda: status() == 401) < 5
