"""The calls of this process: how many there are, and how many there may be."""

import asyncio
import gc
from collections import Counter
from dataclasses import dataclass

from service.calls.wire import Start
from service.voice.call import Call
from service.voice.errors import CallError, NoPlaceError
from service.voice.services import Services

_TIDY_AFTER_S = 1.0


@dataclass(frozen=True)
class Totals:
    """Since the process started. frames, late: of 20 ms, of calls that have ended."""

    begun: int
    refused: int
    frames: int
    late: int
    ended: dict[str, int]


class Calls:
    """Calls by id. places: how many at once."""

    def __init__(self, services: Services, *, places: int) -> None:
        self.services = services
        self.places = places
        self._calls: dict[str, Call] = {}
        self._begun = self._refused = self._frames = self._late = 0
        self._ended: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._calls)

    @property
    def totals(self) -> Totals:
        """Figures for /metrics."""
        return Totals(self._begun, self._refused, self._frames, self._late, dict(self._ended))

    def get(self, call_id: str) -> Call | None:
        """A running call."""
        return self._calls.get(call_id)

    def begin(self, call_id: str, start: Start) -> Call:
        """A new call. Raises: NoPlaceError; CallError if the id is in use."""
        if len(self._calls) >= self.places:
            self._refused += 1
            raise NoPlaceError(f"{self.places} calls are running, which is all that ATTUNE_VOICE_CALLS allows.")
        if call_id in self._calls:
            raise CallError("this call is running already; begin another one under another id.")
        call = self._calls[call_id] = Call(call_id, start, self.services)
        self._begun += 1
        return call

    async def finish(self, call: Call) -> None:
        """Close it and give its place away."""
        try:
            await call.close()
        finally:
            if self._calls.get(call.id) is call:
                del self._calls[call.id]
            self._ended[call.because] += 1
            self._frames += call.clock.frames
            self._late += call.clock.late
            # Codecs hang in circles of references and hold megabytes that Python's own count does not see.
            asyncio.get_running_loop().call_later(_TIDY_AFTER_S, gc.collect)

    async def close(self) -> None:
        """End every call; their sockets do the rest."""
        for call in list(self._calls.values()):
            call.end("shutdown")
