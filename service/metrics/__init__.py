"""Figures of the running process: for Prometheus to fetch, and as OpenTelemetry spans. Never content, never an id."""

from service.metrics.figures import Metrics
from service.metrics.spans import Spans, StageSpan, open_spans

__all__ = ["Metrics", "Spans", "StageSpan", "open_spans"]
