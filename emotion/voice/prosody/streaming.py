"""The same measures while the customer is still speaking."""

import numpy as np
from numpy.typing import NDArray

from emotion.voice.prosody.record import Prosody
from emotion.voice.prosody.span import MAX_FRAMES, Measured, Span
from vocabulary import Clip


class StreamingProsody:
    """Takes sound in pieces of any size; `finish()` gives what Prosody.of gives for the whole, to the last bit.

    Work is done as sound arrives, so that the end costs little. Memory: the last 20 s. One turn, one instance; not
    safe to share between threads.
    """

    def __init__(self) -> None:
        self._span = Span()
        self._closed: list[Measured] = []

    def feed(self, samples: NDArray[np.float32]) -> None:
        """Take the next samples: float32 mono in [-1, 1] at 16 kHz, finite, shape (n,), n from 0.

        Raises: ClipError.
        """
        self._span.feed(Clip(samples).samples)

    def end_span(self) -> None:
        """What comes next does not follow: others spoke, or the customer was not heard."""
        self._close()
        self._span = Span()

    def finish(self) -> Prosody | None:
        """The measures of all that was fed, its last 20 s; None where there is no sound in it."""
        self._close()
        return Prosody.from_spans(self._closed)

    def _close(self) -> None:
        if (figures := self._span.close()) is not None:
            self._closed.append(figures)
        while sum(span.n_frames for span in self._closed[1:]) >= MAX_FRAMES:
            self._closed.pop(0)
