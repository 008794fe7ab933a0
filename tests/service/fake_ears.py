"""Ears that hear what the test says, so that no model is loaded."""

from collections.abc import Awaitable, Callable

import numpy as np

from service.ears import Ears, Listening
from service.errors import Refused
from service.hearing import Heard
from speech import EngineStatus, Word
from vocabulary import SAMPLE_RATE_HZ, Clip


class FakeEars(Ears):
    """Takes the bytes b"say:<words>" for a recording of these words; b"silence" has none."""

    def __init__(self) -> None:
        self.heard = 0

    @property
    def engines(self) -> list[EngineStatus]:
        return [EngineStatus("speech to text", "fake", True, "real ears", "run: attune run")]

    @property
    def listening(self) -> Listening:
        return Listening(workers=1, ready=1, hearing=0, waiting=0, places=1)

    def warm(self) -> None:
        """Nothing to load."""

    async def listen(self, read: Callable[[], Awaitable[bytes]], *, whose: str, size_bytes: int | None) -> Heard:
        return await self.hear(await read(), whose=whose)

    async def hear(self, sound: bytes, *, whose: str = "") -> Heard:
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
