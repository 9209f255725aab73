"""Callers who use an installation all the time, from outside, and remember what they were promised."""

from __future__ import annotations

import http.client
import itertools
import json
import ssl
import threading
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit
from uuid import uuid4

from services.console.demo.synthetic_siret import synthetic_siret

# What callers look at between two invitations: a page or a document of every service, for everybody.
LOOKED_AT = (
    "/",
    "/assessment/api/asyncapi.json",
    "/notifications/api/asyncapi.json",
    "/reporting/api/asyncapi.json",
)
_NUMBERS = itertools.count(1)


@dataclass
class Traffic(AbstractContextManager["Traffic"]):
    """While inside, ``callers`` invite suppliers by the API and look at pages, ``pause`` seconds apart.

    ``accepted`` are the suppliers that the product said it has; ``failures`` everything that a caller would
    call one: a refused or lost connection, an answer that takes more than 30 seconds, a status from 500 on.
    A caller sends what failed once more with the same SIRET, as a person would.
    """

    url: str
    token: str
    callers: int = 3
    pause: float = 0.15
    accepted: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    requests: int = 0
    seconds: float = 0

    def __enter__(self) -> Self:
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._threads = [
            threading.Thread(target=self._call, args=(number,), name=f"caller {number}")
            for number in range(self.callers)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()
        self.seconds = time.monotonic() - self._begun

    def wait_for(self, more: int, timeout: float = 120) -> None:
        """Go on until this many more suppliers have been accepted. Raises AssertionError."""
        goal, deadline = len(self.accepted) + more, time.monotonic() + timeout
        while len(self.accepted) < goal:
            assert time.monotonic() < deadline, f"{goal - len(self.accepted)} short after {timeout:g} s."
            time.sleep(0.1)

    def _call(self, number: int) -> None:
        caller = _Caller(self.url, self.token)
        for turn in itertools.count():
            if self._ending.is_set():
                break
            siret = synthetic_siret(next(_NUMBERS))
            for attempt in ("first", "second"):
                answer = self._ask(caller, "POST", "/api/suppliers", _invitation(siret))
                if answer is None:
                    continue
                status, body = answer
                if status == 201:
                    with self._lock:
                        self.accepted.add(json.loads(body)["id"])
                elif not (attempt == "second" and status == 409):
                    self._fail(f"POST /api/suppliers: {status} {body[:200]!r}")
                break
            self._ask(caller, "GET", LOOKED_AT[(turn + number) % len(LOOKED_AT)])
            self._ending.wait(self.pause)
        caller.close()

    def _ask(self, caller: _Caller, method: str, path: str, body: object = None) -> tuple[int, bytes] | None:
        with self._lock:
            self.requests += 1
        try:
            status, content = caller.ask(method, path, body)
        except (OSError, http.client.HTTPException) as error:
            caller.close()
            self._fail(f"{method} {path}: {type(error).__name__} {error}")
            return None
        if status >= 500:
            self._fail(f"{method} {path}: {status}")
            return None
        return status, content

    def _fail(self, what: str) -> None:
        with self._lock:
            self.failures.append(f"{time.monotonic() - self._begun:.1f} s: {what}")


class _Caller:
    """A program with one connection, which it keeps."""

    def __init__(self, url: str, token: str) -> None:
        address = urlsplit(url)
        # The certificate of a test signs itself.
        trust = ssl._create_unverified_context()
        self._connection = http.client.HTTPSConnection(
            address.hostname or "", address.port, timeout=30, context=trust
        )
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: object) -> tuple[int, bytes]:
        self._connection.request(method, path, None if body is None else json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        self._connection.close()


def _invitation(siret: str) -> dict[str, str]:
    name = uuid4().hex[:12]
    return {
        "organisation_name": f"Les Jardins de {name}",
        "siret": siret,
        "contact_name": "Aimé Ferrières",
        "contact_email": f"{name}@jardins.example",
    }
