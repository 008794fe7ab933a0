"""Turns as OpenTelemetry spans: a span for the turn, its stages as children. No content, no id of a person."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

log = logging.getLogger(__name__)

_NS: Final = 1_000_000_000


@dataclass(frozen=True)
class StageSpan:
    """One stage. began, ended: seconds after the turn's beginning, ended >= began."""

    name: str
    began: float
    ended: float
    attributes: Mapping[str, str | int | float | bool] = field(default_factory=dict)


class Spans:
    """Takes turns and leaves them: nobody has asked for spans."""

    def turn(
        self,
        name: str,
        began_at: float,
        stages: Sequence[StageSpan],
        attributes: Mapping[str, str | int | float | bool],
    ) -> None:
        """One turn that is over. began_at: time.time() of its beginning."""

    def close(self) -> None:
        """Send what waits."""


class ExportedSpans(Spans):
    """Sends them to a collector, in batches from a thread of its own; what cannot be sent is dropped."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("attune")

    def turn(
        self,
        name: str,
        began_at: float,
        stages: Sequence[StageSpan],
        attributes: Mapping[str, str | int | float | bool],
    ) -> None:
        from opentelemetry import trace

        start = int(began_at * _NS)
        span = self._tracer.start_span(name, start_time=start, attributes=dict(attributes))
        inside = trace.set_span_in_context(span)
        for stage in stages:
            child = self._tracer.start_span(
                stage.name, context=inside, start_time=start + int(stage.began * _NS), attributes=dict(stage.attributes)
            )
            child.end(start + int(max(stage.began, stage.ended) * _NS))
        last = max((stage.ended for stage in stages), default=0.0)
        span.end(start + int(last * _NS))

    def close(self) -> None:
        started = time.monotonic()
        self._provider.shutdown()
        log.info("spans sent", extra={"duration_ms": round((time.monotonic() - started) * 1000)})


def open_spans(endpoint: str, service: str, *, exporter: Any = None) -> Spans:
    """Spans that go to `endpoint` (OTLP over HTTP, as http://127.0.0.1:4318/v1/traces); without one they go nowhere.

    service: the name of this process. exporter: in place of the one for the endpoint; tests keep spans in memory.
    """
    if not endpoint and exporter is None:
        return Spans()
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

    # Not Resource.create(): it reads the environment and the machine's name.
    provider = TracerProvider(resource=Resource({"service.name": service}), shutdown_on_exit=False)
    if exporter is not None:
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        return ExportedSpans(provider)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=3)))
    return ExportedSpans(provider)
