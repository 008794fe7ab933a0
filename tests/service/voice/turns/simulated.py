"""A call on a simulated clock: steps of 32 ms with a probability of speech and sound that goes with it."""

from collections.abc import Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from service.voice.turns import Command, TranscribeSegment, TurnSettings, TurnTaker

STEP_S = 0.032
_Told = TypeVar("_Told")
_TIMEOUT = TurnSettings(strategy="timeout")


class Simulated:
    """A turn taker with its clock. told: every command so far, with the time at which it came."""

    def __init__(self, settings: TurnSettings = _TIMEOUT) -> None:
        self.taker = TurnTaker(settings)
        self.now = 0.0
        self.told: list[tuple[float, Command]] = []
        self._random = np.random.default_rng(5)

    def silence(self, seconds: float) -> None:
        self._sound(seconds, 0.02, 1e-4)

    def voice(self, seconds: float, probability: float = 0.95, *, level: float = 0.1) -> None:
        """Bright noise, which is no hum, believed to be a voice. level: its RMS."""
        self._sound(seconds, probability, level)

    def hum(self, seconds: float) -> None:
        """A low tone with two weak harmonics, as a closed mouth gives it."""
        for _ in range(round(seconds / STEP_S)):
            time = self.now + np.arange(512) / 16000
            tone = sum(a * np.sin(2 * np.pi * 140 * k * time) for k, a in ((1, 0.2), (2, 0.05), (3, 0.01)))
            self._step(np.asarray(tone, dtype=np.float32), 0.9)

    def says(self, text: str, *, seconds: float = 0.6, confidence: float | None = 0.95) -> None:
        """A voice, the pause after which it is recognised, and the recogniser's words for it 60 ms later."""
        self.voice(seconds)
        self.silence(0.26)
        self.hears(text, confidence)

    def hears(self, text: str, confidence: float | None = 0.95) -> None:
        """The recogniser's words for the last segment that it was given."""
        segment = self.last(TranscribeSegment).segment
        self.take(self.taker.segment_heard(segment, text, confidence, self.now))

    def take(self, commands: Iterable[Command]) -> None:
        self.told += [(self.now, command) for command in commands]

    def bot_speaks(self, **how: bool) -> None:
        self.take(self.taker.bot_began(self.now, **how))

    def all(self, kind: type[_Told]) -> list[_Told]:
        return [command for _, command in self.told if isinstance(command, kind)]

    def last(self, kind: type[_Told]) -> _Told:
        return self.all(kind)[-1]

    def when(self, kind: type[Command]) -> float:
        """When the last of this kind came."""
        return [at for at, command in self.told if isinstance(command, kind)][-1]

    def _sound(self, seconds: float, probability: float, level: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self._step((level * self._random.standard_normal(512)).astype(np.float32), probability)

    def _step(self, samples: NDArray[np.float32], probability: float) -> None:
        self.now += STEP_S
        self.take(self.taker.sound(samples, self.now, probability))
