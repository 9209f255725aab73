"""One question to the register over HTTP."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
import requests
from marshmallow import ValidationError

from services.enrolment.company_register.company import Company, read_answer

# Seconds to connect, and between two pieces of the answer: somebody waits in front of a form.
_TIMEOUT = (2.0, 3.0)
_LONGEST_ANSWER = 5.0  # seconds, also when it drips in
_LARGEST_ANSWER = 1024 * 1024  # bytes; a real one has a few thousand
_LONGEST_REST = timedelta(hours=1)


@dataclass
class RegisterFailed(Exception):
    """It did not answer, or with nonsense. ``rest`` is for how long it asks to be left alone."""

    reason: str
    rest: timedelta | None = None


def ask(url: str, siret: str) -> Company | None:
    """What the register at ``url`` knows of this SIRET; None when nothing. Raises RegisterFailed."""
    try:
        with requests.get(
            f"{url.rstrip('/')}/search",
            params={"q": siret, "page": "1", "per_page": "1"},
            timeout=_TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code != 200:
                raise RegisterFailed(f"status {answer.status_code}", _rest(answer))
            return read_answer(_body(answer), siret)
    except requests.RequestException as error:
        raise RegisterFailed(type(error).__name__) from error
    except (ValueError, ValidationError) as error:
        raise RegisterFailed("an answer that is not in its format") from error


def _body(answer: requests.Response) -> Any:
    content = bytearray()
    begun = time.monotonic()
    for piece in answer.iter_content(4096):
        content += piece
        if len(content) > _LARGEST_ANSWER or time.monotonic() > begun + _LONGEST_ANSWER:
            raise ValueError("The answer is too long.")
    return orjson.loads(content)


def _rest(answer: requests.Response) -> timedelta | None:
    """Source: RFC 9110, Retry-After in seconds; a date is not used by this API."""
    after = answer.headers.get("Retry-After", "").strip()
    if not (after.isascii() and after.isdecimal() and len(after) < 9):
        return None
    return min(timedelta(seconds=int(after)), _LONGEST_REST)
