"""How long the attendance of a closed workshop can be corrected: ``data/attendance.yaml`` says it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

import yaml


def correctable_until(closed_at: datetime) -> datetime:
    """From then on the attendance of a workshop that was closed at that moment is final."""
    return closed_at + _period()


@cache
def _period() -> timedelta:
    text = (files("services.enrolment") / "data" / "attendance.yaml").read_text("utf-8")
    return timedelta(days=yaml.safe_load(text)["correction"]["days"])
