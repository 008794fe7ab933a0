"""Whether a spoken message's sound is the customer's alone, asked before the turn."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from speech import Diarizer, Suspicion, WhoSpeaksError, customer_segments, suspicion
from vocabulary import SAMPLE_RATE_HZ, Clip

log = logging.getLogger(__name__)

SEPARATED: Final = "separated"
LEFT_OUT: Final = "left_out"


_SILENCE: Final = Clip(np.zeros(SAMPLE_RATE_HZ, np.float32))


@dataclass(frozen=True)
class OwnVoice:
    """What of a clip may be scored. clip: None when the voice must be absent for this turn.

    second_voice: None if nobody else is suspected; SEPARATED if the customer's spans are known; LEFT_OUT if not.
    """

    clip: Clip | None
    second_voice: str | None = None


class SecondVoice:
    """Suspicion first, because it is cheap; diarization only then, and never for longer than its budget.

    In doubt the voice is absent: another person's emotion must not be scored as the customer's. Only for clips
    that the customer allows to be scored: nothing is computed about a voice without consent.
    """

    def __init__(self, diarizer: Diarizer, *, suspect: Callable[[Clip], Suspicion] = suspicion) -> None:
        self._diarizer = diarizer
        self._suspect = suspect

    async def own_voice(self, clip: Clip, *, two_sides: bool = False) -> OwnVoice:
        """The clip, with the customer's spans if another voice is suspected. two_sides: its file had two channels."""
        if not two_sides:
            try:
                seen = await asyncio.to_thread(self._suspect, clip)
            except WhoSpeaksError as err:
                log.error("a second voice cannot be looked for", extra={"code": err.code})
                return OwnVoice(clip)
            if not seen.suspected:
                return OwnVoice(clip)
        if self._diarizer.missing is not None:
            return OwnVoice(None, LEFT_OUT)
        try:
            turns = await asyncio.to_thread(self._diarizer.turns, clip)
        except WhoSpeaksError as err:
            log.warning("diarization did not help", extra={"code": err.code})
            return OwnVoice(None, LEFT_OUT)
        spans = customer_segments(clip, turns)
        return OwnVoice(replace(clip, customer_segments=spans), SEPARATED) if spans else OwnVoice(None, LEFT_OUT)

    async def warm(self) -> None:
        """Load what looks for a second voice, so that the first clip does not wait for it."""
        try:
            await asyncio.to_thread(self._suspect, _SILENCE)
        except WhoSpeaksError as err:
            log.error("a second voice cannot be looked for", extra={"code": err.code})

    def close(self) -> None:
        """End the diarization process, if one runs."""
        self._diarizer.close()
