"""The proxy of the tests passes on, delays, falls silent and cuts."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.support.proxy import Proxy, proxy_to


@pytest.fixture
def echo() -> Iterator[int]:
    """A server that says again what it hears: its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(client,), daemon=True).start()

        def answer(client: socket.socket) -> None:
            with client:
                while data := client.recv(1000):
                    client.sendall(data)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


@pytest.fixture
def proxy(echo: int) -> Iterator[Proxy]:
    with proxy_to(echo) as proxy:
        yield proxy


def client_of(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=5)


def ask(client: socket.socket, words: bytes, timeout: float = 5) -> bytes:
    client.settimeout(timeout)
    client.sendall(words)
    return client.recv(1000)


def test_it_passes_on_both_ways(proxy: Proxy) -> None:
    with client_of(proxy) as client:
        assert ask(client, b"hello") == b"hello"
        assert proxy.connections == 1


def test_it_delays_both_ways(proxy: Proxy) -> None:
    with client_of(proxy) as client:
        proxy.delay = 0.1
        begun = time.monotonic()
        assert ask(client, b"hello") == b"hello"
        assert time.monotonic() - begun >= 0.2


def test_a_silent_connection_stays_open_and_says_nothing_while_new_ones_speak(proxy: Proxy) -> None:
    with client_of(proxy) as old:
        assert ask(old, b"hello") == b"hello"
        assert proxy.silence() == 1
        with pytest.raises(TimeoutError):
            ask(old, b"are you there?", timeout=0.3)
        with client_of(proxy) as new:
            assert ask(new, b"hello") == b"hello"
        with pytest.raises(TimeoutError):
            old.recv(1000)


def test_it_swallows_new_connections(proxy: Proxy) -> None:
    proxy.swallows = True
    with client_of(proxy) as client, pytest.raises(TimeoutError):
        ask(client, b"hello", timeout=0.3)


def test_it_cuts(proxy: Proxy) -> None:
    with client_of(proxy) as client:
        assert ask(client, b"hello") == b"hello"
        proxy.cut()
        with pytest.raises(ConnectionError):
            while True:
                ask(client, b"hello")
