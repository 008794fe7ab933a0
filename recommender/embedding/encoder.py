"""Text to unit vectors with onnxruntime: no torch in a running process."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from recommender.errors import EncoderError

MODEL_FILE: Final = "model.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"
VERSION_FILE: Final = "version.txt"
DETAILS_FILE: Final = "encoder.json"
HIDDEN_STATES: Final = "last_hidden_state"

MAX_TOKENS: Final = 256
"""Longer texts are cut here: the length that the model was published with."""

MAX_CHARS: Final = 8 * MAX_TOKENS
"""The tokenizer sees no more than this, so that 100 kB of text costs what one long paragraph costs."""

_CACHED_TEXT_CHARS: Final = 500


@dataclass(frozen=True)
class Details:
    """What is particular to a model other than all-MiniLM-L6-v2.

    max_tokens: longer texts are cut there. pad_id: what fills short rows. origin: what it was made from.
    """

    max_tokens: int = MAX_TOKENS
    pad_id: int = 0
    origin: str = ""

    @classmethod
    def read(cls, path: Path) -> Self:
        """From a file, or the usual ones without it. Raises: OSError, ValueError, TypeError."""
        return cls(**json.loads(path.read_bytes())) if path.is_file() else cls()


class OnnxEncoder:
    """The sentence encoder of the product (see `vocabulary.TextEncoder`).

    folder: holds model.onnx (input_ids, attention_mask → last_hidden_state or sentence_embedding), tokenizer.json and
    version.txt, as `export_encoder` writes them.
    threads: of onnxruntime, for one call. cache_size: texts whose vectors are kept; the least recently used
    go first.
    Safe to share between threads. Raises: EncoderError.
    """

    def __init__(self, folder: Path, *, threads: int = 2, batch_size: int = 8, cache_size: int = 512) -> None:
        missing = [name for name in (MODEL_FILE, TOKENIZER_FILE, VERSION_FILE) if not (folder / name).is_file()]
        if missing:
            raise EncoderError(
                f"{folder} lacks {', '.join(missing)}. "
                "Run `attune train`, which makes the encoder (`recommender.export_encoder(folder)`)."
            )
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Spinning threads would hold a core of a two-core machine between calls.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # The arena would keep the memory of the largest batch for ever (450 MB after 32 long texts).
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer: Any = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            details = Details.read(folder / DETAILS_FILE)
        except Exception as error:  # both libraries raise bare Exception subclasses of their own
            raise EncoderError(
                f"the encoder in {folder} cannot be loaded ({type(error).__name__}). "
                "Delete the folder and run `attune train`, which makes it again (`recommender.export_encoder(folder)`)."
            ) from error
        self._tokenizer.enable_truncation(max_length=details.max_tokens)
        self._tokenizer.enable_padding(pad_id=details.pad_id)
        self._version = (folder / VERSION_FILE).read_text(encoding="utf-8").strip()
        output = self._session.get_outputs()[0]
        self._output, self._dimensions = output.name, int(output.shape[-1])
        self._batch_size = batch_size
        self._cache_size = cache_size
        self._cache: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    @property
    def dimensions(self) -> int:
        return self._dimensions

    @property
    def version(self) -> str:
        return self._version

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed a batch: float32, shape (len(texts), dimensions), rows of length 1.

        Equal texts give equal rows whatever else is in the batch, up to float rounding.
        """
        rows = np.empty((len(texts), self._dimensions), dtype=np.float32)
        unknown: list[int] = []
        for position, text in enumerate(texts):
            known = self._recall(text)
            if known is None:
                unknown.append(position)
            else:
                rows[position] = known
        # Neighbours of like length share a batch, so little of it is padding.
        unknown.sort(key=lambda position: len(texts[position]))
        for start in range(0, len(unknown), self._batch_size):
            batch = unknown[start : start + self._batch_size]
            rows[batch] = self._embed([texts[position] for position in batch])
            for position in batch:
                self._remember(texts[position], rows[position])
        return rows

    def is_word(self, word: str) -> bool:
        """Whether the model's own list of words holds this one whole: no slip then. word: in small letters."""
        return len(self._tokenizer.encode(_readable(word), add_special_tokens=False).ids) == 1

    def tokens(self, texts: Sequence[str]) -> float:
        """How many tokens a text has on average, its two marks included, as far as it is read."""
        lengths = [sum(one.attention_mask) for one in self._tokenizer.encode_batch([_readable(text) for text in texts])]
        return float(sum(lengths) / max(1, len(lengths)))

    def _embed(self, texts: list[str]) -> NDArray[np.float32]:
        encodings = self._tokenizer.encode_batch([_readable(text) for text in texts])
        ids = np.array([encoding.ids for encoding in encodings], dtype=np.int64)
        mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
        pooled = self._session.run([self._output], {"input_ids": ids, "attention_mask": mask})[0]
        if self._output == HIDDEN_STATES:
            weights = mask[:, :, None].astype(np.float32)
            pooled = (pooled * weights).sum(axis=1) / weights.sum(axis=1)
        norms = np.linalg.norm(pooled, axis=1, keepdims=True)
        return np.asarray(pooled / np.maximum(norms, 1e-12), dtype=np.float32)

    def _recall(self, text: str) -> NDArray[np.float32] | None:
        with self._lock:
            row = self._cache.get(text)
            if row is not None:
                self._cache.move_to_end(text)
            return row

    def _remember(self, text: str, row: NDArray[np.float32]) -> None:
        if len(text) > _CACHED_TEXT_CHARS or not self._cache_size:
            return
        with self._lock:
            self._cache[text] = row.copy()
            while len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)


def _readable(text: str) -> str:
    # A lone surrogate cannot be UTF-8; the tokenizer would raise on it.
    return text[:MAX_CHARS].encode("utf-8", "replace").decode("utf-8")
