"""Vectors for items: known ones are looked up, new ones are embedded chunk by chunk and kept at once."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.embedding.texts import key_of, text_of
from recommender.embedding.vectors import TextVectors
from recommender.index.files import writing
from vocabulary import Item, TextEncoder

Progress = Callable[[int, int], None]

CHUNK: Final = 256
"""Texts that are embedded and written at a time; so many are lost at most when the process is killed."""


def rows_of(
    items: Sequence[Item],
    vectors: TextVectors,
    trusted: Callable[[NDArray[np.int64]], NDArray[np.bool_]],
    encoder: TextEncoder,
    folder: Path,
    progress: Progress | None,
) -> tuple[NDArray[np.int64], int]:
    """The row of each item's text, and how many texts were embedded for that.

    trusted: of rows, which ones are in use and need no look at their checksum. Raises: EncoderError.
    """
    texts = [text_of(item) for item in items]
    keys = [key_of(text) for text in texts]
    vectors.refresh()
    rows = vectors.find(keys)
    known = rows >= 0
    doubtful = np.unique(rows[known][~trusted(rows[known])])
    if len(doubtful):
        # A damaged vector is as good as none: its text is embedded again.
        rows[np.isin(rows, doubtful[~vectors.sound(doubtful)])] = -1
    missing = {keys[place]: texts[place] for place in np.flatnonzero(rows < 0).tolist()}
    if not missing:
        return rows, 0
    ordered = list(missing)
    damaged = set(ordered) & {keys[place] for place in np.flatnonzero(known & (rows < 0)).tolist()}
    embedded = 0
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        with writing(folder):
            # Another process may have embedded the same catalogue meanwhile.
            vectors.refresh()
            there = vectors.find(chunk)
            new = [key for key, row in zip(chunk, there.tolist(), strict=True) if row < 0 or key in damaged]
            vectors.append(new, encoder.encode([missing[key] for key in new]))
        embedded += len(new)
        if progress is not None:
            progress(min(start + CHUNK, len(ordered)), len(ordered))
    return vectors.find(keys), embedded
