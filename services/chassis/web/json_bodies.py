"""What no body of the JSON API may hold, whatever its schema says."""

from __future__ import annotations

import re

from flask import request

from services.chassis.model import DomainError

# The one way to write it in JSON, after no backslash that makes it plain letters. Forms leave it out.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def refuse_unstorable_text() -> None:
    """Before each request. Raises DomainError for the character NUL, which PostgreSQL keeps in no text."""
    if request.is_json and _NUL.search(request.get_data()):
        raise DomainError("A text cannot hold the character U+0000.")
