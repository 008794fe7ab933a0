"""One call: sound in, turns and words out; replies in, sentences out. Knows no web, no database and no Pipecat."""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from privacy import new_id
from service.calls import wire
from service.voice.line import Line, Told
from service.voice.output_clock import OutputClock
from service.voice.playback import FRAME, Pcm, Playback, Progress, Spoken
from service.voice.reading import Reader, SaidNothing
from service.voice.recogniser import Recogniser
from service.voice.services import Services
from service.voice.stages import StageClock
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
from speech import LiveActivity
from vocabulary import SAMPLE_RATE_HZ, Owner

log = logging.getLogger(__name__)

_MOST_PICTURES: Final = 5
# A picture from just before the customer began to speak still shows them.
_PICTURE_BEFORE_S: Final = 2.0
# No sound for so long: the microphone is muted, or the line stands still. What is said after it is another time.
_GAP_S: Final = 0.6
# How far the sound's own clock may be ahead of ours after a burst of packets.
_AHEAD_S: Final = 1.0
PINGS_WITHIN_S: Final = 17.0
"""A page says that it is there every 5 s; three times in vain is gone, or asleep."""
_MOST_TO_SEND: Final = 512


@dataclass(frozen=True, eq=False)
class _Picture:
    at: float
    jpeg: bytes


