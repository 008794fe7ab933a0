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
