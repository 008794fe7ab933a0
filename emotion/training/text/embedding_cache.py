"""Embeddings of a corpus, computed once: 43,000 comments take minutes, everything after takes seconds."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocabulary import TextEncoder


def embed(texts: Sequence[str], encoder: TextEncoder, folder: Path) -> NDArray[np.float32]:
    """Embed, or read what an earlier call with the same texts and encoder stored in `folder`.

    Result: float32, shape (len(texts), encoder.dimensions).
    """
    digest = hashlib.sha256(encoder.version.encode())
    for text in texts:
        digest.update(b"\0" + text.encode("utf-8", "replace"))
    path = folder / f"{digest.hexdigest()[:24]}.npy"
    if path.is_file():
        return np.asarray(np.load(path), dtype=np.float32)
    vectors = encoder.encode(texts)
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npy")
    np.save(partial, vectors)
    partial.replace(path)
    return vectors


class RememberedTexts:
    """An encoder (see `vocabulary.TextEncoder`) that looks known texts up and passes the others on."""

    def __init__(self, texts: Sequence[str], encoder: TextEncoder, folder: Path | None = None) -> None:
        self._encoder = encoder
        rows = encoder.encode(texts) if folder is None else embed(texts, encoder, folder)
        self._rows = dict(zip(texts, rows, strict=True))

    @property
    def dimensions(self) -> int:
        return self._encoder.dimensions

    @property
    def version(self) -> str:
        return self._encoder.version

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if all(text in self._rows for text in texts):
            return np.stack([self._rows[text] for text in texts])
        return self._encoder.encode(texts)
