"""The words of a call's segments, through the worker processes that all calls share."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from service.calls import wire
from service.errors import Refused, Unavailable
from service.hearing import Heard
from service.voice.turns import TranscribeSegment
from speech import EngineStatus, pcm_of, wav_of
from vocabulary import SAMPLE_RATE_HZ

log = logging.getLogger(__name__)

_WITHIN_S: Final = 12.0
# A turn has a few segments; what no turn took is of no use any more.
_MOST_KEPT: Final = 64


class Hears(Protocol):
    """What turns a recording into words: service.ears.Ears, or a double of it."""

    @property
    def engines(self) -> list[EngineStatus]:
        """What hears here."""
        ...

    async def hear(self, sound: bytes, *, whose: str = "") -> Heard:
        """The words of a recording. Raises: Refused, Unavailable."""
        ...

    def warm(self) -> None:
        """Load the models beside everything else."""

    def close(self) -> None:
        """End the workers."""


@dataclass(frozen=True)
class Recognised:
    """A segment's words; text is empty where there were none. confidence: of the least sure word, None if unknown."""

    text: str
    words: tuple[wire.Word, ...] = ()
    confidence: float | None = None


class Recogniser:
    """One call's way to the recogniser. Its segments keep their order."""

    def __init__(self, ears: Hears, whose: str) -> None:
        self._ears = ears
        self._whose = whose
        self._found: OrderedDict[int, Recognised] = OrderedDict()
        self._running: dict[int, asyncio.Task[Heard]] = {}

    @property
    def engine(self) -> str:
        """What hears, in words."""
        return next(
            (one.engine for one in self._ears.engines if one.capability == "speech to text" and one.in_use), "none"
        )

    async def hear(self, segment: TranscribeSegment) -> Recognised | None:
        """The words; None if the recogniser could not be asked. A segment that replaces others ends work on them."""
        for old in segment.replaces:
            if (work := self._running.pop(old, None)) is not None:
                work.cancel()
            self._found.pop(old, None)
        task = asyncio.create_task(self._ears.hear(wav(segment.samples), whose=self._whose))
        self._running[segment.segment] = task
        try:
            async with asyncio.timeout(_WITHIN_S):
                heard = await task
        except asyncio.CancelledError:
            if task.cancelled() and not _is_cancelled():
                return Recognised("")
            task.cancel()
            raise
        except Refused as err:
            if err.code != "no_speech":
                log.warning("segment refused", extra={"code": err.code})
            return Recognised("")
        except (Unavailable, TimeoutError) as err:
            log.warning("segment not recognised", extra={"code": getattr(err, "code", "timeout")})
            return None
        finally:
            self._running.pop(segment.segment, None)
        return self._kept(segment.segment, heard)

    def take(self, segment: int) -> Recognised | None:
        """What was heard in a segment; once."""
        return self._found.pop(segment, None)

    def _kept(self, segment: int, heard: Heard) -> Recognised:
        words = tuple(wire.Word(text=word.text, confidence=word.confidence) for word in heard.words)
        known = [word.confidence for word in words if word.confidence is not None]
        found = Recognised(heard.text, words, min(known) if known else None)
        self._found[segment] = found
        while len(self._found) > _MOST_KEPT:
            self._found.popitem(last=False)
        return found


def wav(samples: NDArray[np.float32]) -> bytes:
    """float32 mono at 16 kHz, (n_samples,), as a WAV file of 16 bits."""
    return wav_of(pcm_of(samples), SAMPLE_RATE_HZ)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
