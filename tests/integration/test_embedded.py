"""``cesar run``: one process that keeps its promises, and says in one sentence why it cannot start."""

import http.client
import random
import shutil
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from email import message_from_string
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil
import pytest
from sqlalchemy import select

from services.chassis.service import Runtime
from services.console.data_folder import embedded_settings
from services.console.installed import load_service
from services.enrolment.storage.tables import organisations
from tests.support.embedded import Product, cesar, run_product, start_product
from tests.support.ports import free_port

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def folder(demonstration: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration, in which the call of the last cohort is open."""
    folder = tmp_path / "data"
    shutil.copytree(demonstration, folder)
    return folder


def request(product_url: str, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and text of the answer. Raises OSError or HTTPException when there is none."""
    address = urlsplit(product_url)
    headers = {"Content-Type": FORM, "Sec-Fetch-Site": "same-origin"}
    with closing(http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)) as connection:
        connection.request(method, path, urlencode(form or {}), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def apply(product_url: str, name: str) -> bool:
    """Hand in an application; whether the product said that it has arrived."""
    form = {
        "organisation_name": name,
        "legal_form": "public",
        "contact_name": "Zoé Lunel",
        "contact_email": f"{name.lower().replace(' ', '-')}@example.org",
        "motivation": "Acheter mieux.",
    }
    try:
        return request(product_url, "POST", "/programmes/cesar/cohorts/2024/apply", form)[0] == 303
    except (OSError, http.client.HTTPException):
        return False


def mails_with(folder: Path, text: str) -> Counter[str]:
    """How many mails each recipient got whose raw text has ``text``."""
    found: Counter[str] = Counter()
    for path in (folder / "mailbox").rglob("*"):
        if path.is_file() and text in (content := path.read_text("utf-8", "replace")):
            found[parseaddr(message_from_string(content)["To"])[1]] += 1
    return found


def eventually(product: Product, accepted: set[str]) -> Counter[str]:
    """The confirmations in the mailbox, once each accepted application has one."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        mails = mails_with(product.folder, "/applications/")
        if accepted <= set(mails):
            break
        time.sleep(0.2)
    return mails


def test_a_kill_at_any_instant_loses_nothing_accepted_and_repeats_no_mail(folder: Path) -> None:
    chance = random.Random(34)
    port = free_port()
    url = f"http://localhost:{port}"
    accepted: set[str] = set()
    for attempt in range(4):
        process = start_product(folder, port)
        process.wait_for_line("is ready at", timeout=60)
        killer = threading.Timer(chance.uniform(0.3, 1.5), process.kill)
        killer.start()
        number = 0
        while process.running:
            name = f"Commune {attempt} {number}"
            if apply(url, name):
                accepted.add(f"{name.lower().replace(' ', '-')}@example.org")
            number += 1
        killer.join()
    assert accepted
    with run_product(folder) as product:
        mails = eventually(product, accepted)
        time.sleep(1)
        mails = mails_with(folder, "/applications/")
    sent = {address: number for address, number in mails.items() if address.startswith("commune-")}
    assert accepted <= set(sent), "an accepted application has no confirmation"
    assert set(sent.values()) == {1}, "a confirmation was sent twice"
    assert stored_addresses(folder) == set(sent), "a confirmation without its application, or the reverse"


def stored_addresses(folder: Path) -> set[str]:
    runtime = Runtime.start(
        load_service("enrolment"), embedded_settings("enrolment", folder, 8000, demo=False)
    )
    with runtime.read() as session:
        addresses = session.scalars(
            select(organisations.c.email).where(organisations.c.kind == "buyer")
        ).all()
    runtime.database.close()
    return {address for address in addresses if address and address.startswith("commune-")}


def test_it_takes_little_memory(demonstration: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(demonstration, folder)
    with run_product(folder) as product:
        for path in ("/", "/sign-in", "/programmes/cesar", "/mailbox", "/api/openapi.json"):
            assert request(product.url, "GET", path)[0] == 200
        resident = sum(
            process.memory_info().rss
            for process in [
                psutil.Process(product.process.pid),
                *psutil.Process(product.process.pid).children(True),
            ]
        )
        assert resident < 250 * 1024 * 1024


def test_without_the_demonstration_it_begins_empty(tmp_path: Path) -> None:
    with run_product(tmp_path / "new", DEMO="0") as product:
        status, page = request(product.url, "GET", "/")
        assert status == 200
        assert "programme" in page and "C.E.S.A.R." not in page


def test_two_signals_stop_it_once(demonstration: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(demonstration, folder)
    with run_product(folder) as product:
        product.process.signal(signal.SIGTERM)
        product.process.signal(signal.SIGINT)
        assert product.process.wait(30) == 0
        assert "Traceback" not in product.process.output


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_port_in_use_is_one_sentence(tmp_path: Path, taken_port: int) -> None:
    with start_product(tmp_path / "data", taken_port, DEMO="0") as process:
        assert process.wait() == 1
        assert f"Port {taken_port} cannot be used" in process.output
        assert "Traceback" not in process.output


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with start_product(tmp_path / "file" / "data", free_port(), DEMO="0") as process:
        assert process.wait() == 1
        assert "cannot be written" in process.output and "Traceback" not in process.output


def test_a_second_product_on_one_folder_is_one_sentence(tmp_path: Path) -> None:
    with (
        run_product(tmp_path / "data", DEMO="0"),
        start_product(tmp_path / "data", free_port(), DEMO="0") as second,
    ):
        assert second.wait() == 1
        assert "Another Cesar is running" in second.output


def test_a_wrong_setting_stops_the_start_with_a_sentence_that_names_it(tmp_path: Path) -> None:
    with start_product(tmp_path / "data", free_port(), DEMO="0", CESAR_BATCH_SIZE="many") as process:
        assert process.wait() == 1
        assert "CESAR_BATCH_SIZE has to be a whole number" in process.output


def test_a_service_that_is_not_set_up_names_each_missing_setting() -> None:
    with cesar("web", "enrolment") as process:
        assert process.wait() == 1
        for name in ("CESAR_ENROLMENT_DATABASE_URL", "CESAR_AMQP_URI", "CESAR_SESSION_PUBLIC_KEY"):
            assert f"{name} is not set" in process.output
        assert "Traceback" not in process.output


def test_an_unknown_service_is_one_sentence() -> None:
    with cesar("worker", "enrollment") as process:
        assert process.wait() == 1
        assert "There is no service “enrollment” here" in process.output
