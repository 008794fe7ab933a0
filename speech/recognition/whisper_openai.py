"""Whisper through openai-whisper: the authors' own code over PyTorch, for checkpoints as they come."""

import threading
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from speech.errors import TranscriberError
from speech.recognition import guards
from speech.recognition import whisper_choice as choice
from speech.recognition.setup import Presence, SpeechSetup
from speech.recognition.transcript import Hints, Passage, Word
from speech.whisper_models.shelf import Form

_ENGINE: Final = "openai-whisper"


def presence(setup: SpeechSetup) -> Presence:
    """Whether openai-whisper and a checkpoint are here."""
    installed = find_spec("whisper") is not None
    return choice.presence(setup, Form.OPENAI, _ENGINE, package="openai-whisper", installed=installed)


def open_engine(setup: SpeechSetup) -> "OpenAIEngine":
    """Load the model. Raises: TranscriberError."""
    return OpenAIEngine(choice.opened(setup, Form.OPENAI), setup)


class OpenAIEngine:
    """One clip at a time: the library keeps its caches in the model."""

    longest_s = 30.0

    def __init__(self, chosen: choice.Chosen, setup: SpeechSetup) -> None:
        # Checks sizes and numbers before the library builds a model of them.
        from speech.whisper_models.checkpoint import as_dims, open_checkpoint

        try:
            import torch
            from whisper import _ALIGNMENT_HEADS
            from whisper.model import ModelDimensions, Whisper
            from whisper.tokenizer import LANGUAGES
        except ImportError:
            raise TranscriberError("openai-whisper is not installed. Run: make setup", code="engine_missing") from None
        torch.set_num_threads(setup.threads)
        checkpoint = open_checkpoint(chosen.path)
        self._model: Any = Whisper(ModelDimensions(**as_dims(checkpoint.dimensions)))
        self._model.load_state_dict(checkpoint.tensors)
        self._model.eval()
        if chosen.official in _ALIGNMENT_HEADS:
            self._model.set_alignment_heads(_ALIGNMENT_HEADS[chosen.official])
        languages = checkpoint.dimensions.languages
        self.name = choice.shown(choice.Chosen(chosen.name, chosen.path, languages), _ENGINE)
        self._known = frozenset({"en"} if languages == 1 else list(LANGUAGES)[:languages])
        self._turn = threading.Lock()
        choice.language_of(Hints(language=setup.language), self._known, self.name)

    def recognise(self, samples: NDArray[np.float32], hints: Hints) -> Iterator[Passage]:
        """One passage for each sentence or so, with words. Takes sound of any length. Raises: TranscriberError."""
        language = choice.language_of(hints, self._known, self.name)
        try:
            with self._turn:
                told = self._transcribe(samples, hints, language)
        except (RuntimeError, ValueError) as err:
            raise choice.failed(self.name, err) from None
        yield from (_passage(segment, told["language"]) for segment in told["segments"] if segment["text"].strip())

    def _transcribe(self, samples: NDArray[np.float32], hints: Hints, language: str | None) -> dict[str, Any]:
        import torch

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(choice.SEED)
            told: dict[str, Any] = self._model.transcribe(
                np.ascontiguousarray(samples),
                language=language,
                beam_size=choice.BEAMS,
                best_of=choice.BEAMS,
                temperature=choice.TEMPERATURES,
                compression_ratio_threshold=guards.MOST_COMPRESSION,
                logprob_threshold=guards.NO_SPEECH_LOG_PROBABILITY,
                no_speech_threshold=guards.NO_SPEECH,
                condition_on_previous_text=choice.CONDITION_ON_PREVIOUS_TEXT,
                initial_prompt=choice.prompt_of(hints, with_hotwords=True),
                # Hotwords count in every window, a prompt in the first one only.
                carry_initial_prompt=bool(hints.hotwords),
                word_timestamps=True,
                fp16=False,
                verbose=None,
            )
        return told


def _passage(segment: dict[str, Any], language: str) -> Passage:
    words = tuple(
        Word(text, float(word["start"]), float(word["end"]), float(word["probability"]))
        for word in segment.get("words", ())
        if (text := word["word"].strip())
    )
    return Passage(
        segment["text"].strip(),
        words,
        start_s=float(segment["start"]),
        end_s=float(segment["end"]),
        no_speech_probability=float(segment["no_speech_prob"]),
        average_log_probability=float(segment["avg_logprob"]),
        language=language,
    )
