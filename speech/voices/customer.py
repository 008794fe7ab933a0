"""Which of several speakers is the customer."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from speech.voices.turns import SpeakerTurn
from vocabulary import SAMPLE_RATE_HZ, Clip

# Two who speak about as long as each other are told apart by loudness: nearest to the microphone.
_ABOUT_AS_LONG = 0.8
# Shorter stretches of one voice hold no syllable.
_LEAST_S = 0.1
# With this little of the customer's own voice left, nothing can be judged (emotion.VoiceScorer wants half a second).
_LEAST_TOTAL_S = 0.5


def customer_segments(clip: Clip, turns: Sequence[SpeakerTurn]) -> tuple[tuple[float, float], ...]:
    """(start_s, end_s) of the spans in which the customer alone speaks, in order; empty if there is no telling.

    The customer is who speaks longest; among those who speak at least 80 % as long, who is loudest, taken as nearest
    to the microphone. Spans in which anybody else speaks as well are left out. The doubt: a customer who lets another
    person do the talking is taken for the other (docs/decisions/0073-diarization-process.md).
    """
    spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for turn in turns:
        start, end = max(0.0, turn.start_s), min(clip.seconds, turn.end_s)
        if end > start:
            spans[turn.speaker].append((start, end))
    if not spans:
        return ()
    alone = {name: _without(own, [s for other, s in spans.items() if other != name]) for name, own in spans.items()}
    seconds = {name: _total(own) for name, own in spans.items()}
    longest = max(seconds.values())
    candidates = [name for name in spans if seconds[name] >= _ABOUT_AS_LONG * longest]
    customer = max(candidates, key=lambda name: (_power(clip, alone[name]), seconds[name], name))
    kept = tuple(span for span in alone[customer] if span[1] - span[0] >= _LEAST_S)
    return kept if _total(list(kept)) >= _LEAST_TOTAL_S else ()


def _without(own: list[tuple[float, float]], others: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """The spans, joined and in order, less those of the others."""
    left: list[tuple[float, float]] = []
    for start, end in sorted(own):
        if left and start <= left[-1][1]:
            left[-1] = (left[-1][0], max(end, left[-1][1]))
        else:
            left.append((start, end))
    for taken_start, taken_end in (span for spans in others for span in spans):
        rest = []
        for start, end in left:
            if taken_end <= start or taken_start >= end:
                rest.append((start, end))
                continue
            if start < taken_start:
                rest.append((start, taken_start))
            if taken_end < end:
                rest.append((taken_end, end))
        left = rest
    return left


def _total(spans: list[tuple[float, float]]) -> float:
    return sum(end - start for start, end in _without(spans, []))


def _power(clip: Clip, spans: list[tuple[float, float]]) -> float:
    """Mean square of the samples in the spans; 0 without any."""
    parts = [clip.samples[round(a * SAMPLE_RATE_HZ) : round(b * SAMPLE_RATE_HZ)] for a, b in spans]
    samples = np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
    return float(np.mean(np.square(samples, dtype=np.float64))) if samples.size else 0.0
