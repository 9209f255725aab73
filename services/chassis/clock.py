"""The time, as something that can be handed over.

Code that needs the time takes a ``Clock``, so that tests and the demo can live on another day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
