"""A proxy that is started, and services at work behind it."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from deploy.installation import SERVICES
from tests.integration.servers.laid_proxy import Echo, Proxy, laid_proxy
from tests.support.laid_out import short_folder
from tests.support.name_server import name_server


@pytest.fixture
def waiting() -> Iterator[tuple[threading.Event, threading.Event]]:
    """Events of a service at work: it was asked; it may answer."""
    Echo.asked.clear()
    Echo.may_answer.clear()
    yield Echo.asked, Echo.may_answer
    Echo.may_answer.set()


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """Started, before one container of each service, at 127.0.1.1 and so on in the order of SERVICES."""
    with short_folder() as folder, ExitStack() as running:
        laid = laid_proxy(folder, requests_per_second=1000, upload=2**20)
        for number, service in enumerate(SERVICES, start=1):
            laid.addresses[f"{service}-web"] = [f"127.0.1.{number}"]
            running.enter_context(laid.container(f"127.0.1.{number}"))
        running.enter_context(name_server(laid.addresses, laid.names))
        running.enter_context(laid.start())
        yield laid
