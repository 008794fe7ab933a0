"""Stretches of speech are packed into chunks as long as the engine takes at once.

Recognisers use what was said before: jfk.flac in five stretches gives Moonshine four wrong words, whole it gives none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from speech.activity.stretches import Stretch
from vocabulary import SAMPLE_RATE_HZ

# A longer pause is left out, up to the margins of the stretches around it.
_PAUSE_S = 1.5
# Where to look for a place to cut, as a share of the longest chunk, and how long the quiet must be.
_LOOK_BACK = 0.4
_QUIET_S = 0.1


@dataclass(frozen=True)
class Chunk:
    """Speech that is recognised at once: pieces of the clip, one after the other.

    pieces: (start_s, end_s) in the clip, in order. peak, mean: evidence of speech, None where there is none.
    """

    pieces: tuple[tuple[float, float], ...]
    peak: float | None
    mean: float | None

    @property
    def seconds(self) -> float:
        """How long the pieces are together."""
        return sum(end - start for start, end in self.pieces)

    def samples(self, whole: NDArray[np.float32]) -> NDArray[np.float32]:
        """The chunk's sound, (n_samples,), out of the clip's."""
        parts = [whole[_sample(start) : _sample(end)] for start, end in self.pieces]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def clip_s(self, chunk_s: float) -> float:
        """Where a moment of the chunk lies in the clip.

        >>> Chunk(((1.0, 2.0), (5.0, 9.0)), None, None).clip_s(1.5)
        5.5
        """
        for start, end in self.pieces:
            if chunk_s < end - start:
                return start + max(0.0, chunk_s)
            chunk_s -= end - start
        return self.pieces[-1][1]


def packed(found: Sequence[Stretch], samples: NDArray[np.float32], longest_s: float) -> Iterator[Chunk]:
    """Chunks of at most longest_s that hold every stretch, cut only between stretches.

    A stretch that is longer by itself is cut at its quietest place. Raises: ValueError if longest_s is not over 0.
    """
    if longest_s <= 0:
        raise ValueError(f"chunks of {longest_s} s; expected more than 0.")
    held: list[Stretch] = []
    for stretch in found:
        for part in _cut(stretch, samples, longest_s):
            if held and _chunk([*held, part]).seconds > longest_s:
                yield _chunk(held)
                held = []
            held.append(part)
    if held:
        yield _chunk(held)


def halves(chunk: Chunk, samples: NDArray[np.float32]) -> tuple[Chunk, ...]:
    """The chunk in two: at its pause nearest to the middle, or at its quietest place if it has no pause."""
    if len(chunk.pieces) > 1:
        ends = np.cumsum([end - start for start, end in chunk.pieces])[:-1]
        cut = int(np.abs(ends - chunk.seconds / 2).argmin()) + 1
        parts = [chunk.pieces[:cut], chunk.pieces[cut:]]
    else:
        ((start, end),) = chunk.pieces
        third = (end - start) / 3
        middle = _quietest(samples, start + third, end - third)
        parts = [((start, middle),), ((middle, end),)]
    return tuple(Chunk(tuple(part), chunk.peak, chunk.mean) for part in parts)


def _cut(stretch: Stretch, samples: NDArray[np.float32], longest_s: float) -> Iterator[Stretch]:
    start = stretch.start_s
    while stretch.end_s - start > longest_s:
        end = _quietest(samples, start + (1 - _LOOK_BACK) * longest_s, start + longest_s)
        yield Stretch(start, end, stretch.peak, stretch.mean)
        start = end
    yield Stretch(start, stretch.end_s, stretch.peak, stretch.mean)


def _quietest(samples: NDArray[np.float32], first_s: float, last_s: float) -> float:
    """The middle of the quietest 100 ms between two moments."""
    first, width = _sample(first_s), _sample(_QUIET_S)
    part = samples[first : _sample(last_s)].astype(np.float64)
    if part.size <= width:
        return (first_s + last_s) / 2
    sums = np.cumsum(np.concatenate([[0.0], part * part]))
    return (first + int((sums[width:] - sums[:-width]).argmin()) + width / 2) / SAMPLE_RATE_HZ


def _chunk(held: Sequence[Stretch]) -> Chunk:
    pieces: list[tuple[float, float]] = []
    for stretch in held:
        if pieces and stretch.start_s - pieces[-1][1] <= _PAUSE_S:
            pieces[-1] = (pieces[-1][0], stretch.end_s)
        else:
            pieces.append((stretch.start_s, stretch.end_s))
    peaks = [stretch.peak for stretch in held if stretch.peak is not None]
    means = [(stretch.mean, stretch.seconds) for stretch in held if stretch.mean is not None]
    whole_s = sum(seconds for _, seconds in means)
    return Chunk(
        tuple(pieces),
        max(peaks) if peaks else None,
        sum(mean * seconds for mean, seconds in means) / whole_s if whole_s else None,
    )


def _sample(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)
