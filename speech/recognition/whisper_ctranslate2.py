"""Whisper through faster-whisper: CTranslate2 with 8-bit weights, the fastest way on a processor."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from speech.errors import TranscriberError
from speech.recognition import guards
from speech.recognition import whisper_choice as choice
from speech.recognition.setup import Presence, SpeechSetup
from speech.recognition.transcript import Hints, Passage, Word
from speech.whisper_models.shelf import Form

if TYPE_CHECKING:
    from faster_whisper.transcribe import Segment

_ENGINE: Final = "faster-whisper, 8 bits"


def presence(setup: SpeechSetup) -> Presence:
    """Whether faster-whisper and a converted model are here."""
    installed = find_spec("faster_whisper") is not None
    return choice.presence(setup, Form.CTRANSLATE2, _ENGINE, package="faster-whisper", installed=installed)


def open_engine(setup: SpeechSetup) -> "CTranslate2Engine":
    """Load the model. Raises: TranscriberError."""
    return CTranslate2Engine(choice.opened(setup, Form.CTRANSLATE2), setup)


class CTranslate2Engine:
    """Never asks a hub: the folder must hold tokenizer.json, which the library would otherwise fetch."""

    longest_s = 30.0

    def __init__(self, chosen: choice.Chosen, setup: SpeechSetup) -> None:
        if not (chosen.path / "tokenizer.json").is_file():
            raise TranscriberError(
                f"{chosen.path} has no tokenizer.json. Run: attune speech model add {chosen.path}", code="engine_model"
            )
        try:
            import ctranslate2
            from faster_whisper import WhisperModel

            self._model: Any = WhisperModel(
                str(chosen.path),
                device="cpu",
                compute_type="int8",
                cpu_threads=setup.threads,
                num_workers=setup.clips,
                local_files_only=True,
            )
            ctranslate2.set_random_seed(choice.SEED)
        except ImportError:
            raise TranscriberError("faster-whisper is not installed. Run: make setup", code="engine_missing") from None
        except (RuntimeError, ValueError, OSError) as err:
            raise choice.unusable(chosen.name, err) from err
        self.name = choice.shown(chosen, _ENGINE)
        self._known = frozenset(self._model.supported_languages)
        choice.language_of(Hints(language=setup.language), self._known, self.name)

    def recognise(self, samples: NDArray[np.float32], hints: Hints) -> Iterator[Passage]:
        """One passage for each sentence or so, with words. Takes sound of any length. Raises: TranscriberError."""
        language = choice.language_of(hints, self._known, self.name)
        try:
            segments, told = self._model.transcribe(
                samples,
                language=language,
                beam_size=choice.BEAMS,
                temperature=list(choice.TEMPERATURES),
                compression_ratio_threshold=guards.MOST_COMPRESSION,
                log_prob_threshold=guards.NO_SPEECH_LOG_PROBABILITY,
                no_speech_threshold=guards.NO_SPEECH,
                condition_on_previous_text=choice.CONDITION_ON_PREVIOUS_TEXT,
                initial_prompt=choice.prompt_of(hints, with_hotwords=False),
                hotwords=", ".join(hints.hotwords) or None,
                word_timestamps=True,
            )
            for segment in segments:
                yield _passage(segment, told.language)
        except (RuntimeError, ValueError) as err:
            raise choice.failed(self.name, err) from None


def _passage(segment: "Segment", language: str) -> Passage:
    words = tuple(
        Word(text, float(word.start), float(word.end), float(word.probability))
        for word in segment.words or ()
        if (text := word.word.strip())
    )
    return Passage(
        segment.text.strip(),
        words,
        start_s=float(segment.start),
        end_s=float(segment.end),
        no_speech_probability=float(segment.no_speech_prob),
        average_log_probability=float(segment.avg_logprob),
        language=language,
    )