class Call:
    """The call named id. outbox: what is to be sent to the web process, in order, as (message, payload).

    Everything runs in one event loop. Lines come and go; the newest one carries the sound.
    """

    def __init__(self, call_id: str, start: wire.Start, services: Services) -> None:
        self.id = call_id
        self.start = start
        self.clock = OutputClock()
        self.outbox: asyncio.Queue[tuple[wire.ToWeb, bytes]] = asyncio.Queue(_MOST_TO_SEND)
        self.ended = asyncio.Event()
        self.because = ""
        self.line: Line | None = None
        self.lost_at: float | None = asyncio.get_running_loop().time()
        """Since when there is no line; None while there is one."""
        self._services = services
        self._loop = asyncio.get_running_loop()
        self._activity = LiveActivity()
        self._taker = TurnTaker(services.turns)
        self._recogniser = Recogniser(services.ears, call_id)
        self._playback = Playback(self._progress)
        self._reader = Reader(services.voice_room, self._playback, missing=self._missing, ready=self._ready)
        self._stages = StageClock()
        self._replies: dict[str, wire.Say] = {}
        self._pictures: deque[_Picture] = deque(maxlen=_MOST_PICTURES)
        self._voice_permitted, self._face_permitted = start.voice, start.face
        self._owner = start.owner
        self._stream_end: float | None = None
        self._rest = 0
        self._pinged_at: float | None = None
        self._turn_began_at: float | None = None
        self._broken_off: str | None = None
        self._thinking_until = 0.0
        self._state = ""
        self._ready_sent = False
        self._troubled: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    # From the web process.

    def told(self, message: wire.ToVoice) -> None:
        """A message of the web process's, but for Start and Offer."""
        match message:
            case wire.Say():
                self._say(message)
            case wire.Permitted():
                self._permitted(message)
            case wire.Owned():
                self._owner = message.owner
                self._show_state()
            case wire.Taken():
                self._stages.accepted(message.message, self._now())
                if message.code is not None:
                    self._thinking_until = 0.0
                    self._tell({"type": "not_heard", "code": message.code})
                self._show_state()
            case wire.Stop():
                self._hush()
            case wire.End():
                self.end(message.because)
            case _:
                log.warning("message not for a running call", extra={"kind": message.type})

    def end(self, because: str) -> None:
        """Hang up; the first reason counts."""
        if not self.ended.is_set():
            self.because = because
            self._tell({"type": "bye", "because": because})
            self.ended.set()

    async def close(self) -> None:
        """Give everything back. Pictures and sound that were not sent are forgotten."""
        self.end("shutdown")
        self._pictures.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, self._reader.close(), return_exceptions=True)
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
            self._send(wire.Ready(engine=self._recogniser.engine, voice=self._services.voice_room.name))
        self._state = ""
        self._show_state()

    def lost(self, line: Line) -> None:
        """The customer may come back on another line for a while."""
        if line is self.line:
            self.line, self.lost_at = None, self._now()
            self._stream_end = None

    def look_after(self) -> None:
        """End a line whose page has fallen silent: a dead network says nothing by itself for half a minute."""
        if self.line is not None and self._pinged_at is not None and self._now() - self._pinged_at > PINGS_WITHIN_S:
            self._pinged_at = None
            self._keep(self.line.close())

    def sound(self, line: Line, pcm: bytes) -> None:
        """16-bit sound at 16 kHz. What comes faster than it can have been spoken is left out."""
        if line is not self.line or self.ended.is_set():
            return
        samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2").astype(np.float32) / 32768.0
        now, seconds = self._now(), samples.size / SAMPLE_RATE_HZ
        if self._stream_end is None or now - self._stream_end - seconds > _GAP_S:
            self._activity.reset()
            self._rest = 0
            self._stream_end = now - seconds
        elif self._stream_end > now + _AHEAD_S:
            self._trouble("microphone")
            return
        begin = self._stream_end - self._rest / SAMPLE_RATE_HZ
        self._stream_end += seconds
        frames = self._activity.feed(samples)
        self._rest += samples.size - sum(frame.size for frame, _ in frames)
        for frame, probability in frames:
            begin += frame.size / SAMPLE_RATE_HZ
            self._obey(self._taker.sound(frame, begin, probability))

    def message(self, line: Line, told: Told) -> None:
        """What the page says; unknown messages are left out."""
        match told.get("type"):
            case "ping":
                self._pinged_at = self._now()
                line.send({"type": "pong"})
                line.send({"type": "state", "state": self._state or "listening"})
            case "stop":
                self._hush()
            case "muted":
                self._obey(self._taker.muted(told.get("on") is True, self._now()))
            case "bye":
                self.end("customer")

    def picture(self, line: Line, jpeg: bytes) -> None:
        """A picture of the camera's, if it may still be taken."""
        if line is self.line and self.takes_pictures():
            self._pictures.append(_Picture(self._now(), jpeg))

    def failed(self, error: Exception) -> None:
        """What broke has no words in the log: they might be a customer's."""
        log.error("call failed", extra={"call_id": self.id}, exc_info=error)
        self.end("failed")

    def takes_pictures(self) -> bool:
        """Whether the customer allows pictures, now, and the assistant answers them."""
        return self._face_permitted and self.start.camera and not self.ended.is_set()

    def next_frame(self, line: Line, at: float) -> Pcm | None:
        """The next 20 ms, or None for silence. Also the heartbeat of the turn taking."""
        if line is not self.line or self.ended.is_set():
            return None
        frame = self._playback.frame(at)
        if frame is not None:
            self._taker.bot_pcm(frame.astype(np.float32) / 32768.0, at + FRAME / SAMPLE_RATE_HZ)
        self._obey(self._taker.tick(at if self._stream_end is None else max(at - 0.1, self._stream_end)))
        self._show_state()
        return frame

    # Turns.

    def _obey(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case TurnBegan():
                    self._turn_began_at = command.at
                case TranscribeSegment():
                    self._keep(self._recognise(command))
                case JudgeEnd():
                    self._keep(self._judge(command))
                case PauseBot():
                    if self._playback.pause(self._now()):
                        self._flush()
                case ResumeBot():
                    self._playback.resume(self._now())
                case CancelBot():
                    self._cancel()
                case TurnEnded():
                    self._turn_ended(command)
                case IgnoredSound() if command.turn is not None:
                    self._turn_began_at = None
                    if command.why in ("no_words", "unclear"):
                        self._not_heard()
        if commands:
            self._show_state()

    async def _recognise(self, segment: TranscribeSegment) -> None:
        heard = await self._recogniser.hear(segment)
        if heard is None:
            self._trouble("recogniser")
            self._obey(self._taker.segment_failed(segment.segment, self._now()))
        else:
            self._troubled.discard("recogniser")
            self._obey(self._taker.segment_heard(segment.segment, heard.text, heard.confidence, self._now()))

    async def _judge(self, question: JudgeEnd) -> None:
        probability = await self._services.judge(question.samples)
        self._obey(self._taker.end_judged(question.segment, probability, self._now()))

    def _turn_ended(self, turn: TurnEnded) -> None:
        began, self._turn_began_at = self._turn_began_at, None
        heard = [one for one in map(self._recogniser.take, turn.segments) if one is not None]
        if not turn.text.strip():
            self._not_heard()
            return
        message, now = new_id("m"), self._now()
        self._stages.heard(message, speech_end=turn.end, turn_end=turn.ended_at, transcript=now)
        for picture in self._pictures_since(turn.start if began is None else began):
            self._send(wire.Picture(message=message), picture.jpeg)
        self._send(
            wire.Heard(
                message=message,
                text=turn.text,
                words=tuple(word for one in heard for word in one.words),
                seconds=turn.samples.size / SAMPLE_RATE_HZ,
                interrupted=self._broken_off if turn.interrupted else None,
                stages=self._stages.of(message),
            ),
            _pcm(turn.samples) if self._voice_permitted else b"",
        )
        self._broken_off = None
        self._thinking_until = now + self._services.thinking_s

    def _not_heard(self) -> None:
        """A turn without words: nothing of it is kept, and the customer is told."""
        self._pictures.clear()
        self._send(wire.NotHeard(code="no_speech"))
        self._tell({"type": "not_heard", "code": "no_speech"})

    def _pictures_since(self, began: float) -> list[_Picture]:
        taken = [picture for picture in self._pictures if picture.at >= began - _PICTURE_BEFORE_S]
        self._pictures.clear()
        return taken if self._face_permitted else []

    # Replies.

    def _say(self, reply: wire.Say) -> None:
        now = self._now()
        if reply.answers is not None:
            self._stages.answered(reply.answers, reply.reply, now)
            self._thinking_until = 0.0
        self._replies[reply.reply] = reply
        self._taker.awaits(reply.awaits)
        self._reader.read(reply)
        self._show_state()

    def _ready(self, reply: str) -> None:
        self._stages.spoken(reply, self._now())

    def _missing(self, sentence: SaidNothing) -> None:
        self._trouble("voice")
        self._send(wire.Said(reply=sentence.reply, index=sentence.index, state="ended"))

    def _progress(self, spoken: Spoken, state: Progress, at: float) -> None:
        self._send(wire.Said(reply=spoken.reply, index=spoken.index, state=state))
        match state:
            case "began":
                self._reader.advanced()
                asks = self._caption(spoken)
                self._obey(self._taker.bot_began(at, asks=asks, interruptible=spoken.interruptible))
                measured = self._stages.sounded(spoken.reply, at)
                if measured is not None:
                    self._send(wire.Measured(message=measured[0], stages=measured[1]))
            case "ended":
                if self._playback.is_empty or spoken.last:
                    self._obey(self._taker.bot_ended(at))
                if spoken.last:
                    self._replies.pop(spoken.reply, None)
            case "broken_off" | "resumed":
                self._tell({"type": state, "reply": spoken.reply, "index": spoken.index})

    def _caption(self, spoken: Spoken) -> bool:
        """Tell the page which sentence sounds; whether it is a question."""
        reply = self._replies.get(spoken.reply)
        if reply is None:
            return False
        sentence = reply.sentences[spoken.index]
        self._tell(
            {
                "type": "caption",
                "reply": spoken.reply,
                "index": spoken.index,
                **sentence.model_dump(),
                "seconds": round(spoken.seconds, 2),
            }
        )
        return sentence.text.rstrip().endswith("?")

    def _hush(self) -> None:
        self._cancel()
        self._show_state()

    def _cancel(self) -> None:
        now = self._now()
        self._reader.cancel()
        self._broken_off = self._playback.cancel(now) or self._broken_off
        self._replies = {name: reply for name, reply in self._replies.items() if not reply.interruptible}
        self._obey(self._taker.bot_ended(now))
        self._flush()

    # Consent, states and small things.

    def _permitted(self, now: wire.Permitted) -> None:
        self._voice_permitted, self._face_permitted = now.voice, now.face
        if not now.face:
            self._pictures.clear()

    def _show_state(self) -> None:
        unsaid = not (self._reader.is_idle and self._playback.is_empty)
        if self._turn_began_at is not None:
            state = "hearing"
        elif unsaid and (self._playback.current is not None or self._state == "speaking"):
            state = "speaking"
        elif unsaid or self._now() < self._thinking_until:
            state = "thinking"
        elif self._owner is Owner.WAITING:
            state = "holding"
        else:
            state = "listening"
        if state != self._state and self.line is not None:
            self._state = state
            self._tell({"type": "state", "state": state})

    def _trouble(self, code: str) -> None:
        """Tell both sides, once until it is mended."""
        if code not in self._troubled:
            self._troubled.add(code)
            self._send(wire.Trouble(code=code))
            self._tell({"type": "trouble", "code": code})

    def _flush(self) -> None:
        if self.line is not None:
            self.line.flush()

    def _tell(self, told: Told) -> None:
        if self.line is not None:
            self.line.send(told)

    def _send(self, message: wire.ToWeb, payload: bytes = b"") -> None:
        try:
            self.outbox.put_nowait((message, payload))
        except asyncio.QueueFull:
            # The web process takes nothing any more; a call without it has no use.
            log.warning("web process takes nothing", extra={"call_id": self.id})
            self.end("web_stuck")

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


def _pcm(samples: NDArray[np.float32]) -> bytes:
    clip: bytes = (np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()
    return clip[: wire.LARGEST_PAYLOAD]
