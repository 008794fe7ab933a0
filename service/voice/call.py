"""One call: sound in, turns and words out; replies in, sentences out. Knows no web, no database and no Pipecat."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Final

from service.calls import wire
from service.voice.answering import Answering
from service.voice.heard import TurnsHeard
from service.voice.incoming import Incoming
from service.voice.line import Line, Told
from service.voice.output_clock import OutputClock
from service.voice.playback import Pcm
from service.voice.recogniser import Recogniser
from service.voice.services import Services
from service.voice.sides import Sides
from service.voice.stages import StageClock
from service.voice.state import StateShown
from service.voice.turns import (
    CancelBot,
    Command,
    IgnoredSound,
    JudgeEnd,
    PauseBot,
    ResumeBot,
    TranscribeSegment,
    TurnBegan,
    TurnEnded,
    TurnTaker,
)

log = logging.getLogger(__name__)

PINGS_WITHIN_S: Final = 17.0
"""A page says that it is there every 5 s; three times in vain is gone, or asleep."""


class Call(Sides):
    """The call named id.

    Everything runs in one event loop. Lines come and go; the newest one carries the sound.
    """

    def __init__(self, call_id: str, start: wire.Start, services: Services) -> None:
        super().__init__(call_id)
        self.start = start
        self.clock = OutputClock()
        self.lost_at: float | None = asyncio.get_running_loop().time()
        """Since when there is no line; None while there is one."""
        self._services = services
        self._loop = asyncio.get_running_loop()
        self._incoming = Incoming()
        self._taker = TurnTaker(services.turns)
        self._recogniser = Recogniser(services.ears, call_id)
        self._stages = StageClock()
        self._heard = TurnsHeard(self, self._recogniser, self._stages, voice=start.voice, face=start.face)
        self._answering = Answering(self, services.voice_room, self._stages, self._taker, self._obey)
        self._shown = StateShown(self, self._answering, start.owner)
        self._pinged_at: float | None = None
        self._turn_began_at: float | None = None
        self._ready_sent = False
        self._tasks: set[asyncio.Task[None]] = set()

    # From the web process.

    def told(self, message: wire.ToVoice) -> None:
        """A message of the web process's, but for Start and Offer."""
        match message:
            case wire.Say():
                if message.answers is not None:
                    self._shown.thinking_until = 0.0
                self._answering.say(message)
                self._shown.show()
            case wire.Permitted():
                self._heard.permit(voice=message.voice, face=message.face)
            case wire.Owned():
                self._shown.owned(message.owner)
            case wire.Taken():
                self._stages.accepted(message.message, self._now())
                if message.code is not None:
                    self._shown.thinking_until = 0.0
                    self.tell({"type": "not_heard", "code": message.code})
                self._shown.show()
            case wire.Stop():
                self._hush()
            case wire.End():
                self.end(message.because)
            case _:
                log.warning("message not for a running call", extra={"kind": message.type})

    async def close(self) -> None:
        """Give everything back. Pictures and sound that were not sent are forgotten."""
        self.end("shutdown")
        self._heard.forget()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, self._answering.close(), return_exceptions=True)
        if self.line is not None:
            await self.line.close()

    # From the line.

    def connected(self, line: Line) -> None:
        """Sound flows both ways on this line; an older one has had its time."""
        before, self.line, self.lost_at, self._pinged_at = self.line, line, None, None
        if before is not None and before is not line:
            self._keep(before.close())
        if not self._ready_sent:
            self._ready_sent = True
            self.send(wire.Ready(engine=self._recogniser.engine, voice=self._services.voice_room.name))
        self._shown.again()

    def lost(self, line: Line) -> None:
        """The customer may come back on another line for a while."""
        if line is self.line:
            self.line, self.lost_at = None, self._now()
            self._incoming.lost()

    def look_after(self) -> None:
        """End a line whose page has fallen silent: a dead network says nothing by itself for half a minute."""
        if self.line is not None and self._pinged_at is not None and self._now() - self._pinged_at > PINGS_WITHIN_S:
            self._pinged_at = None
            self._keep(self.line.close())

    def sound(self, line: Line, pcm: bytes) -> None:
        """16-bit sound at 16 kHz. What comes faster than it can have been spoken is left out."""
        if line is not self.line or self.ended.is_set():
            return
        now = self._now()
        if not self._incoming.takes(pcm, now):
            self.trouble("microphone")
            return
        for frame, at, probability in self._incoming.frames(pcm, now):
            self._obey(self._taker.sound(frame, at, probability))

    def message(self, line: Line, told: Told) -> None:
        """What the page says; unknown messages are left out."""
        match told.get("type"):
            case "ping":
                self._pinged_at = self._now()
                line.send({"type": "pong"})
                line.send({"type": "state", "state": self._shown.state or "listening"})
            case "stop":
                self._hush()
            case "muted":
                self._obey(self._taker.muted(told.get("on") is True, self._now()))
            case "bye":
                self.end("customer")

    def picture(self, line: Line, jpeg: bytes) -> None:
        """A picture of the camera's, if it may still be taken."""
        if line is self.line and self.takes_pictures():
            self._heard.picture(jpeg)

    def failed(self, error: Exception) -> None:
        """What broke has no words in the log: they might be a customer's."""
        log.error("call failed", extra={"call_id": self.id}, exc_info=error)
        self.end("failed")

    def takes_pictures(self) -> bool:
        """Whether the customer allows pictures, now, and the assistant answers them."""
        return self._heard.face_permitted and self.start.camera and not self.ended.is_set()

    def next_frame(self, line: Line, at: float) -> Pcm | None:
        """The next 20 ms, or None for silence. Also the heartbeat of the turn taking."""
        if line is not self.line or self.ended.is_set():
            return None
        frame = self._answering.frame(at)
        heard_until = self._incoming.end
        self._obey(self._taker.tick(at if heard_until is None else max(at - 0.1, heard_until)))
        self._shown.show()
        return frame

    # Turns.

    def _obey(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case TurnBegan():
                    self._turn_began_at, self._shown.is_hearing = command.at, True
                case TranscribeSegment():
                    self._keep(self._recognise(command))
                case JudgeEnd():
                    self._keep(self._judge(command))
                case PauseBot():
                    self._answering.pause()
                case ResumeBot():
                    self._answering.resume()
                case CancelBot():
                    self._answering.cancel()
                case TurnEnded():
                    self._turn_ended(command)
                case IgnoredSound() if command.turn is not None:
                    self._turn_began_at, self._shown.is_hearing = None, False
                    if command.why in ("no_words", "unclear"):
                        self._heard.nothing()
        if commands:
            self._shown.show()

    async def _recognise(self, segment: TranscribeSegment) -> None:
        heard = await self._recogniser.hear(segment)
        if heard is None:
            self.trouble("recogniser")
            self._obey(self._taker.segment_failed(segment.segment, self._now()))
        else:
            self.mended("recogniser")
            self._obey(self._taker.segment_heard(segment.segment, heard.text, heard.confidence, self._now()))

    async def _judge(self, question: JudgeEnd) -> None:
        probability = await self._services.judge(question.samples)
        self._obey(self._taker.end_judged(question.segment, probability, self._now()))

    def _turn_ended(self, turn: TurnEnded) -> None:
        began, self._turn_began_at, self._shown.is_hearing = self._turn_began_at, None, False
        if self._heard.ended(turn, began, broken_off=self._answering.broken_off):
            self._answering.broken_off = None
            self._shown.thinking_until = self._now() + self._services.thinking_s

    def _hush(self) -> None:
        self._answering.cancel()
        self._shown.show()

    def _now(self) -> float:
        return self._loop.time()

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self.failed(error)
