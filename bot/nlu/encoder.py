"""Sentence embeddings from a local ONNX encoder: onnxruntime and tokenizers, no torch."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, Sequence

import numpy as np
from rasa.shared.exceptions import RasaException

MAX_TOKENS = 128
"""Longer texts are cut: a customer's intent shows in the first hundred words."""
_BATCH = 32
_INSTALL = "pip install onnxruntime tokenizers"


class EncoderError(RasaException):
    """The encoder's folder is missing, or its model has other inputs or outputs than are known."""


class SentenceEncoder:
    """Unit vectors of texts, float32. The folder holds model.onnx, tokenizer.json and version.txt."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        """Load the model. Raises: EncoderError."""
        for name in ("model.onnx", "tokenizer.json", "version.txt"):
            if not (folder / name).is_file():
                raise EncoderError(f"{folder / name} is missing; export the encoder into {folder} first.")
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError:
            raise EncoderError(f"the sentence encoder needs two more packages. Run: {_INSTALL}") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        self.version = (folder / "version.txt").read_text(encoding="utf-8").strip()
        self._inputs = _known_inputs([node.name for node in self._session.get_inputs()])
        self._output, self._is_pooled = _known_output([node.name for node in self._session.get_outputs()])
        self.dimensions = int(self.encode(["size"]).shape[1])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Embed a batch: shape (len(texts), dimensions), rows of length 1."""
        # Texts of like length share a batch, so that little is padded.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        parts = [
            self._encode_batch([texts[index] for index in order[start : start + _BATCH]])
            for start in range(0, len(order), _BATCH)
        ]
        vectors = np.concatenate(parts) if parts else np.zeros((0, self.dimensions), np.float32)
        result = np.empty_like(vectors)
        result[order] = vectors
        return result

    def _encode_batch(self, texts: Sequence[str]) -> np.ndarray:
        encodings = self._tokenizer.encode_batch(list(texts))
        mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
        available: Dict[str, Any] = {
            "input_ids": np.array([encoding.ids for encoding in encodings], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        (output,) = self._session.run([self._output], {name: available[name] for name in self._inputs})
        pooled = output if self._is_pooled else _mean(output, mask)
        return (pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)).astype(np.float32)


def encoder_folder(configured: str | None) -> Path:
    """The folder from the component's `model_dir`, else from ATTUNE_ENCODER_DIR, else var/encoder."""
    return Path(configured or os.environ.get("ATTUNE_ENCODER_DIR") or "var/encoder")


def _known_inputs(names: Sequence[str]) -> Sequence[str]:
    unknown = set(names) - {"input_ids", "attention_mask", "token_type_ids"}
    if unknown:
        raise EncoderError(
            f"model.onnx wants {sorted(unknown)}; known inputs are input_ids, attention_mask, token_type_ids."
        )
    return names


def _known_output(names: Sequence[str]) -> tuple[str, bool]:
    for name, is_pooled in (("sentence_embedding", True), ("last_hidden_state", False), ("token_embeddings", False)):
        if name in names:
            return name, is_pooled
    raise EncoderError(f"model.onnx gives {list(names)}; expected sentence_embedding or last_hidden_state.")


def _mean(tokens: np.ndarray, mask: np.ndarray) -> np.ndarray:
    weights = mask[:, :, None].astype(np.float32)
    return (tokens * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
