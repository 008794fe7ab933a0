"""Probabilities of speech, frame by frame, become stretches of speech."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Silero's authors begin at 0.5 and end 0.15 lower.
_BEGIN: Final = 0.5
_END: Final = 0.35
# 96 ms. A lone "hi" of four flite voices has five frames over the lower mark or more, most clicks have two.
_FEWEST_FRAMES = 3


@dataclass(frozen=True)
class Stretch:
    """Where somebody speaks: start_s, end_s from the beginning of the clip, margins included.

    peak, mean: of the frames' probabilities of speech, 0 to 1, margins left out; None where the detector has none.
    """

    start_s: float
    end_s: float
    peak: float | None = None
    mean: float | None = None

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end_s - self.start_s


def stretches(probabilities: NDArray[np.float32], hop_s: float) -> list[Stretch]:
    """Stretches without margins from probabilities, (n_frames,): begun above 0.5, ended below 0.35.

    >>> stretches(np.array([0.1, 0.6, 0.9, 0.4, 0.4, 0.1], dtype=np.float32), 1.0)
    [Stretch(start_s=1.0, end_s=5.0, peak=0.9, mean=0.575)]
    """
    edges = np.diff(np.concatenate([[False], probabilities > _END, [False]]).astype(np.int8))
    found = []
    for first, stop in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
        inside = probabilities[first:stop]
        begun = np.flatnonzero(inside > _BEGIN)
        if not begun.size or stop - first - begun[0] < _FEWEST_FRAMES:
            continue
        inside = inside[begun[0] :]
        found.append(
            Stretch(
                float((first + begun[0]) * hop_s),
                float(stop * hop_s),
                round(float(inside.max()), 4),
                round(float(inside.mean()), 4),
            )
        )
    return found


def with_margins(found: Iterable[Stretch], clip_s: float, *, margin_s: float, join_s: float) -> tuple[Stretch, ...]:
    """The stretches, in order, widened by a margin, made one where less than join_s lies between them."""
    joined: list[Stretch] = []
    for stretch in found:
        if joined and stretch.start_s - joined[-1].end_s < join_s:
            joined[-1] = _together(joined[-1], stretch)
        else:
            joined.append(stretch)
    return tuple(
        Stretch(max(0.0, each.start_s - margin_s), min(clip_s, each.end_s + margin_s), each.peak, each.mean)
        for each in joined
    )


def _together(first: Stretch, second: Stretch) -> Stretch:
    if first.peak is None or second.peak is None or first.mean is None or second.mean is None:
        return Stretch(first.start_s, second.end_s)
    mean = (first.mean * first.seconds + second.mean * second.seconds) / (first.seconds + second.seconds)
    return Stretch(first.start_s, second.end_s, max(first.peak, second.peak), mean)
