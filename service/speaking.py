"""Replies read out: which sentences a message has, and the sound of one of them."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from service.errors import NotAllowed, Refused, Unavailable
from service.limits import RateLimiter
from speech import Sound, Voice, VoiceError, VoiceSetup, describe_voice, open_voice, sentences
from store import Message
from vocabulary import Author, say_price

log = logging.getLogger(__name__)

# A sentence takes a tenth of a second and lasts three; two at once serve dozens of listeners.
_AT_ONCE: Final = 2
_MAY_WAIT: Final = 16
# A reply of ten sentences is eleven requests.
_BURST: Final = 120
_PER_S: Final = 4.0
# After a question nobody has to be told that they can say these.
_UNDERSTOOD: Final = {"Yes", "No"}


@dataclass(frozen=True)
class Part:
    """One sentence to read. part: what it belongs to.

    start, end: its place in the message's text, in UTF-16 units as browsers count; None outside of the text.
    """

    part: Literal["text", "suggestion", "buttons"]
    spoken: str
    start: int | None = None
    end: int | None = None


class Speaker:
    """Reads messages of the assistant and of agents to the customer who got them.

    Nothing is stored, and nothing of it reaches a scorer: text goes in, sound goes out to the browser.
    """

    def __init__(
        self,
        setup: VoiceSetup,
        *,
        voice: Callable[[VoiceSetup], Voice | None] = open_voice,
        at_once: int = _AT_ONCE,
        may_wait: int = _MAY_WAIT,
    ) -> None:
        self._setup = setup
        self._places = at_once + may_wait
        self._taken = 0
        self._at_once = asyncio.Semaphore(at_once)
        self.limit = RateLimiter(burst=_BURST, per_s=_PER_S)
        self._voice: Voice | None = None
        try:
            self._voice = voice(setup)
        except VoiceError as err:
            log.warning("no voice reads answers out", extra={"code": err.code})

    @property
    def engine(self) -> str:
        """The voice in use, in words; "none" where answers are text only."""
        return describe_voice(self._setup).engine if self._voice is None else self._voice.name

    @property
    def is_here(self) -> bool:
        """Whether there is a voice."""
        return self._voice is not None

    def parts(self, message: Message) -> list[Part]:
        """The sentences of a message, its products and its buttons; none if it has nothing to read.

        Raises: NotAllowed (403, the customer's own message), Refused (422, too long), Unavailable (no voice).
        """
        self._need_voice()
        if message.author is Author.CUSTOMER:
            raise NotAllowed("not_read_out", "Only answers are read out, not your own messages.", status=403)
        return parts_of(message)

    async def speak(self, part: Part) -> Sound:
        """The sound of one sentence. Raises: Unavailable (no voice, too many at once, the voice failed)."""
        voice = self._need_voice()
        if self._taken >= self._places:
            raise Unavailable("busy", "Many answers are being read out. Please try again.", retry_after_s=1)
        self._taken += 1
        try:
            async with self._at_once:
                started = time.monotonic()
                sound = await voice.speak(part.spoken)
        except VoiceError as err:
            log.warning("sentence not read out", extra={"code": err.code, "engine": voice.name})
            raise Unavailable(
                err.code, "This answer cannot be read out right now. It stays on the page as text.", retry_after_s=2
            ) from None
        finally:
            self._taken -= 1
        took_ms = round((time.monotonic() - started) * 1000)
        log.info(
            "sentence read out",
            extra={"engine": voice.name, "duration_ms": took_ms, "audio_ms": round(sound.seconds * 1000)},
        )
        return sound

    def _need_voice(self) -> Voice:
        if self._voice is None:
            refusal = Unavailable("no_voice", "Answers cannot be read out here: no voice is installed.")
            refusal.retryable = False
            raise refusal
        return self._voice


def parts_of(message: Message) -> list[Part]:
    """The sentences of a message, its products and its choices other than yes and no. Raises: Refused (422)."""
    try:
        found = [
            Part("text", one.spoken, _utf16(message.text, one.start), _utf16(message.text, one.end))
            for one in sentences(message.text)
        ]
        for suggestion in message.suggestions:
            told = f"{suggestion.title}, {say_price(suggestion)}"
            found += [Part("suggestion", one.spoken) for one in sentences(told)]
        if not {button.title for button in message.buttons} <= _UNDERSTOOD:
            told = "You can answer: " + "; ".join(button.title for button in message.buttons)
            found += [Part("buttons", one.spoken) for one in sentences(told)]
    except VoiceError as err:
        raise Refused(err.code, "This answer is too long to be read out. Please read it on the page.") from None
    return found


def _utf16(text: str, position: int) -> int:
    return len(text[:position].encode("utf-16-le", "surrogatepass")) // 2
