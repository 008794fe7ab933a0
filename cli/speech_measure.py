"""How well speech is understood: sentences that no training phrase and no constant was chosen on."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from speech import SpeechSetup, Transcriber, decode, open_transcriber, spoken_form, word_errors
from vocabulary import Clip

# Written for this measurement; the constants of speech/rivals.py were chosen on others.
SENTENCES = (
    "hello when will order four three nine zero five eight be delivered",
    "four eight one one six four",
    "please look up order number four zero seven three five nine",
    "I need to send back the coffee machine it does not heat the water",
    "my name is on the wrong invoice can you send it again",
    "you have charged my credit card twice for the same toaster",
    "is there a cheaper robot vacuum than this one",
    "the courier says it was delivered but there is nothing here",
    "I have called four times already and I am really angry now",
    "please connect me with a human being",
    "can I pay for the refrigerator in monthly instalments",
    "I would like to pause my service plan until next summer",
)
VOICES = ("slt", "rms", "awb", "kal16")
JFK = "and so my fellow americans ask not what your country can do for you ask what you can do for your country"
_NUMBER = re.compile(r"(?:\b(?:zero|one|two|three|four|five|six|seven|eight|nine)\b ?){6}")


@dataclass(frozen=True)
class Measured:
    """One set of recordings. Word error rates: errors over words of the reference, with and without phrases."""

    name: str
    words: int
    word_error_rate: float
    general_word_error_rate: float
    numbers: int
    numbers_right: int
    audio_seconds: float
    seconds: float


def measure(jfk: Path) -> list[Measured]:
    """One row for each flite voice, if flite is installed, and one for jfk.flac, if it is there."""
    rows = []
    engines = open_transcriber(), open_transcriber(SpeechSetup(language_model=None))
    if shutil.which("flite"):
        for voice in VOICES:
            with _spoken(voice) as recordings:
                rows.append(_measure(f"flite {voice}", recordings, *engines))
    if jfk.is_file():
        rows.append(_measure("jfk", [(JFK, decode(jfk))], *engines))
    return rows


@contextmanager
def _spoken(voice: str) -> Iterator[list[tuple[str, Clip]]]:
    with tempfile.TemporaryDirectory() as folder:
        recordings = []
        for number, sentence in enumerate(SENTENCES):
            path = Path(folder) / f"{number}.wav"
            subprocess.run(["flite", "-voice", voice, "-t", sentence, "-o", str(path)], check=True)
            recordings.append((" ".join(spoken_form(sentence)), decode(path)))
        yield recordings


def _measure(name: str, recordings: list[tuple[str, Clip]], shop: Transcriber, general: Transcriber) -> Measured:
    words = errors = general_errors = numbers = right = 0
    audio_seconds = seconds = 0.0
    for reference, clip in recordings:
        transcript = shop.transcribe(clip)
        words += len(reference.split())
        errors += word_errors(reference, transcript.text)
        general_errors += word_errors(reference, general.transcribe(clip).text)
        number = _NUMBER.search(reference)
        numbers += number is not None
        right += number is not None and number[0].strip() in transcript.text
        audio_seconds += transcript.audio_seconds
        seconds += transcript.seconds
    return Measured(name, words, errors / words, general_errors / words, numbers, right, audio_seconds, seconds)
