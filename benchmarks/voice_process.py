"""A voice process whose recogniser answers at once: `python -m benchmarks.voice_process`, for what the rest costs."""

import asyncio
from collections.abc import Awaitable, Callable

from service.ears import Listening
from service.hearing import Heard
from speech import EngineStatus, Word, decode

WORDS = "where is my order please"


class InstantEars:
    """Has the shape of Ears. Decodes what comes, as a worker would, and hears the same words each time."""

    @property
    def engines(self) -> list[EngineStatus]:
        """One that says what it is."""
        return [EngineStatus("speech to text", "stub of the bench", True, None, None)]

    @property
    def listening(self) -> Listening:
        """Never busy."""
        return Listening(workers=1, ready=1, hearing=0, waiting=0, places=1)

    def warm(self) -> None:
        """Nothing to load."""

    async def hear(self, sound: bytes, *, whose: str = "") -> Heard:
        """The words of any recording."""
        clip = await asyncio.to_thread(decode, sound)
        return Heard(clip, WORDS, tuple(Word(word, confidence=0.9) for word in WORDS.split()), "stub", 0)

    async def listen(self, read: Callable[[], Awaitable[bytes]], *, whose: str, size_bytes: int | None) -> Heard:
        """As hear()."""
        return await self.hear(await read(), whose=whose)

    def close(self) -> None:
        """Nothing to end."""
