"""What an engine's words must pass before they are believed, whichever engine they come from.

Recognisers invent on noise what was frequent in their training. A phrase is never refused for what it says: only for
a shape that speech does not have, for a low likelihood, or because hardly anybody speaks where it was heard.
"""

import re
import unicodedata
import zlib
from dataclasses import dataclass
from typing import Final

from speech.recognition.transcript import Passage

LOOPS: Final = frozenset({"repeats", "compresses", "too_fast"})
"""Refusals after which a shorter piece of the same sound may be understood."""

# Whisper's own limits (openai/whisper, whisper/transcribe.py: no_speech_threshold, logprob_threshold,
# compression_ratio_threshold).
NO_SPEECH: Final = 0.6
NO_SPEECH_LOG_PROBABILITY: Final = -1.0
MOST_COMPRESSION: Final = 2.4
# Shorter texts say nothing about compression: zlib's own header weighs too much.
_COMPRESSIBLE_CHARS = 60
# docs/decisions/0066: natural speech stays over it, and what stays under it is wrong.
_LEAST_LOG_PROBABILITY = -1.6
# A lone sound of which the detector is not sure is believed only if the engine is.
_SURE_PEAK = 0.9
_UNSURE_LOG_PROBABILITY = -0.4
_UNSURE_S = 2.0
# Very fast talkers reach 5 words a second over a few seconds; one word more, because a chunk may cut one off.
_WORDS_PER_S = 6.0
_CHARS_PER_S = 32.0
# "No no no no" is an answer; loops go on until the engine's own limit of tokens.
_MOST_REPEATS_OF_A_WORD = 9
_MOST_REPEATS_OF_A_PHRASE = 4
_LONGEST_PHRASE_WORDS = 12
_WITHIN_A_WORD = re.compile(r"(\w{1,6}?)\1{8,}")
_WORD = re.compile(r"\w+")
# Languages written in Latin letters among those that Whisper knows best.
_LATIN = frozenset({"cs", "da", "de", "en", "es", "fi", "fr", "hr", "it", "nl", "no", "pl", "pt", "ro", "sv", "tr"})
_FOREIGN_SHARE = 0.2


@dataclass(frozen=True)
class Evidence:
    """What is known of the sound itself. seconds: of speech, margins included.

    peak: the highest probability of speech in it, 0 to 1; None where the detector gives none.
    """

    seconds: float
    peak: float | None = None


def refusal(passage: Passage, evidence: Evidence, *, language: str | None) -> str | None:
    """Why the passage is not believed, as a code for the log; None if it is.

    language: what was asked for; None if it is detected. A value that the engine lacks (None) refuses nothing.
    """
    words = _WORD.findall(passage.text.lower())
    if not any(any(letter.isalnum() for letter in word) for word in words):
        return "no_words"
    if _is_foreign(passage.text, language):
        return "foreign_script"
    if _repeats(words) or _WITHIN_A_WORD.search(passage.text.lower()):
        return "repeats"
    if _compression(passage.text) > MOST_COMPRESSION:
        return "compresses"
    if len(words) > 1 + _WORDS_PER_S * evidence.seconds or len(passage.text) > 12 + _CHARS_PER_S * evidence.seconds:
        return "too_fast"
    return _unlikely(passage, evidence)


def _unlikely(passage: Passage, evidence: Evidence) -> str | None:
    likelihood = passage.average_log_probability
    silent = passage.no_speech_probability is not None and passage.no_speech_probability > NO_SPEECH
    if silent and (likelihood is None or likelihood < NO_SPEECH_LOG_PROBABILITY):
        return "no_speech_likely"
    if likelihood is None:
        return None
    if likelihood < _LEAST_LOG_PROBABILITY:
        return "unlikely"
    if (
        evidence.peak is not None
        and evidence.peak < _SURE_PEAK
        and evidence.seconds < _UNSURE_S
        and likelihood < _UNSURE_LOG_PROBABILITY
    ):
        return "weak_speech"
    return None


def _is_foreign(text: str, language: str | None) -> bool:
    if language not in _LATIN:
        return False
    letters = [letter for letter in text if letter.isalpha()]
    foreign = sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return foreign > _FOREIGN_SHARE * len(letters)


def _repeats(words: list[str]) -> bool:
    """Whether some word or phrase follows itself more often than anybody says it.

    >>> _repeats("no no no no i want to cancel".split())
    False
    >>> _repeats(("i am going to say " * 6).split())
    True
    """
    for length in range(1, min(_LONGEST_PHRASE_WORDS, len(words) // 2) + 1):
        most = _MOST_REPEATS_OF_A_WORD if length == 1 else _MOST_REPEATS_OF_A_PHRASE
        # A phrase that follows itself r times equals itself, shifted by its length, over (r - 1) lengths.
        run = 0
        for place in range(length, len(words)):
            run = run + 1 if words[place] == words[place - length] else 0
            # "No no no no" is also "no no" twice: a phrase of one word counts as that word.
            if run >= most * length and (length == 1 or len(set(words[place - length + 1 : place + 1])) > 1):
                return True
    return False


def _compression(text: str) -> float:
    """How many times zlib makes a text shorter; 0 for short ones."""
    data = text.encode()
    return 0.0 if len(data) < _COMPRESSIBLE_CHARS else len(data) / len(zlib.compress(data))
