"""A publisher that also notes in the traces how long each event was on its way to the broker."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from services.chassis.outbox import Answer, Message, Publisher
from services.chassis.tracing import is_tracing, note_sent


def traced(publisher: Publisher, service: str) -> Publisher:
    """The publisher with traces; the same one when this service has none."""
    return _TracedPublisher(publisher, service) if is_tracing(service) else publisher


class _TracedPublisher:
    def __init__(self, publisher: Publisher, service: str) -> None:
        self._publisher = publisher
        self._service = service

    def send(self, messages: Sequence[Message]) -> Answer:
        begun = time.time_ns()
        answer = self._publisher.send(messages)

        def noted_answer() -> Mapping[int, str]:
            refused = answer()
            for index, message in enumerate(messages):
                # What is sent to one consumer is a replay.
                if index not in refused and message.consumer is None:
                    note_sent(self._service, message.event_id, message.type, message.body, begun)
            return refused

        return noted_answer

    def waiting(self, consumer: str) -> int:
        return self._publisher.waiting(consumer)

    def close(self) -> None:
        self._publisher.close()
