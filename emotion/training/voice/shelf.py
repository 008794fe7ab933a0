"""Measured clips in one file, so that they are measured once."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotion.voice.measured import Measured


def save_rows(path: Path, rows: Sequence[Measured | None]) -> None:
    """Write them; spectra in half precision, one after the other."""
    present = [row for row in rows if row is not None]
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez(
        partial,
        present=np.array([row is not None for row in rows]),
        figures=np.array([row.figures for row in present], dtype=np.float32),
        loudness=np.array([row.loudness_dbfs for row in present], dtype=np.float32),
        lengths=np.array([len(row.bands_db) for row in present], dtype=np.int64),
        bands=np.concatenate([row.bands_db for row in present] or [np.zeros((0, 1), np.float32)]).astype(np.float16),
    )
    partial.replace(path)


def load_rows(path: Path) -> tuple[Measured | None, ...] | None:
    """Read them back; None where there are none, or not whole."""
    try:
        with np.load(path) as stored:
            ends = np.cumsum(stored["lengths"])
            bands = np.split(stored["bands"].astype(np.float32), ends[:-1]) if ends.size else []
            found = iter(zip(stored["figures"], bands, stored["loudness"], strict=True))
            return tuple(_row(*next(found)) if there else None for there in stored["present"])
    except (OSError, ValueError, KeyError):
        return None


def _row(figures: NDArray[np.float32], bands_db: NDArray[np.float32], loudness_dbfs: float) -> Measured:
    return Measured(figures, bands_db, float(loudness_dbfs))
