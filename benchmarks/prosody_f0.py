"""Two tracks of the fundamental held against each other."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

GROSS: Final = 0.20
"""Farther from the other than this is a gross error."""

_SAME_VOICE: Final = 0.25  # octaves between neighbouring frames; beyond, there is nothing to interpolate

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Agreement:
    """One clip, at the other's times. frames: of the other. same_voicing: voiced in both or in neither.
    gross: voiced in both and farther apart than GROSS. cents: distances where voiced in both, shape (n,).
    """

    frames: int
    same_voicing: int
    gross: int
    cents: Array

    @classmethod
    def of(cls, hz: Array, other_times_s: Array, other_hz: Array, *, hop_s: float) -> Self:
        """hz: frame i is at i × hop_s, 0 where unvoiced.

        Voicing is our nearest frame's; the fundamental is interpolated between our two frames about the other's time
        where both are voiced and within a quarter of an octave, else the nearest frame's.
        """
        place = np.clip(other_times_s / hop_s, 0, len(hz) - 1)
        nearest = hz[np.rint(place).astype(np.intp)]
        below = np.floor(place).astype(np.intp)
        before, after = np.log2(np.maximum(hz[[below, np.minimum(below + 1, len(hz) - 1)]], 1.0))
        steady = (before > 0) & (after > 0) & (np.abs(after - before) < _SAME_VOICE)
        between = 2.0 ** (before + (place - below) * (after - before))
        ours = np.where(steady & (nearest > 0), between, nearest)
        both = (ours > 0) & (other_hz > 0)
        ratio = ours[both] / other_hz[both]
        return cls(
            frames=len(other_hz),
            same_voicing=int(((ours > 0) == (other_hz > 0)).sum()),
            gross=int((np.abs(ratio - 1.0) > GROSS).sum()),
            cents=np.abs(1200.0 * np.log2(ratio)),
        )


def pooled(clips: list[Agreement]) -> dict[str, float]:
    """Shares over all frames of all clips: voicing and gross in [0, 1], the median distance in cents."""
    cents = np.concatenate([clip.cents for clip in clips])
    return {
        "voicing": round(sum(clip.same_voicing for clip in clips) / sum(clip.frames for clip in clips), 4),
        "median_cents": round(float(np.median(cents)), 2) if cents.size else 0.0,
        "gross": round(sum(clip.gross for clip in clips) / max(1, cents.size), 4),
        "clips": len(clips),
        "frames": sum(clip.frames for clip in clips),
        "voiced_in_both": int(cents.size),
    }
