"""How what belongs to a stack is found again in the engine: names, labels, fingerprints.

A fingerprint has one short digest for each aspect of a component, so that two of them tell not only whether
but in what they differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

STACK = "cesar.stack"
COMPONENT = "cesar.component"
IMAGE = "cesar.image"
FINGERPRINT = "cesar.fingerprint"


def full_name(stack: str, name: str) -> str:
    """The name in the engine, where several stacks may live, of what a stack calls ``name``."""
    return f"{stack}_{name}"


def of_stack(stack: str) -> dict[str, Any]:
    """The filter by which the engine lists what belongs to a stack."""
    return {"label": f"{STACK}={stack}"}


def of_component(stack: str, component: str) -> dict[str, Any]:
    """The filter by which the engine lists what belongs to a component of a stack."""
    return {"label": [f"{STACK}={stack}", f"{COMPONENT}={component}"]}


def fingerprint(aspects: Mapping[str, Any]) -> str:
    """Aspects are plain data; what is empty counts as not being there."""
    return " ".join(f"{aspect}:{_digest(value)}" for aspect, value in sorted(aspects.items()) if value)


def changed_aspects(old: str, new: str) -> tuple[str, ...]:
    """In what two fingerprints differ, in words."""
    before, after = _digests(old), _digests(new)
    changed = {aspect for aspect in before.keys() | after.keys() if before.get(aspect) != after.get(aspect)}
    return tuple(sorted(map(_words, changed)))


def _digest(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]


def _digests(text: str) -> dict[str, str]:
    return dict(part.split(":", 1) for part in text.split())


def _words(aspect: str) -> str:
    """Docker's “StopGracePeriod” is a stop grace period."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", aspect).lower()
