"""Traces: one click followed through every service, to the mail in which it ends.

Work hands its place in a trace on as the ``traceparent`` of its context, which requests and events carry. A
service that no collector was named for (``CESAR_TRACES_URL``) hands on what it was given and does nothing
else; OpenTelemetry is not even imported then.

Source of the attributes' names: OpenTelemetry's semantic conventions for HTTP, messaging and CloudEvents.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

import orjson

from services.chassis.context import WorkContext, current_context, work_context
from services.chassis.events import Event
from services.chassis.release import RELEASE
from services.chassis.traceparent import TraceParent, read_traceparent

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.trace import Span, Tracer

# How long the collector has to take a batch of spans, and how long the end of a process waits, in seconds.
_PATIENCE = 5.0
_LAST_WORDS = 3.0
# So few that writing them down, 5 ms, holds no other green thread up.
_AT_ONCE = 128
_FIRST_ERROR_OF_OURS = 500

_tracers: dict[str, Tracer] = {}
_processors: list[BatchSpanProcessor] = []


def start_tracing(url: str, services: Iterable[str]) -> None:
    """From now on have what these services do in this process sent to the collector at ``url`` (OTLP/HTTP).

    Spans are sent by a thread of its own, in batches; what a collector does not take in time is lost. An
    empty address leaves traces off.
    """
    if not url:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    # One line for each batch that is lost is enough, without one for each try and each span.
    logging.getLogger("opentelemetry").setLevel(logging.ERROR)
    exporter = OTLPSpanExporter(endpoint=_traces_endpoint(url), timeout=_PATIENCE)
    processor = BatchSpanProcessor(exporter, max_export_batch_size=_AT_ONCE)
    _processors.append(processor)
    for service in services:
        about = {"service.namespace": "cesar", "service.name": service, "service.version": RELEASE}
        provider = TracerProvider(resource=Resource.create(about), shutdown_on_exit=False)
        provider.add_span_processor(processor)
        _tracers[service] = provider.get_tracer("cesar", RELEASE)


def stop_tracing() -> None:
    """Send what is still to be sent, as far as the collector takes it at once."""
    _tracers.clear()
    while _processors:
        # The library's own patience is longer than that of whoever stops us.
        ending = threading.Thread(target=_processors.pop().shutdown, daemon=True)
        ending.start()
        ending.join(_LAST_WORDS)


@contextmanager
def span(service: str, name: str, kind: str, attributes: Mapping[str, Any]) -> Iterator[Span | None]:
    """The block is a part of the work under way with a beginning, an end and perhaps an error of its own.

    ``kind`` is one of OpenTelemetry's: server, client, producer, consumer or internal. None is given when
    there are no traces.
    """
    if (tracer := _tracers.get(service)) is None:
        yield None
        return
    context = current_context()
    begun = _begin(tracer, name, kind, context.traceparent, attributes)
    try:
        with work_context(replace(context, traceparent=_traceparent(begun))):
            yield begun
    except Exception as error:
        # Not its text: what databases and mail servers say quotes people's data. The log has it.
        _note_failure(begun, type(error).__name__)
        raise
    finally:
        begun.end()


def note_status(request: Span | None, status: int) -> None:
    """How a request was answered, if it is a span at all."""
    if request is not None:
        request.set_attribute("http.response.status_code", status)
        if status >= _FIRST_ERROR_OF_OURS:
            _note_failure(request, f"HTTP {status}")


def handling(service: str, event: Event, *, replaying: bool) -> AbstractContextManager[object]:
    """The block is a service's work on an event; a past that is replayed is nothing new in its trace."""
    context = WorkContext(event.correlation_id, causation_id=event.id, traceparent=event.traceparent)
    if replaying or not is_tracing(service):
        return work_context(context)
    return _handling(service, event, context)


def recorded(event: Event) -> Event:
    """The event as it is to be told: what it sets off is a part of its own in the trace."""
    if (tracer := _tracers.get(event.source)) is None:
        return event
    creation = _begin(tracer, f"create {event.type}", "producer", event.traceparent, _about(event))
    creation.end()
    return replace(event, traceparent=_traceparent(creation))


def note_sent(service: str, message_id: UUID, event_type: str, body: bytes, begun: int) -> None:
    """An event that left at ``begun`` (nanoseconds since 1970) has arrived at the broker."""
    if (tracer := _tracers.get(service)) is None:
        return
    about = {"messaging.operation.type": "send", "messaging.message.id": str(message_id)}
    parent = orjson.loads(body).get("traceparent")
    _begin(tracer, f"send {event_type}", "producer", parent, about, begun).end()


def is_tracing(service: str) -> bool:
    return service in _tracers


@contextmanager
def _handling(service: str, event: Event, context: WorkContext) -> Iterator[None]:
    about = {"messaging.operation.type": "process", **_about(event)}
    with work_context(context), span(service, f"process {event.type}", "consumer", about):
        yield


def _begin(
    tracer: Tracer,
    name: str,
    kind: str,
    parent: str | None,
    attributes: Mapping[str, Any],
    begun: int | None = None,
) -> Span:
    """``begun``: nanoseconds since 1970, now by default."""
    from opentelemetry.trace import SpanKind

    return tracer.start_span(
        name, _parent_context(parent), SpanKind[kind.upper()], dict(attributes), start_time=begun
    )


def _parent_context(traceparent: str | None) -> Context:
    from opentelemetry.context import Context
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    parent = read_traceparent(traceparent) if traceparent else None
    if parent is None:
        return Context()
    flags = TraceFlags(int(parent.flags, 16))
    remote = SpanContext(int(parent.trace_id, 16), int(parent.span_id, 16), True, flags)
    return set_span_in_context(NonRecordingSpan(remote), Context())


def _traceparent(begun: Span) -> str:
    context = begun.get_span_context()
    return str(
        TraceParent(f"{context.trace_id:032x}", f"{context.span_id:016x}", f"{context.trace_flags:02x}")
    )


def _note_failure(failed: Span, reason: str) -> None:
    from opentelemetry.trace import Status, StatusCode

    failed.set_status(Status(StatusCode.ERROR, reason))


def _about(event: Event) -> dict[str, str]:
    return {
        "cloudevents.event_id": str(event.id),
        "cloudevents.event_source": event.source,
        "cloudevents.event_type": event.type,
        "cloudevents.event_subject": str(event.subject),
        "messaging.message.conversation_id": str(event.correlation_id),
    }


def _traces_endpoint(url: str) -> str:
    """The collector's address for traces: its base is enough, as OTLP/HTTP defines the rest."""
    return url.rstrip("/") + "/v1/traces" if urlsplit(url).path.strip("/") == "" else url
