"""What is being read out, frame by frame: how far each sentence has got, silence at once, and going on from there.

Pure: no clock of its own, no tasks. One Playback for each call; the pipeline takes a frame of 20 ms from it at a time.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from vocabulary import SAMPLE_RATE_HZ

FRAME: Final = SAMPLE_RATE_HZ // 50
"""Samples of one frame: 20 ms."""
# A sentence goes on a little before the place where it fell silent, so that no syllable is lost.
_BACK: Final = int(0.15 * SAMPLE_RATE_HZ)

Progress = Literal["began", "ended", "broken_off", "resumed"]
Pcm = NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Spoken:
    """One sentence as sound. samples: int16 mono at 16 kHz, (n_samples,). pause_s: silence after it.

    index: its place among the sentences of its reply. last: no other follows. interruptible: the customer may break it
    off.
    """

    reply: str
    index: int
    samples: Pcm
    pause_s: float = 0.0
    last: bool = False
    interruptible: bool = True

    @property
    def seconds(self) -> float:
        """How long it sounds, without the pause."""
        return self.samples.size / SAMPLE_RATE_HZ


class Playback:
    """Sentences in order. told: hears (sentence, how far it has got, when), times as they are given to frame()."""

    def __init__(self, told: Callable[[Spoken, Progress, float], None]) -> None:
        self._told = told
        self._waiting: deque[Spoken] = deque()
        self._now: Spoken | None = None
        self._position = 0
        self._begun = False
        self._paused = False
        self._fading = False
        self._rising = False

    @property
    def current(self) -> Spoken | None:
        """The sentence that sounds, pauses, or is between its end and the end of its silence."""
        return self._now

    @property
    def paused(self) -> bool:
        """Whether it is silent with its place kept."""
        return self._paused

    @property
    def sentences_ahead(self) -> int:
        """Sentences that are ready and have not begun."""
        return len(self._waiting)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to be heard."""
        return self._now is None and not self._waiting

    def add(self, sentence: Spoken) -> None:
        """After everything that is there."""
        self._waiting.append(sentence)

    def frame(self, at: float) -> Pcm | None:
        """The next 20 ms, (320,); None while there is nothing to hear. at: when they leave."""
        if self._paused:
            return self._last_of_fade()
        if self._now is None:
            if not self._waiting:
                return None
            self._now, self._position, self._begun = self._waiting.popleft(), 0, False
        sentence = self._now
        if not self._begun:
            self._begun = True
            self._told(sentence, "began", at)
        taken = self._taken(sentence)
        if self._rising:
            self._rising = False
            taken = _faded(taken, rising=True)
        self._position += FRAME
        if self._position >= sentence.samples.size + int(sentence.pause_s * SAMPLE_RATE_HZ):
            self._now = None
            self._told(sentence, "ended", at)
        return taken

    def pause(self, at: float) -> bool:
        """Fall silent within this frame and keep the place; False if nothing sounds or it must be heard whole."""
        sentence = self._now
        if self._paused or sentence is None or not sentence.interruptible:
            return False
        self._paused = self._fading = True
        if self._begun:
            self._told(sentence, "broken_off", at)
        return True

    def resume(self, at: float) -> bool:
        """Go on from a little before the place; False if it was not paused."""
        if not self._paused:
            return False
        self._paused = self._fading = False
        if self._now is not None:
            self._position = max(0, min(self._position, self._now.samples.size) - _BACK)
            self._rising = self._position > 0
            if self._begun:
                self._told(self._now, "resumed", at)
        return True

    def cancel(self, at: float) -> str | None:
        """Drop what may be broken off; the reply whose sentence was broken off, if one was."""
        broken = None
        sentence = self._now
        if sentence is not None and sentence.interruptible:
            if self._begun:
                broken = sentence.reply
                if not self._paused:
                    self._told(sentence, "broken_off", at)
            self._now = None
            self._paused = self._fading = False
        self._waiting = deque(one for one in self._waiting if not one.interruptible)
        return broken

    def _taken(self, sentence: Spoken) -> Pcm:
        taken = sentence.samples[self._position : self._position + FRAME]
        if taken.size < FRAME:
            taken = np.concatenate([taken, np.zeros(FRAME - taken.size, dtype=np.int16)])
        return taken

    def _last_of_fade(self) -> Pcm | None:
        """One frame that ends in silence: a hard edge is heard as a click."""
        if not self._fading or self._now is None:
            return None
        self._fading = False
        return _faded(self._taken(self._now), rising=False)


def _faded(samples: Pcm, *, rising: bool) -> Pcm:
    slope = np.linspace(0.0, 1.0, FRAME // 4, dtype=np.float32)
    window = np.ones(FRAME, dtype=np.float32) if rising else np.zeros(FRAME, dtype=np.float32)
    window[: slope.size] = slope if rising else slope[::-1]
    return (samples * window).astype(np.int16)
