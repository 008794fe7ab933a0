"""What engines give and what the room gives: words with times and confidences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Word:
    """One word. start_s, end_s: from the beginning of the clip, None where the engine has no times.

    confidence: how likely the word is right, 0 to 1; None where the engine cannot say.
    """

    text: str
    start_s: float | None = None
    end_s: float | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class Hints:
    """What is known before listening.

    language: ISO 639-1 code, or None to detect it. prompt: text that came before. hotwords: likely rare words.
    Engines that cannot use a hint ignore it.
    """

    language: str | None = "en"
    prompt: str = ""
    hotwords: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """What an engine made of one stretch of sound, before any guard.

    text: as the engine writes it, with its case and punctuation. words: the same, word by word; may be empty.
    Times count from the beginning of the stretch.
    no_speech_probability, average_log_probability (per token, natural logarithm): None where the engine has none.
    """

    text: str
    words: tuple[Word, ...] = ()
    start_s: float = 0.0
    end_s: float = 0.0
    no_speech_probability: float | None = None
    average_log_probability: float | None = None
    language: str | None = None


class Engine(Protocol):
    """One recogniser. recognise() blocks and may be called from several threads."""

    @property
    def name(self) -> str:
        """Engine and model, as shown to people."""
        ...

    @property
    def longest_s(self) -> float:
        """The longest stretch that it takes at once."""
        ...

    def recognise(self, samples: NDArray[np.float32], hints: Hints) -> Iterator[Passage]:
        """The passages of one stretch of speech: (n_samples,) at 16 kHz in [-1, 1]. Raises: TranscriberError."""
        ...


@dataclass(frozen=True)
class Transcript:
    """What was said.

    text: as one writes it ("order 417203"); empty when nothing was said or understood.
    words: the text's words, each with the least confidence of what it was made of.
    engine: name and model. seconds: what it took. language: as detected or given; None if the engine has no notion.
    reason: why text is empty, else None ("no_speech": nobody speaks in the clip; "not_understood": somebody does,
    without words; "not_believed": the engine's words failed a guard).
    """

    text: str
    engine: str
    seconds: float
    audio_seconds: float
    speech_seconds: float
    reason: str | None = None
    words: tuple[Word, ...] = ()
    language: str | None = None
