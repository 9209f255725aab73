"""Where the paths of each service begin."""

from __future__ import annotations

ROOT_SERVICE = "enrolment"


def service_prefix(service_name: str) -> str:
    """``""`` for enrolment, ``"/<name>"`` for every other."""
    return "" if service_name == ROOT_SERVICE else f"/{service_name}"
