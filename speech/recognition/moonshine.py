"""Moonshine tiny: an encoder and decoder for English whose wheel carries the model, so that it needs no download."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from speech.errors import TranscriberError
from speech.recognition.setup import Presence, SpeechSetup
from speech.recognition.transcript import Hints, Passage, Word
from vocabulary import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

NAME: Final = "Moonshine tiny, English"
_START, _END = 1, 2
_HEADS, _WIDTH = 8, 36
# The authors' bound against endless repetition: tokens for each second of sound.
_TOKENS_PER_S = 6.5


def presence(setup: SpeechSetup) -> Presence:
    """Whether the model is here."""
    if _folder() is None:
        return Presence(NAME, "its wheel is not installed", "run: make setup")
    return Presence(NAME, None)


def open_engine(setup: SpeechSetup) -> "MoonshineEngine":
    """Load the model (about 0.3 s). Raises: TranscriberError."""
    folder = _folder()
    if folder is None:
        raise TranscriberError("Moonshine's model is not installed. Run: make setup", code="engine_missing")
    return MoonshineEngine(folder, threads=setup.threads)


class MoonshineEngine:
    """Greedy decoding over onnxruntime."""

    longest_s = 30.0
    name = NAME

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._encoder: InferenceSession = onnxruntime.InferenceSession(folder / "encoder_model.ort", options)
        self._decoder: InferenceSession = onnxruntime.InferenceSession(folder / "decoder_model_merged.ort", options)
        self._outputs = [output.name for output in self._decoder.get_outputs()]
        self._caches = [given.name for given in self._decoder.get_inputs() if given.name.startswith("past")]
        self._pieces = _pieces((folder / "tokenizer.bin").read_bytes())

    def recognise(self, samples: NDArray[np.float32], hints: Hints) -> Iterator[Passage]:
        """One passage with a confidence for each word."""
        mask = np.ones((1, samples.size), dtype=np.int64)
        hidden = self._encoder.run(None, {"input_values": samples[None], "attention_mask": mask})[0]
        past = {name: np.zeros((1, _HEADS, 0, _WIDTH), dtype=np.float32) for name in self._caches}
        tokens: list[int] = [_START]
        chances: list[float] = []
        for step in range(int(samples.size / SAMPLE_RATE_HZ * _TOKENS_PER_S) + 8):
            given = {
                "encoder_attention_mask": mask,
                "input_ids": np.array([[tokens[-1]]]),
                "encoder_hidden_states": hidden,
                "use_cache_branch": np.array([step > 0]),
                **past,
            }
            made = dict(zip(self._outputs, self._decoder.run(None, given), strict=True))
            logits = made["logits"][0, -1]
            logits = logits - logits.max()
            token = int(logits.argmax())
            chances.append(float(-np.log(np.exp(logits).sum())))
            if token == _END:
                break
            tokens.append(token)
            for name in self._caches:
                # The encoder's part does not change after the first step.
                if step == 0 or "decoder" in name:
                    past[name] = made[name.replace("past_key_values", "present")]
        words = self._words(tokens[1:], chances)
        if words:
            yield Passage(
                " ".join(word.text for word in words),
                words,
                end_s=samples.size / SAMPLE_RATE_HZ,
                average_log_probability=float(np.mean(chances)),
                language="en",
            )

    def _words(self, tokens: list[int], chances: list[float]) -> tuple[Word, ...]:
        groups: list[tuple[bytes, float]] = []
        for token, chance in zip(tokens, chances, strict=False):
            piece = self._pieces[token]
            if piece.startswith("▁".encode()) or not groups:
                groups.append((piece, chance))
            else:
                groups[-1] = (groups[-1][0] + piece, groups[-1][1] + chance)
        texts = ((piece.decode("utf-8", "replace").replace("▁", " ").strip(), chance) for piece, chance in groups)
        return tuple(Word(text, confidence=float(np.exp(chance))) for text, chance in texts if text)


def _folder() -> Path | None:
    spec = find_spec("moonshine_voice")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "assets" / "tiny-en"
    return folder if (folder / "decoder_model_merged.ort").is_file() else None


def _pieces(packed: bytes) -> list[bytes]:
    """The tokens' bytes: each after its length, which has one byte, or two if the first is 128 or more."""
    pieces = []
    position = 0
    while position < len(packed):
        length = packed[position]
        position += 1
        if length >= 128:
            length += packed[position] * 128 - 128
            position += 1
        pieces.append(packed[position : position + length])
        position += length
    return pieces
