"""What the processes count and measure, as Prometheus reads it."""

import signal
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psutil
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.parser import text_string_to_metric_families

from tests.integration.watching.conftest import Installation
from tests.support.smtp import MailServer

WEB, WORKER = "web enrolment", "worker notifications"


def figure(installation: Installation, process: str, name: str, **labels: str) -> float:
    """The sum of a figure's series that have these labels. Fails when there is none."""
    text = installation.ask(process, "/metrics").text
    values = [
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]
    assert values, f"{name} {labels} is not among\n{text}"
    return sum(values)


def requests(installation: Installation) -> float:
    return figure(installation, WEB, "cesar_http_requests_total", route="/sign-in")


def test_processes_that_serve_together_show_the_sum_of_all(
    installation: Installation, tmp_path: Path
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    with installation.running(WEB, CESAR_WEB_PROCESSES="2", TMPDIR=str(folder)):
        with ThreadPoolExecutor(8) as visitors:
            answers = list(visitors.map(lambda _: installation.ask(WEB, "/sign-in").status, range(200)))
        assert answers == [200] * 200
        assert {requests(installation) for _ in range(20)} == {200}
        assert len(counted_by_process(folder)) == 2
        assert sum(counted_by_process(folder)) == 200

        [victim, _] = psutil.Process(installation.processes[WEB].pid).children()
        victim.send_signal(signal.SIGKILL)
        psutil.wait_procs([victim], timeout=10)
        assert requests(installation) == 200
    assert not list(folder.iterdir())


def counted_by_process(folder: Path) -> list[float]:
    """How many requests for the page each process has counted that has counted any."""
    return [
        counted
        for file in folder.glob("cesar-counters-*/counter_*.db")
        if (
            counted := sum(
                value
                for key, value, *_ in MmapedDict.read_all_values_from_file(str(file))
                if "cesar_http_requests_total" in key and '"/sign-in"' in key
            )
        )
    ]


def test_web_processes_take_together_what_each_takes(installation: Installation) -> None:
    with installation.running(WEB, CESAR_WEB_PROCESSES="2"):
        shown = figure(installation, WEB, "process_resident_memory_bytes")
        group = psutil.Process(installation.processes[WEB].pid)
        own = sum(one.memory_info().rss for one in (group, *group.children()))
        assert 0.8 < shown / own < 1.2


def test_what_waits_is_measured_and_what_was_done_is_counted(
    installation: Installation, smtp: MailServer
) -> None:
    with installation.running(WEB):
        installation.ask_for_a_link()
        assert figure(installation, WEB, "cesar_outbox_waiting", service="enrolment") >= 1
        assert figure(installation, WEB, "cesar_outbox_oldest_seconds", service="enrolment") > 0
        with installation.running("worker enrolment", WORKER):
            process = installation.processes[WORKER]
            sent = partial(figure, installation, WORKER, "cesar_mail_deliveries_total", outcome="sent")
            process.wait_until(lambda: sent() == 1, "send")
            assert figure(installation, WORKER, "cesar_events_handled_total", outcome="applied") >= 1
            assert figure(installation, WORKER, "cesar_event_batch_seconds_count") >= 1
            process.wait_until(
                lambda: figure(installation, WEB, "cesar_outbox_waiting", service="enrolment") == 0, "relay"
            )


def test_the_queue_is_measured_at_the_broker(installation: Installation) -> None:
    """While nobody consumes, what waits in it is seen by nobody; the queue is there since the worker was."""
    with installation.running(WORKER):
        assert figure(installation, WORKER, "cesar_queue_messages", service="notifications") == 0
        assert figure(installation, WORKER, "cesar_server_reachable", server="broker") == 1


def test_processes_are_known_by_kind_and_release(installation: Installation) -> None:
    with installation.running(WEB, "worker enrolment", CESAR_WEB_PROCESSES="2"):
        web = installation.processes[WEB]
        web.wait_until(
            lambda: figure(installation, WEB, "cesar_processes", kind="web") == 2, "be seen", timeout=10
        )
        installation.processes["worker enrolment"].terminate()
        web.wait_until(lambda: not workers(installation), "see the worker go", timeout=20)


def workers(installation: Installation) -> bool:
    return 'cesar_processes{kind="worker"' in installation.ask(WEB, "/metrics").text
