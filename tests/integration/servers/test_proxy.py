"""The proxy's configuration, on a real nginx: routing, TLS, limits, and containers that come and go."""

import http.client
import signal
import ssl
import subprocess
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from deploy.installation import SERVICES
from deploy.topology import stack_of
from tests.integration.servers.laid_proxy import Answer, Proxy, laid_proxy, open_tls
from tests.support.laid_out import short_folder
from tests.support.name_server import name_server


def service_of(answer: Answer) -> str:
    """Which service answered, by its address."""
    assert answer.status == 200, answer
    return SERVICES[int(answer.json()["host"].rpartition(".")[2]) - 1]


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/", "enrolment"),
        ("/cohorts/2024?page=2", "enrolment"),
        ("/assessment", "assessment"),
        ("/assessment/", "assessment"),
        ("/assessment/api/openapi.json", "assessment"),
        ("/assessments", "enrolment"),
        ("/notifications/messages", "notifications"),
        ("/reporting/dashboard?cohort=1%202", "reporting"),
        ("/api/reporting/", "enrolment"),
    ],
)
def test_the_first_segment_names_the_service_and_the_path_arrives_as_it_is(
    path: str, service: str, proxy: Proxy
) -> None:
    answer = proxy.ask(path)

    assert service_of(answer) == service
    assert answer.json()["path"] == path


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/metrics/",
        "//metrics",
        "/%6detrics",
        "/x/../metrics",
        "/reporting/metrics",
        "/reporting//metrics",
        "/assessment/./metrics",
        "/metrics?x=1",
    ],
)
def test_figures_are_not_for_outside(path: str, proxy: Proxy) -> None:
    answer = proxy.ask(path)

    assert answer.status == 404
    assert not answer.all("X-Request-ID")


def test_a_service_learns_who_asks_from_the_proxy_alone(proxy: Proxy) -> None:
    answer = proxy.ask(
        "/",
        X_Forwarded_For="10.0.0.1",
        X_Forwarded_Proto="http",
        X_Forwarded_Host="evil.example",
        Forwarded="for=10.0.0.1",
        Host="evil.example",
    )

    told = {name.lower(): value for name, value in answer.json()["headers"]}
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["x-forwarded-proto"] == "https"
    assert told["x-forwarded-host"] == told["host"] == "localhost:4430"
    assert "forwarded" not in told


def test_people_who_come_without_tls_are_led_to_it(proxy: Proxy) -> None:
    for port in (proxy.http, proxy.https):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/cohorts?page=2", headers={"Host": "evil.example"})
        response = connection.getresponse()
        response.read()
        connection.close()
        assert response.status == 308
        assert response.headers["Location"] == "https://localhost:4430/cohorts?page=2"


def test_only_versions_of_tls_that_are_safe_are_spoken(proxy: Proxy) -> None:
    context = ssl.create_default_context(cafile=str(proxy.folder / "run/secrets/tls-certificate"))
    assert open_tls(proxy.https, context) == "TLSv1.3"
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    assert open_tls(proxy.https, context) == "TLSv1.2"
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        open_tls(proxy.https, context)


@pytest.mark.parametrize("path", ["/", "/metrics"])
def test_browsers_are_told_once_to_come_by_tls_only(path: str, proxy: Proxy) -> None:
    answer = proxy.ask(path)

    assert answer.all("Strict-Transport-Security") == ["max-age=31536000"]
    assert answer.all("Server") == ["nginx"]


def test_what_services_send_is_not_packed_again(proxy: Proxy) -> None:
    assert not proxy.ask("/" + "x" * 3000, Accept_Encoding="gzip").all("Content-Encoding")


def test_the_log_is_one_object_per_line_without_what_stands_behind_the_question_mark(proxy: Proxy) -> None:
    proxy.ask("/reporting/dashboard?token=secret", User_Agent='"quoted"')

    (line,) = proxy.log()
    assert line["path"] == "/reporting/dashboard"
    assert line["service"] == "reporting"
    assert line["status"] == 200
    assert line["correlation_id"] == "0192f0c4"


def test_what_is_too_large_is_refused_before_it_reaches_a_service(proxy: Proxy) -> None:
    assert proxy.ask("/proofs", "POST", b"x" * 2**20).json()["bytes"] == 2**20

    answer = proxy.ask("/proofs", "POST", b"x" * (2**20 + 1))

    assert answer.status == 413
    assert "Il doit peser 1 Mo au plus" in answer.body.decode()
    assert answer.all("Content-Type") == ["text/html; charset=utf-8"]


