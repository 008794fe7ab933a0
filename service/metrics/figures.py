"""Counters and histograms of the web process, in Prometheus' text format."""

from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

_STAGE_S: Final = (0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.2, 1.6, 2.2, 3.0, 5.0, 10.0)
_TURN_S: Final = (0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 120.0)
# Labels come from a fixed set; a word from elsewhere must not make a series of its own.
_ENDINGS: Final = frozenset(
    {"asked", "bye", "elsewhere", "erased", "failed", "joined", "line_dropped", "not_connected", "shutdown"}
    | {"offer", "full", "signed_out", "too_long", "voice_down", "web_stopped"}
)
_OTHER: Final = "other"


class Metrics:
    """What has happened since this process started. Each application has its own registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self._calls = Gauge("attune_calls", "Calls that go on now.", ["transport"], registry=self.registry)
        self._begun = Counter("attune_calls_begun", "Calls begun.", ["transport"], registry=self.registry)
        self._ended = Counter("attune_calls_ended", "Calls ended, by reason.", ["because"], registry=self.registry)
        self._refused = Counter("attune_calls_refused", "Calls refused, by reason.", ["code"], registry=self.registry)
        self._frames = Counter("attune_call_frames", "Frames of 20 ms sent to customers.", registry=self.registry)
        self._late = Counter("attune_call_late_frames", "Those that left late.", registry=self.registry)
        self._not_heard = Counter(
            "attune_call_sounds_not_heard", "Sounds that became no turn, by reason.", ["code"], registry=self.registry
        )
        self._trouble = Counter(
            "attune_call_trouble", "Parts of a call that were out of order.", ["code"], registry=self.registry
        )
        self._stages = Histogram(
            "attune_call_stage_seconds",
            "From the customer's last sound to each stage of the turn.",
            ["stage"],
            buckets=_STAGE_S,
            registry=self.registry,
        )
        self._turns = Histogram(
            "attune_turn_seconds",
            "From the message's arrival to its stored answer.",
            ["kind", "outcome"],
            buckets=_TURN_S,
            registry=self.registry,
        )
        self._codes: set[str] = set()

    def call_begun(self, transport: str) -> None:
        """A call has begun."""
        self._begun.labels(transport).inc()
        self._calls.labels(transport).inc()

    def call_ended(self, transport: str, because: str, *, frames: int, late: int) -> None:
        """It has ended."""
        self._calls.labels(transport).dec()
        self._ended.labels(because if because in _ENDINGS else _OTHER).inc()
        self._frames.inc(max(0, frames))
        self._late.inc(max(0, late))

    def call_refused(self, code: str) -> None:
        """A call was not taken."""
        self._refused.labels(self._code(code)).inc()

    def not_heard(self, code: str) -> None:
        """A sound of a call became no turn."""
        self._not_heard.labels(self._code(code)).inc()

    def trouble(self, code: str) -> None:
        """A part of a call is out of order."""
        self._trouble.labels(self._code(code)).inc()

    def stages(self, stages: Mapping[str, float]) -> None:
        """The stages of one spoken turn of a call, in seconds after the customer's last sound."""
        for name, seconds in stages.items():
            self._stages.labels(name).observe(max(0.0, seconds))

    def turn(self, kind: str, outcome: str, seconds: float) -> None:
        """A message was answered. kind: typed or spoken. outcome: answered or failed."""
        self._turns.labels(kind, outcome).observe(max(0.0, seconds))

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)

    def _code(self, code: str) -> str:
        """The code, as long as there are few of them."""
        if len(self._codes) < 40:
            self._codes.add(code[:40])
        return code[:40] if code[:40] in self._codes else _OTHER
