"""The two ways in which a delivery fails. The text is what the other side said, for a person to read."""

from __future__ import annotations


class TemporaryFailure(Exception):
    """The mail was not taken, and may be later."""


class PermanentFailure(Exception):
    """The mail will never be taken as it is."""
