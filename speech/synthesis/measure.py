"""`python -m speech.synthesis.measure`: how well our recogniser understands each voice here, and how soon it speaks."""

import asyncio
import re
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from speech.audio import decode
from speech.errors import VoiceError
from speech.measure import word_errors
from speech.synthesis.choice import VOICES, open_voice
from speech.synthesis.flite import FliteVoice, flite_program
from speech.synthesis.sentences import sentences
from speech.synthesis.voice import Voice, VoiceSetup
from speech.transcriber import Transcriber, open_transcriber

SHOP_TALK: Final = (
    "Your order is on its way.",
    "It will be with you on Monday.",
    "I can pass you on to a person at any time.",
    "Your refund has been sent to your bank account.",
    "The kettle costs less than the toaster.",
    "Would you like to return it or to exchange it?",
    "Our service team is there from Monday to Friday.",
    "You can pay in parts without interest or fee.",
    "I am sorry that the parcel came too late.",
    "Please choose the item that you want to send back.",
    "The headphones shut out noise and are very light.",
    "Your complaint is noted and a person will look at it today.",
)
"""Without numbers, which a recogniser writes in its own way."""
_OTHER_FLITE_VOICES: Final = ("rms", "awb", "kal16", "kal")


@dataclass(frozen=True)
class Figures:
    """One voice. wer: word error rate of the recogniser. median_s, longest_s: from a sentence to its whole sound."""

    voice: str
    recogniser: str
    words: int
    wer: float
    median_s: float
    longest_s: float


async def measure(voice: Voice, transcriber: Transcriber) -> Figures:
    """Speak every sentence and listen to it. Raises: VoiceError, TranscriberError."""
    errors = words = 0
    took_s = []
    for text in SHOP_TALK:
        (sentence,) = sentences(text)
        began = time.perf_counter()
        sound = await voice.speak(sentence.spoken)
        took_s.append(time.perf_counter() - began)
        heard = await asyncio.to_thread(transcriber.transcribe, decode(sound.wav))
        errors += word_errors(_bare(text), _bare(heard.text))
        words += len(text.split())
    return Figures(voice.name, transcriber.engine, words, errors / words, statistics.median(took_s), max(took_s))


def _bare(text: str) -> str:
    return re.sub(r"[^a-z ]", "", text.lower())


def _voices() -> Iterator[Voice]:
    for name in VOICES:
        try:
            voice = open_voice(VoiceSetup(name))
        except VoiceError as err:
            sys.stdout.write(f"{err}\n")
            continue
        if voice is not None:
            yield voice
    program = flite_program()
    if program is not None:
        yield from (FliteVoice(program, voice=voice) for voice in _OTHER_FLITE_VOICES)


async def _main() -> None:
    transcriber = open_transcriber()
    for voice in _voices():
        found = await measure(voice, transcriber)
        sys.stdout.write(
            f"{found.voice}: WER {found.wer:.3f} of {found.words} words by {found.recogniser}; "
            f"sound after {found.median_s:.3f} s (median), {found.longest_s:.3f} s (longest)\n"
        )


if __name__ == "__main__":
    asyncio.run(_main())
