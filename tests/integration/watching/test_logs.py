"""Every line of every process is one JSON object, and one number leads through all that a click set off."""

import json
from typing import Any

from tests.integration.watching.conftest import Installation
from tests.support.otlp import collector
from tests.support.smtp import MailServer

PROCESSES = ("web enrolment", "worker enrolment", "worker notifications")


def lines(installation: Installation, name: str) -> list[dict[str, Any]]:
    """Fails for a line that is not a JSON object of its service."""
    found = [json.loads(line) for line in installation.processes[name].lines]
    for line in found:
        assert isinstance(line, dict) and line["timestamp"] and line["level"], line
        assert line["service"] == name.split()[1], line
    return found


def events(installation: Installation, name: str, number: str) -> set[str]:
    """What a process logged about the work with this correlation id."""
    return {line["event"] for line in lines(installation, name) if line.get("correlation_id") == number}


def test_one_number_leads_from_the_request_to_the_mail(installation: Installation, smtp: MailServer) -> None:
    smtp.clear()
    with installation.running(*PROCESSES):
        number = installation.ask_for_a_link().headers["X-Request-ID"]
        installation.processes["worker notifications"].wait_for_line(
            f"mail_sent.*{number}|{number}.*mail_sent"
        )
    assert events(installation, "web enrolment", number) == {"request"}
    assert "mail_sent" in events(installation, "worker notifications", number)
    assert lines(installation, "worker enrolment")


def test_where_there_is_a_trace_the_lines_name_it(installation: Installation) -> None:
    with collector() as traces, installation.running(*PROCESSES, CESAR_TRACES_URL=traces.url):
        installation.ask_for_a_link()
        mail = traces.wait_for(lambda span: span.name == "mail sign-in-link")
    [request] = [line for line in lines(installation, "web enrolment") if line["event"] == "request"]
    [sent] = [line for line in lines(installation, "worker notifications") if line["event"] == "mail_sent"]
    assert request["trace_id"] == sent["trace_id"] == mail.trace
