"""Pipecat's processors of a call: they carry sound and messages to and from the call, and decide nothing."""

import asyncio
from collections import deque
from typing import Any

from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    Frame,
    InputAudioRawFrame,
    InputTransportMessageFrame,
    InterruptionFrame,
    OutputAudioRawFrame,
    OutputTransportMessageUrgentFrame,
    StartFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from service.voice.line import Line, Listener, Told
from vocabulary import SAMPLE_RATE_HZ


class Hearing(FrameProcessor):
    """The customer's sound and the page's messages go to the call; nothing else is done with them."""

    def __init__(self, line: Line, listener: Listener) -> None:
        super().__init__(enable_direct_mode=True)
        self._line = line
        self._listener = listener

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Sound and messages end here; every other frame goes on."""
        await super().process_frame(frame, direction)
        try:
            if isinstance(frame, InputAudioRawFrame):
                self._listener.sound(self._line, frame.audio)
                return
            if isinstance(frame, InputTransportMessageFrame):
                if isinstance(frame.message, dict):
                    self._listener.message(self._line, frame.message)
                return
        except Exception as err:  # noqa: BLE001 - Pipecat would keep it to itself, and log its words
            self._listener.failed(err)
            return
        await self.push_frame(frame, direction)


class Speaking(FrameProcessor):
    """Every 20 ms a frame of the call's, on the call's own clock, and what the page is told; nothing is sent ahead."""

    def __init__(self, line: Line, listener: Listener) -> None:
        super().__init__(enable_direct_mode=True)
        self._line = line
        self._listener = listener
        self._told: deque[Told] = deque()
        self._flush = False
        self._beat: asyncio.Task[Any] | None = None

    def tell(self, told: Told) -> None:
        """With the next frame."""
        self._told.append(told)

    def flush(self) -> None:
        """What the transport holds back is not to be played."""
        self._flush = True

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """The clock runs from the first frame to the last."""
        await super().process_frame(frame, direction)
        if isinstance(frame, StartFrame):
            await self.push_frame(frame, direction)
            self._beat = self.create_task(self._run())
        elif isinstance(frame, (EndFrame, CancelFrame)):
            await self._stop()
            await self.push_frame(frame, direction)
        else:
            await self.push_frame(frame, direction)

    async def cleanup(self) -> None:
        """End the clock, whatever ended the pipeline."""
        await super().cleanup()  # type: ignore[no-untyped-call]
        await self._stop()

    async def _run(self) -> None:
        loop, clock = asyncio.get_running_loop(), self._listener.clock
        while True:
            wait = clock.due(loop.time()) - loop.time()
            await asyncio.sleep(max(0.0, wait))
            try:
                samples = self._listener.next_frame(self._line, loop.time())
            except Exception as err:  # noqa: BLE001 - as above
                self._listener.failed(err)
                return
            if self._flush:
                self._flush = False
                await self.push_frame(InterruptionFrame())
            for told in self.untold():
                await self.push_frame(OutputTransportMessageUrgentFrame(message=told))
            if samples is not None:
                sound = OutputAudioRawFrame(audio=samples.tobytes(), sample_rate=SAMPLE_RATE_HZ, num_channels=1)
                await self.push_frame(sound)
            clock.left(loop.time(), with_sound=samples is not None)

    def untold(self) -> list[Told]:
        """What the page has not been told yet; once."""
        told = list(self._told)
        self._told.clear()
        return told

    async def _stop(self) -> None:
        if self._beat is not None:
            beat, self._beat = self._beat, None
            await self.cancel_task(beat)
