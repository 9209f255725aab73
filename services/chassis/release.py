"""Which release of Cesar this code is."""

from __future__ import annotations

from importlib.metadata import version

RELEASE = version("cesar")
