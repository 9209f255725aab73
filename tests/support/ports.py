"""Ports for servers that tests start."""

import os
import random
import socket
import time

# Below the range that the kernel takes client ports from: no connection can take one of ours in between.
_FIRST, _SHARE, _SHARES = 20_000, 3_000, 4
_given: set[int] = set()


def free_port() -> int:
    """A TCP port of the loopback address that nothing listens on, never given twice by one run.

    Processes that share out a run (pytest-xdist) take from shares of their own.
    """
    share = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _SHARES
    first = _FIRST + share * _SHARE
    for _ in range(1_000):
        port = random.randint(first, first + _SHARE - 1)
        if port in _given:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError("No port is free on this machine.")


def listens(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def wait_until_free(port: int, timeout: float = 10) -> None:
    """Wait until nothing listens there any more."""
    deadline = time.monotonic() + timeout
    while listens(port):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Port {port} is still in use after {timeout:g} s.")
        time.sleep(0.02)
