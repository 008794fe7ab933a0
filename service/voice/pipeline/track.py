"""The assistant's sound as a track of WebRTC: pulled from the call, 20 ms at a time, on the call's clock."""

import asyncio
import fractions

import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame

from service.voice.line import Line, Listener
from service.voice.playback import FRAME
from vocabulary import SAMPLE_RATE_HZ


class SpokenTrack(MediaStreamTrack):
    """Nothing waits in it: what the call falls silent with is the last that is heard."""

    kind = "audio"

    def __init__(self, line: Line, listener: Listener) -> None:
        super().__init__()
        self._line = line
        self._listener = listener
        self._sent = 0
        self._silence = np.zeros((1, FRAME), dtype=np.int16)

    async def recv(self) -> AudioFrame:
        """The next frame, when it is due. Raises: MediaStreamError when the track has ended."""
        if self.readyState != "live":
            raise MediaStreamError
        loop, clock = asyncio.get_running_loop(), self._listener.clock
        wait = clock.due(loop.time()) - loop.time()
        if wait > 0:
            await asyncio.sleep(wait)
        try:
            samples = self._listener.next_frame(self._line, loop.time())
        except Exception as err:  # noqa: BLE001 - aiortc would keep it to itself
            self._listener.failed(err)
            raise MediaStreamError from None
        frame = AudioFrame.from_ndarray(self._silence if samples is None else samples[None, :], layout="mono")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = self._sent
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE_HZ)
        self._sent += FRAME
        clock.left(loop.time(), with_sound=samples is not None)
        return frame
