"""Child processes that cannot outlive the tests: servers, workers and commands."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tests.support.ports import listens


class ProcessFailed(AssertionError):
    """A child process ended or stayed silent where it should not have; says what it printed."""


class Process:
    """A running command in a process group of its own, with every line that it printed.

    It is killed when the tests' own process dies, however that happens. A `with` stops it at the end.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        name: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: str | None = None,
    ) -> None:
        """Start `command`; `env` is added to this process's environment, `user` needs root."""
        self.name = name or Path(command[0]).name
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._child = subprocess.Popen(
            [*_leash(user), *map(str, command)],
            env={**os.environ, **(env or {})},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name=f"output of {self.name}", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.terminate()

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def running(self) -> bool:
        return self._child.poll() is None

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def wait_for_line(self, pattern: str, timeout: float = 30) -> re.Match[str]:
        """The first line, already printed or to come, that the regular expression is found in.

        Raises ProcessFailed when the process ends or the time (seconds) is over without one.
        """
        seen = 0
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                for line in self.lines[seen:]:
                    if match := re.search(pattern, line):
                        return match
                seen = len(self.lines)
                if not self._reader.is_alive():
                    raise self._failure(f"ended without a line like {pattern!r}")
                if not self._changed.wait(min(0.2, max(0.0, deadline - time.monotonic()))) and (
                    time.monotonic() > deadline
                ):
                    raise self._failure(f"printed no line like {pattern!r} in {timeout:g} s")

    def wait_for_port(self, port: int, timeout: float = 30) -> None:
        """Wait until something accepts connections on this port of the loopback address."""
        self.wait_until(lambda: listens(port), f"listen on port {port}", timeout)

    def wait_until(self, ready: Callable[[], bool], what: str, timeout: float = 30) -> None:
        """Wait until `ready()`; raises ProcessFailed when it ends or `timeout` seconds pass before."""
        deadline = time.monotonic() + timeout
        while not ready():
            if not self.running:
                raise self._failure(f"ended with {self._child.returncode} and did not {what}")
            if time.monotonic() > deadline:
                raise self._failure(f"did not {what} in {timeout:g} s")
            time.sleep(0.05)

    def wait(self, timeout: float = 30) -> int:
        """Wait for the end; the exit status, negative when a signal ended it."""
        try:
            status = self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            raise self._failure(f"still runs after {timeout:g} s") from None
        self._reader.join(5)
        return status

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process itself, as a supervisor would."""
        self._child.send_signal(number)

    def terminate(self, timeout: float = 20) -> int:
        """Ask it to stop, kill it if it has not after `timeout` seconds; the exit status."""
        self.signal(signal.SIGTERM)
        try:
            self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
        return self._end()

    def kill(self) -> int:
        """`kill -9` the process and everything it started, as a power cut would; the exit status."""
        victims = []
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            victims = [process, *process.children(recursive=True)]
        for victim in victims:
            with contextlib.suppress(psutil.NoSuchProcess):
                victim.kill()
        psutil.wait_procs(victims[1:], timeout=10)
        return self._end()

    def _end(self) -> int:
        # What it left behind in its group ends with it.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        status = self._child.wait(10)
        self._reader.join(5)
        return status

    def _read(self) -> None:
        assert self._child.stdout is not None
        with self._child.stdout as output:
            for line in output:
                with self._changed:
                    self.lines.append(line.rstrip("\n"))
                    self._changed.notify_all()

    def _failure(self, what: str) -> ProcessFailed:
        return ProcessFailed("\n".join([f"{self.name} {what}. Its last lines:", *self.lines[-40:]]))


def _leash(user: str | None) -> list[str]:
    """What to run a command under, so that it dies with us and, as root, belongs to another user."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise RuntimeError("The tests need setpriv, which is in Debian's package util-linux.")
    leash = [setpriv, "--pdeathsig", "KILL"]
    if user is not None:
        leash += ["--reuid", user, "--regid", user, "--init-groups"]
    return [*leash, "--"]
