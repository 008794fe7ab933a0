"""The assistant's side of a call: replies become sentences that sound, with captions, and break off when told."""

import asyncio
from collections.abc import Callable

import numpy as np

from service.calls import wire
from service.voice.playback import FRAME, Pcm, Playback, Progress, Spoken
from service.voice.reading import Reader, SaidNothing, VoiceRoom
from service.voice.sides import Sides
from service.voice.stages import StageClock
from service.voice.turns import Command, TurnTaker
from vocabulary import SAMPLE_RATE_HZ


class Answering:
    """One call's. taker: hears what the assistant says and when. obey: carries out what it answers."""

    def __init__(
        self,
        sides: Sides,
        voice_room: VoiceRoom,
        stages: StageClock,
        taker: TurnTaker,
        obey: Callable[[list[Command]], None],
    ) -> None:
        self.broken_off: str | None = None
        """The reply that the customer broke off last; whoever has reported it sets None."""
        self._sides = sides
        self._stages = stages
        self._taker = taker
        self._obey = obey
        self._loop = asyncio.get_running_loop()
        self._playback = Playback(self._progress)
        self._reader = Reader(voice_room, self._playback, missing=self._missing, ready=self._ready)
        self._replies: dict[str, wire.Say] = {}

    @property
    def is_unsaid(self) -> bool:
        """Whether something is still to be made or heard."""
        return not (self._reader.is_idle and self._playback.is_empty)

    @property
    def has_sentence(self) -> bool:
        """Whether a sentence sounds, pauses, or has its silence."""
        return self._playback.current is not None

    def say(self, reply: wire.Say) -> None:
        """After everything that is being said."""
        if reply.answers is not None:
            self._stages.answered(reply.answers, reply.reply, self._loop.time())
        self._replies[reply.reply] = reply
        self._taker.awaits(reply.awaits)
        self._reader.read(reply)

    def frame(self, at: float) -> Pcm | None:
        """The next 20 ms, (320,) at 16 kHz, or None for silence. The taker hears them too."""
        frame = self._playback.frame(at)
        if frame is not None:
            self._taker.bot_pcm(frame.astype(np.float32) / 32768.0, at + FRAME / SAMPLE_RATE_HZ)
        return frame

    def pause(self) -> None:
        """Be silent at once, and keep the place."""
        if self._playback.pause(self._loop.time()):
            self._sides.flush()

    def resume(self) -> None:
        """Go on where it was paused."""
        self._playback.resume(self._loop.time())

    def cancel(self) -> None:
        """Drop what may be broken off."""
        now = self._loop.time()
        self._reader.cancel()
        self.broken_off = self._playback.cancel(now) or self.broken_off
        self._replies = {name: reply for name, reply in self._replies.items() if not reply.interruptible}
        self._obey(self._taker.bot_ended(now))
        self._sides.flush()

    async def close(self) -> None:
        """Make nothing more."""
        await self._reader.close()

    def _ready(self, reply: str) -> None:
        self._stages.spoken(reply, self._loop.time())

    def _missing(self, sentence: SaidNothing) -> None:
        self._sides.trouble("voice")
        self._sides.send(wire.Said(reply=sentence.reply, index=sentence.index, state="ended"))

    def _progress(self, spoken: Spoken, state: Progress, at: float) -> None:
        self._sides.send(wire.Said(reply=spoken.reply, index=spoken.index, state=state))
        match state:
            case "began":
                self._reader.advanced()
                asks = self._caption(spoken)
                self._obey(self._taker.bot_began(at, asks=asks, interruptible=spoken.interruptible))
                measured = self._stages.sounded(spoken.reply, at)
                if measured is not None:
                    self._sides.send(wire.Measured(message=measured[0], stages=measured[1]))
            case "ended":
                if self._playback.is_empty or spoken.last:
                    self._obey(self._taker.bot_ended(at))
                if spoken.last:
                    self._replies.pop(spoken.reply, None)
            case "broken_off" | "resumed":
                self._sides.tell({"type": state, "reply": spoken.reply, "index": spoken.index})

    def _caption(self, spoken: Spoken) -> bool:
        """Tell the page which sentence sounds; whether it is a question."""
        reply = self._replies.get(spoken.reply)
        if reply is None:
            return False
        sentence = reply.sentences[spoken.index]
        self._sides.tell(
            {
                "type": "caption",
                "reply": spoken.reply,
                "index": spoken.index,
                **sentence.model_dump(),
                "seconds": round(spoken.seconds, 2),
            }
        )
        return sentence.text.rstrip().endswith("?")
