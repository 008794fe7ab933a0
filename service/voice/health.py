"""What a voice process says about itself: in JSON for the web process, and as figures for Prometheus."""

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from service.voice.calls import Calls


def health(calls: Calls) -> dict[str, Any]:
    """calls, places: running, and how many there may be. engines: what hears and what speaks, in words."""
    room = calls.services.voice_room
    return {
        "status": "ok",
        "calls": len(calls),
        "places": calls.places,
        "voice": room.name,
        "engines": [
            {"capability": status.capability, "engine": status.engine, "in_use": status.in_use}
            for status in calls.services.ears.engines
        ],
    }


def metrics(calls: Calls) -> bytes:
    """The text format of Prometheus. No figure is of one call or one customer."""
    registry = CollectorRegistry()
    totals = calls.totals
    Gauge("attune_voice_calls", "Calls that run now", registry=registry).set(len(calls))
    Gauge("attune_voice_places", "Calls that may run at once", registry=registry).set(calls.places)
    for name, words, value in (
        ("begun", "Calls begun", totals.begun),
        ("refused", "Calls refused for want of a place", totals.refused),
        ("frames", "Frames of 20 ms with sound, of calls that have ended", totals.frames),
        ("late_frames", "Those of them that left late", totals.late),
    ):
        Counter(f"attune_voice_{name}", words, registry=registry).inc(value)
    ended = Counter("attune_voice_ended", "Calls ended, by reason", ["because"], registry=registry)
    for because, count in totals.ended.items():
        ended.labels(because=because).inc(count)
    return generate_latest(registry)
