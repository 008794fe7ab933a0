"""A voice process whose recogniser answers at once: `python -m benchmarks.voice_process`, for what the rest costs."""

import asyncio
from typing import Final

import uvicorn

from privacy import configure_logging
from service import Settings
from service.hearing import Heard
from service.voice.app import create_app
from service.voice.pipeline import quieten
from speech import EngineStatus, Word, decode

WORDS: Final = "where is my order please"


class InstantEars:
    """Stands where Ears stands. Decodes what comes, as a worker would, and hears the same words each time."""

    @property
    def engines(self) -> list[EngineStatus]:
        """One that says what it is."""
        return [EngineStatus("speech to text", "stub of the bench", True, None, None)]

    def warm(self) -> None:
        """Nothing to load."""

    async def hear(self, sound: bytes, *, whose: str = "") -> Heard:
        """The words of any recording."""
        clip = await asyncio.to_thread(decode, sound)
        return Heard(clip, WORDS, tuple(Word(word, confidence=0.9) for word in WORDS.split()), "stub", 0)

    def close(self) -> None:
        """Nothing to end."""


def main() -> None:
    """Serve until stopped, as `python -m service.voice` does."""
    settings = Settings()
    configure_logging(settings.log_level)
    quieten()
    uvicorn.run(
        create_app(settings, ears=InstantEars()),
        host=settings.voice_host,
        port=settings.voice_port,
        loop="uvloop",
        log_config=None,
        access_log=False,
        ws_per_message_deflate=False,
    )


if __name__ == "__main__":
    main()
