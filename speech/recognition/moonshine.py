"""Moonshine tiny: an encoder and decoder for English whose wheel carries the model, so that it needs no download.

Model: Jeffries et al., "Moonshine: Speech Recognition for Live Transcription and Voice Commands" (2024), 27 million
parameters. Its files run on onnxruntime; no code of the wheel is used. docs/decisions/0060 and 0061.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from speech.errors import SpeechError, TranscriberError
from speech.language.arpa import ArpaModel
from speech.recognition.beam import Hypothesis, search
from speech.recognition.confidence import Calibration, word_confidences
from speech.recognition.fusion import ShopPrior, spoken_words
from speech.recognition.moonshine_decoder import MoonshineNetworks
from speech.recognition.moonshine_files import HOW_TO_GET, TOKENS, checked, find_folder, what_is_missing
from speech.recognition.moonshine_pieces import END, START, Pieces
from speech.recognition.setup import Presence, SpeechSetup
from speech.recognition.soundalikes import with_soundalikes
from speech.recognition.transcript import Hints, Passage, Word
from vocabulary import SAMPLE_RATE_HZ

NAME: Final = "Moonshine tiny, English"
_LANGUAGE: Final = "en"
# docs/decisions/0061: wider beams find nothing more on the choosing sentences.
_WIDTH: Final = 6
# The authors' bound against endless repetition, and what short stretches need beside it.
_TOKENS_PER_S: Final = 6.5
_TOKENS_MORE: Final = 8
# The encoder's filters need a quarter of a second.
_SHORTEST_SAMPLES: Final = SAMPLE_RATE_HZ // 4


def presence(setup: SpeechSetup) -> Presence:
    """Whether the model is here, whole, and speaks the customers' language. Reads no file."""
    if setup.language not in (None, _LANGUAGE):
        return Presence(
            NAME,
            f"it understands English only, and customers speak {setup.language!r}",
            "run: attune speech model add small  (Whisper, many languages)",
        )
    missing = what_is_missing(find_folder())
    return Presence(_name(setup), missing, None if missing is None else HOW_TO_GET)


def open_engine(setup: SpeechSetup) -> "MoonshineEngine":
    """Check and load the model (about half a second). Raises: TranscriberError."""
    folder = checked(find_folder())
    try:
        shop = None if setup.phrases is None else ArpaModel.load(setup.phrases)
    except (SpeechError, OSError):
        raise TranscriberError(
            f"{setup.phrases} cannot be read; expected a language model. Run: attune speech prepare",
            code="engine_model",
        ) from None
    return MoonshineEngine(folder, shop=shop, threads=setup.threads)


class MoonshineEngine:
    """Beam search with the shop's language model as a prior. recognise() may run in several threads."""

    longest_s = 30.0

    def __init__(self, folder: Path, *, shop: ArpaModel | None = None, threads: int = 1) -> None:
        """folder: of the three files, already checked. threads: processor threads for one stretch."""
        self._networks = MoonshineNetworks(folder, threads=threads)
        self.pieces = Pieces.unpack((folder / TOKENS).read_bytes())
        self._shop = shop

    @property
    def name(self) -> str:
        """Engine and model."""
        return NAME + ("" if self._shop is None else _WITH_PHRASES)

    def recognise(self, samples: NDArray[np.float32], hints: Hints) -> Iterator[Passage]:
        """One passage, or none. Words have confidences and no times: the model gives none.

        hints.hotwords gain a little wherever they sound likely; the prompt is not used. Raises: TranscriberError if
        hints.language is not English.
        """
        if hints.language not in (None, _LANGUAGE):
            raise TranscriberError(
                f"language {hints.language!r}; Moonshine understands 'en' only. Run: attune speech model add small",
                code="language",
            )
        if samples.size == 0:
            return
        readings = self.readings(samples, hints)
        best = readings[0]
        words = self.words(readings)
        if words:
            yield Passage(
                self.pieces.text(best.tokens),
                words,
                end_s=samples.size / SAMPLE_RATE_HZ,
                average_log_probability=float(np.mean(best.nats)),
                language=_LANGUAGE,
            )

    def readings(self, samples: NDArray[np.float32], hints: Hints) -> list[Hypothesis]:
        """What may have been said, best first; at least one."""
        padded = np.pad(samples, (0, max(0, _SHORTEST_SAMPLES - samples.size))).astype(np.float32, copy=False)
        prior = ShopPrior(self._shop, self.pieces, hotwords=hints.hotwords)
        listening = self._networks.listen(padded)
        most = int(padded.size / SAMPLE_RATE_HZ * _TOKENS_PER_S) + _TOKENS_MORE
        readings = search(listening, prior, start=START, end=END, width=_WIDTH, most_tokens=most)
        return with_soundalikes(readings, listening, prior)

    def words(self, readings: Sequence[Hypothesis], calibration: Calibration | None = None) -> tuple[Word, ...]:
        """The words of the first reading, each with the least confidence of what it is made of."""
        best = readings[0]
        sure = iter(word_confidences(readings, self.pieces, calibration))
        words: list[Word] = []
        for group in self.pieces.words(best.tokens):
            text = self.pieces.text(group)
            parts = [next(sure) for _ in spoken_words(text)]
            if parts:
                words.append(Word(text, confidence=min(parts)))
            elif text and words:
                # A mark that stands alone belongs to the word before it.
                words[-1] = Word(f"{words[-1].text} {text}", confidence=words[-1].confidence)
        return tuple(words)


_WITH_PHRASES: Final = ", with this shop's phrases"


def _name(setup: SpeechSetup) -> str:
    return NAME + ("" if setup.phrases is None else _WITH_PHRASES)
