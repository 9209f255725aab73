"""Plain HTTP requests, as the scripts and probes of an operator make them."""

import http.client
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: Mapping[str, str]


def get(url: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Raises OSError or HTTPException when there is no answer."""
    return _ask("GET", url, None, headers or {})


def post(url: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
    """Send a form from a page of the same site. Raises OSError or HTTPException when there is no answer."""
    content = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    return _ask("POST", url, urlencode(form), {**content, **(headers or {})})


def _ask(method: str, url: str, body: str | None, headers: Mapping[str, str]) -> Answer:
    address = urlsplit(url)
    with closing(http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)) as connection:
        connection.request(method, address.path or "/", body, dict(headers))
        answer = connection.getresponse()
        return Answer(answer.status, answer.read().decode(), dict(answer.getheaders()))
