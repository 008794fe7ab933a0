"""What the customer's turns become: words, the clip and the pictures that they allow, sent to the web process."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final

from privacy import new_id
from service.calls import wire
from service.voice.recogniser import Recogniser
from service.voice.sides import Sides
from service.voice.stages import StageClock
from service.voice.turns import TurnEnded
from speech import pcm_of
from vocabulary import SAMPLE_RATE_HZ

_MOST_PICTURES: Final = 5
# A picture from just before the customer began to speak still shows them.
_PICTURE_BEFORE_S: Final = 2.0


@dataclass(frozen=True, eq=False)
class _Picture:
    at: float
    jpeg: bytes


class TurnsHeard:
    """One call's. Pictures and clips live until the turn's end, and only as far as they are permitted then."""

    def __init__(self, sides: Sides, recogniser: Recogniser, stages: StageClock, *, voice: bool, face: bool) -> None:
        self._sides = sides
        self._recogniser = recogniser
        self._stages = stages
        self._loop = asyncio.get_running_loop()
        self._pictures: deque[_Picture] = deque(maxlen=_MOST_PICTURES)
        self._voice, self._face = voice, face
        # Since when without a break: a yes is none to the sound from before it.
        self._voice_since = float("-inf")

    @property
    def face_permitted(self) -> bool:
        """Whether the customer allows pictures, now."""
        return self._face

    def permit(self, *, voice: bool, face: bool) -> None:
        """From now on; pictures that may no longer be used are forgotten."""
        if voice and not self._voice:
            self._voice_since = self._loop.time()
        self._voice, self._face = voice, face
        if not face:
            self.forget()

    def picture(self, jpeg: bytes) -> None:
        """One of the camera's; the newest few are kept until a turn's end."""
        if self._face:
            self._pictures.append(_Picture(self._loop.time(), jpeg))

    def forget(self) -> None:
        """Drop the pictures."""
        self._pictures.clear()

    def nothing(self) -> None:
        """A turn without words: nothing of it is kept, and the customer is told."""
        self.forget()
        self._sides.send(wire.NotHeard(code="no_speech"))
        self._sides.tell({"type": "not_heard", "code": "no_speech"})

    def ended(self, turn: TurnEnded, began: float | None, *, broken_off: str | None) -> bool:
        """Send the turn; False if there was no word in it. broken_off: the reply that it interrupted."""
        heard = [one for one in map(self._recogniser.take, turn.segments) if one is not None]
        if not turn.text.strip():
            self.nothing()
            return False
        message = new_id("m")
        self._stages.heard(message, speech_end=turn.end, turn_end=turn.ended_at, transcript=self._loop.time())
        for picture in self._pictures_since(turn.start if began is None else began):
            self._sides.send(wire.Picture(message=message), picture.jpeg)
        self._sides.send(
            wire.Heard(
                message=message,
                text=turn.text,
                words=tuple(word for one in heard for word in one.words),
                seconds=turn.samples.size / SAMPLE_RATE_HZ,
                interrupted=broken_off if turn.interrupted else None,
                stages=self._stages.of(message),
            ),
            pcm_of(turn.samples)[: wire.LARGEST_PAYLOAD] if self._voice and self._voice_since <= turn.start else b"",
        )
        return True

    def _pictures_since(self, began: float) -> list[_Picture]:
        taken = [picture for picture in self._pictures if picture.at >= began - _PICTURE_BEFORE_S]
        self._pictures.clear()
        return taken if self._face else []
