"""What may go wrong with an event in a way that the retry policy has to know of."""

from __future__ import annotations


class PermanentFailure(Exception):
    """Trying again cannot help; a person has to look at it."""


class UnreadableEvent(PermanentFailure):
    """This release can never read the event: its data break the contract or are of a newer version."""


class Undeliverable(PermanentFailure):
    """The broker has delivered the message many times, and nobody ever acknowledged it."""