def test_a_program_is_told_in_json(proxy: Proxy) -> None:
    answer = proxy.ask("/assessment/api/proofs", "POST", b"x" * (2**20 + 1))

    assert answer.status == 413
    assert answer.all("Content-Type")[0].startswith("application/problem+json")
    assert answer.json()["status"] == 413
    assert answer.json()["title"] == "Ce fichier est trop lourd"


def test_the_pages_of_problems_have_no_address_of_their_own(proxy: Proxy) -> None:
    assert proxy.ask("/problems/413.html").status == 404


def test_who_asks_too_much_is_asked_to_wait() -> None:
    """Ten a second, and forty at once."""
    with short_folder() as folder, ExitStack() as running:
        proxy = laid_proxy(folder, requests_per_second=10)
        proxy.addresses["enrolment-web"] = ["127.0.1.1"]
        running.enter_context(proxy.container("127.0.1.1"))
        running.enter_context(name_server(proxy.addresses, proxy.names))
        running.enter_context(proxy.start())
        with ThreadPoolExecutor(8) as callers:
            answers = list(callers.map(lambda _: proxy.ask("/"), range(100)))

        refused = [answer for answer in answers if answer.status == 429]
        assert len(answers) - len(refused) >= 40
        assert refused
        assert "Attendez quelques secondes" in refused[0].body.decode()
        time.sleep(1)
        assert proxy.ask("/").status == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_container_that_refuses_is_passed_over(method: str, proxy: Proxy) -> None:
    proxy.addresses["reporting-web"] = ["127.0.1.9", "127.0.1.4", "127.0.1.8"]

    for _ in range(10):
        assert service_of(proxy.ask("/reporting/", method)) == "reporting"


def test_a_container_that_has_gone_is_forgotten_and_a_new_one_found(proxy: Proxy) -> None:
    proxy.ask("/reporting/")

    with proxy.container("127.0.2.4"):
        proxy.addresses["reporting-web"] = ["127.0.2.4"]
        time.sleep(2.1)  # The name server is asked again once the second is over.
        proxy.ask("/reporting/")
        assert proxy.ask("/reporting/").json()["host"] == "127.0.2.4"


def test_while_a_service_is_away_people_are_told_and_the_others_go_on(proxy: Proxy) -> None:
    proxy.addresses["reporting-web"] = []

    page, problem = proxy.ask("/reporting/"), proxy.ask("/reporting/api/figures")

    assert page.status == problem.status == 502
    assert "Rien n’est perdu" in page.body.decode()
    assert problem.json()["detail"].startswith("Le service ne répond pas")
    assert page.all("Strict-Transport-Security") == ["max-age=31536000"]
    assert service_of(proxy.ask("/")) == "enrolment"


def test_it_says_whether_it_is_well() -> None:
    with short_folder() as folder:
        proxy = laid_proxy(folder)
        assert proxy.health() == 1
        with proxy.start():
            assert proxy.health() == 0


def test_requests_under_way_are_finished_when_it_stops(
    waiting: tuple[threading.Event, threading.Event],
) -> None:
    asked, may_answer = waiting
    with short_folder() as folder, ExitStack() as running:
        proxy = laid_proxy(folder)
        proxy.addresses["enrolment-web"] = ["127.0.1.1"]
        running.enter_context(proxy.container("127.0.1.1"))
        running.enter_context(name_server(proxy.addresses, proxy.names))
        process = running.enter_context(proxy.start())
        with ThreadPoolExecutor(1) as caller:
            answer = caller.submit(proxy.ask, "/wait")
            assert asked.wait(10)
            process.signal(signal.Signals[stack_of(proxy.installation).component("proxy").stop_signal or ""])
            time.sleep(0.5)
            assert process.running
            may_answer.set()

            assert answer.result(10).status == 200
        assert process.wait(10) == 0


def test_nginx_finds_nothing_wrong_with_it() -> None:
    with short_folder() as folder:
        proxy = laid_proxy(folder)
        check = subprocess.run(proxy.command("-t"), capture_output=True, text=True, check=False)

        assert check.returncode == 0, check.stderr
        assert "warn" not in check.stderr
