"""The customer's sound as it comes in: cut into frames, each with its time and how likely it is speech."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from speech import LiveActivity, samples_of
from vocabulary import SAMPLE_RATE_HZ

# No sound for so long: the microphone is muted, or the line stands still. What is said after it is another time.
_GAP_S: Final = 0.6
# How far the sound's own clock may be ahead of ours after a burst of packets.
_AHEAD_S: Final = 1.0


class Incoming:
    """One call's. end: up to when sound has come in, on the caller's clock; None before the first and after lost()."""

    def __init__(self) -> None:
        self.end: float | None = None
        self._activity = LiveActivity()
        self._rest = 0

    def lost(self) -> None:
        """The line is gone; what comes next stands for itself."""
        self.end = None

    def takes(self, pcm: bytes, now: float) -> bool:
        """Whether this is no more than can have been spoken until now."""
        return self._begins_anew(pcm, now) or self.end is None or self.end <= now + _AHEAD_S

    def frames(self, pcm: bytes, now: float) -> list[tuple[NDArray[np.float32], float, float]]:
        """(samples, their end in seconds, probability of speech in [0, 1]) of 16-bit sound at 16 kHz."""
        samples = samples_of(pcm)
        if self._begins_anew(pcm, now) or self.end is None:
            self._activity.reset()
            self._rest = 0
            self.end = now - samples.size / SAMPLE_RATE_HZ
        at = self.end - self._rest / SAMPLE_RATE_HZ
        self.end += samples.size / SAMPLE_RATE_HZ
        frames = self._activity.feed(samples)
        self._rest += samples.size - sum(frame.size for frame, _ in frames)
        timed = []
        for frame, probability in frames:
            at += frame.size / SAMPLE_RATE_HZ
            timed.append((frame, at, probability))
        return timed

    def _begins_anew(self, pcm: bytes, now: float) -> bool:
        return self.end is None or now - self.end - len(pcm) // 2 / SAMPLE_RATE_HZ > _GAP_S
