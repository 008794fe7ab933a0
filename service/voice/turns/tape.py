"""The customer's last sounds, to be cut by time. They live in memory only, and die with their turn."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from vocabulary import SAMPLE_RATE_HZ


class Tape:
    """Blocks of sound with the time of each. keep_s: how far back cut() reaches."""

    def __init__(self, keep_s: float) -> None:
        self._keep_s = keep_s
        self._blocks: deque[tuple[float, NDArray[np.float32]]] = deque()

    def add(self, samples: NDArray[np.float32], at: float) -> None:
        """samples: (n_samples,) at 16 kHz. at: when the last of them sounded, in seconds."""
        self._blocks.append((at - samples.size / SAMPLE_RATE_HZ, samples))
        self.forget(at - self._keep_s)

    def cut(self, start: float, end: float) -> NDArray[np.float32]:
        """What sounded from start to end, (n_samples,); time that no block covers is left out."""
        parts = []
        for began, samples in self._blocks:
            first = max(0, round((start - began) * SAMPLE_RATE_HZ))
            stop = min(samples.size, round((end - began) * SAMPLE_RATE_HZ))
            if first < stop:
                parts.append(samples[first:stop])
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)

    def track(self, start: float, end: float) -> NDArray[np.float32]:
        """As cut(), but every sample at its own time: silence where no block is. Shape ((end - start) * 16000,)."""
        found = np.zeros(max(0, round((end - start) * SAMPLE_RATE_HZ)), dtype=np.float32)
        for began, samples in self._blocks:
            place = round((began - start) * SAMPLE_RATE_HZ)
            first, stop = max(0, -place), min(samples.size, found.size - place)
            if first < stop:
                found[place + first : place + stop] = samples[first:stop]
        return found

    def forget(self, before: float) -> None:
        """Forget what sounded before a time."""
        while self._blocks and self._blocks[0][0] < before:
            self._blocks.popleft()
