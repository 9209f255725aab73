"""What a service does when it hears of an event: the registry of its reactions.

Readers are tolerant: a reaction names the fields that it needs in a schema of its own and ignores the
rest, so that a producer may add fields whenever it likes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marshmallow import EXCLUDE, Schema, ValidationError

from services.chassis.errors import UnreadableEvent
from services.chassis.events import Event

if TYPE_CHECKING:
    from services.chassis.unit_of_work import UnitOfWork

React = Callable[[Event, "UnitOfWork"], None]
Upcast = Callable[[dict[str, Any]], dict[str, Any]]


class TolerantSchema(Schema):
    """Base of what a consumer reads of an event: fields that it does not name are ignored."""

    class Meta:
        unknown = EXCLUDE


@dataclass(frozen=True)
class Reaction:
    """One function for one event type, with the version of the contract that it was written for."""

    event_type: str
    version: int
    reads: Schema
    react: React


class Reactions:
    """All reactions of one service."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._by_type: dict[str, list[Reaction]] = {}
        self._upcasts: dict[tuple[str, int], Upcast] = {}

    def on(self, *event_types: str, version: int = 1, reads: type[Schema]) -> Callable[[React], React]:
        """Function decorator: call it with every event of these types, its data loaded by ``reads``."""

        def register(react: React) -> React:
            for event_type in event_types:
                reaction = Reaction(event_type, version, reads(), react)
                self._by_type.setdefault(event_type, []).append(reaction)
            return react

        return register

    def upcast(self, event_type: str, *, from_version: int) -> Callable[[Upcast], Upcast]:
        """Function decorator: turns the data of ``from_version`` into those of the next version."""

        def register(upcast: Upcast) -> Upcast:
            self._upcasts[event_type, from_version] = upcast
            return upcast

        return register

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types that this service wants to hear of, in alphabetical order."""
        return tuple(sorted(self._by_type))

    def for_type(self, event_type: str) -> tuple[Reaction, ...]:
        return tuple(self._by_type.get(event_type, ()))

    def apply(self, event: Event, unit_of_work: UnitOfWork) -> bool:
        """Call every reaction to the event; false when this service has none.

        Raises UnreadableEvent for data that no reaction of this release can read, and whatever a
        reaction raises.
        """
        reactions = self._by_type.get(event.type, ())
        for reaction in reactions:
            reaction.react(event.with_data(self._read(event, reaction)), unit_of_work)
        return bool(reactions)

    def _read(self, event: Event, reaction: Reaction) -> dict[str, Any]:
        if event.version > reaction.version:
            raise UnreadableEvent(
                f"{event.type} has version {event.version}; this release of {self.service} "
                f"reads up to version {reaction.version}."
            )
        data = dict(event.data)
        for version in range(event.version, reaction.version):
            try:
                data = self._upcasts[event.type, version](data)
            except KeyError as error:
                raise UnreadableEvent(
                    f"Nothing turns {event.type} version {version} into {version + 1}."
                ) from error
        try:
            loaded: dict[str, Any] = reaction.reads.load(data)
        except ValidationError as error:
            raise UnreadableEvent(f"{event.type} v{event.version}: {error.messages}") from error
        return loaded
