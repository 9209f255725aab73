"""The locked libraries (``requirements/*.txt``) that one Python needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from packaging.requirements import Requirement

# A backslash at its end lets a line go on.
_GOES_ON = re.compile(r"\\\n\s*")


@dataclass(frozen=True)
class Pin:
    """One library at one version, and the hashes that its files may have."""

    name: str
    version: str
    hashes: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join([f"{self.name}=={self.version}", *(f"--hash={value}" for value in self.hashes)])


def pins_for(lock: str, markers: Mapping[str, str]) -> tuple[Pin, ...]:
    """Those of the lock's libraries that are needed where the markers (PEP 508) are so."""
    pins = []
    for line in _GOES_ON.sub(" ", lock).splitlines():
        text, *hashes = line.partition(" #")[0].split(" --hash=")
        if not text.strip() or text.startswith("#"):
            continue
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(dict(markers)):
            version = str(requirement.specifier).removeprefix("==")
            pins.append(Pin(requirement.name, version, tuple(value.strip() for value in hashes)))
    return tuple(pins)
