"""An engine that says what the test wants, and remembers what it was given."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from speech.recognition.transcript import Hints, Passage

Say = Callable[[NDArray[np.float32]], list[Passage]]


class FakeEngine:
    """say: from the chunk's samples to passages. given: the lengths of the chunks, in seconds."""

    name = "fake"

    def __init__(self, say: Say, *, longest_s: float = 30.0) -> None:
        self._say = say
        self.longest_s = longest_s
        self.given: list[float] = []

    def recognise(self, samples: NDArray[np.float32], hints: Hints) -> Iterator[Passage]:
        self.given.append(round(samples.size / 16_000, 1))
        yield from self._say(samples)
