"""Ears that hear what the test says, so that no model is loaded."""

import numpy as np

from service.ears import Ears
from service.errors import Refused
from service.hearing import Heard
from speech import Word
from vocabulary import SAMPLE_RATE_HZ, Clip


class FakeEars(Ears):
    """Takes the bytes b"say:<words>" for a recording of these words; b"silence" has none."""

    def __init__(self) -> None:
        self.heard = 0

    @property
    def engine(self) -> str:
        return "fake"

    async def hear(self, sound: bytes) -> Heard:
        self.heard += 1
        if sound == b"silence":
            raise Refused("no_speech", "I could not hear any words.")
        words = sound.removeprefix(b"say:").decode()
        clip = Clip(np.zeros(SAMPLE_RATE_HZ, dtype=np.float32))
        return Heard(
            clip=clip, text=words, words=tuple(Word(word) for word in words.split()), engine="fake", duration_ms=1
        )

    def close(self) -> None:
        """Nothing to close."""
