"""One trace leads from a click to the mail, through two services and the broker, on both stacks."""

import shutil
from pathlib import Path

from tests.integration.watching.conftest import PERSON, Installation
from tests.support.ask import post
from tests.support.embedded import run_product
from tests.support.otlp import Collector, Span, collector
from tests.support.smtp import MailServer

# Each with the span that it is a part of.
WAY = {
    ("enrolment", "POST /sign-in"): None,
    ("enrolment", "create enrolment.sign_in.requested"): ("enrolment", "POST /sign-in"),
    ("enrolment", "send enrolment.sign_in.requested"): ("enrolment", "create enrolment.sign_in.requested"),
    ("notifications", "process enrolment.sign_in.requested"): (
        "enrolment",
        "create enrolment.sign_in.requested",
    ),
    ("notifications", "mail sign-in-link"): ("notifications", "process enrolment.sign_in.requested"),
}


def way_of(traces: Collector) -> dict[tuple[str, str], tuple[str, str] | None]:
    """The spans of the sign-in's trace, once the mail has left, each with its parent."""
    mail = traces.wait_for(lambda span: span.name == "mail sign-in-link")
    for name in WAY:
        traces.wait_for(lambda span, name=name: span.trace == mail.trace and key(span) == name)
    spans = {span.id: span for span in traces.trace(mail.trace)}
    return {
        key(span): key(spans[span.parent]) if span.parent else None
        for span in spans.values()
        if key(span) in WAY
    }


def key(span: Span) -> tuple[str, str]:
    return span.service, span.name


def test_one_trace_through_the_broker(installation: Installation, smtp: MailServer) -> None:
    processes = ("web enrolment", "worker enrolment", "worker notifications")
    with collector() as traces, installation.running(*processes, CESAR_TRACES_URL=traces.url):
        assert installation.ask_for_a_link().status == 303
        assert way_of(traces) == WAY
        smtp.wait_for(lambda mail: PERSON in mail.recipients)


def test_one_trace_through_the_embedded_product(demonstration: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(demonstration, folder)
    form = {"email": "helene.castelvieil@cci-herault.example"}
    with collector() as traces, run_product(folder, CESAR_TRACES_URL=traces.url) as product:
        assert post(f"{product.url}/sign-in", form).status == 303
        assert way_of(traces) == WAY


def test_the_callers_trace_goes_on(installation: Installation) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    with collector() as traces, installation.running("web enrolment", CESAR_TRACES_URL=traces.url):
        installation.ask_for_a_link(traceparent=f"00-{trace}-00f067aa0ba902b7-01")
        request = traces.wait_for(lambda span: span.name == "POST /sign-in")
        assert (request.trace, request.parent) == (trace, "00f067aa0ba902b7")
        assert request.attributes["http.route"] == "/sign-in"


def test_what_is_left_to_send_is_sent_at_the_end(installation: Installation) -> None:
    with collector() as traces:
        with installation.running("web enrolment", CESAR_TRACES_URL=traces.url):
            installation.ask_for_a_link()
        assert [span.name for span in traces.spans if span.name.startswith("POST")] == ["POST /sign-in"]


def test_a_collector_that_is_silent_holds_nothing_up(installation: Installation, smtp: MailServer) -> None:
    processes = ("web enrolment", "worker enrolment", "worker notifications")
    with collector() as traces:
        traces.delay = 30
        smtp.clear()
        with installation.running(*processes, CESAR_TRACES_URL=traces.url):
            for number in range(1, 4):
                installation.ask_for_a_link()
                smtp.wait_for(lambda mail: PERSON in mail.recipients, timeout=5)
                smtp.clear()
                assert installation.ask("worker notifications", "/health/live").status == 200, number
