"""The cheapest way through the candidates of a whole clip. Source: Boersma (1993), section 3; his constants."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.voice.prosody.grid import count_frames
from emotion.voice.prosody.pitch import CEILING_HZ, OCTAVE_COST, VOICING_THRESHOLD
from emotion.voice.prosody.span import Span

_SILENCE_THRESHOLD: Final = 0.03
_OCTAVE_JUMP_COST: Final = 0.35
_VOICING_COST: Final = 0.14


def track_pitch(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Fundamental in Hz every 10 ms of a whole recording, 0 where unvoiced; frame i is centred at i × 10 ms.

    samples: float32 mono at 16 kHz, shape (n_samples,). Gain does not matter: silence is relative to the loudest.
    """
    span = Span(max_frames=None)
    span.feed(samples)
    measured = span.close()
    if measured is None:
        return np.zeros(count_frames(samples.size))
    return choose_path(measured.pitch.hz, measured.pitch.strength, measured.pitch.peak)[0]


def choose_path(
    hz: NDArray[np.float32], strength: NDArray[np.float32], peak: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fundamental in Hz, 0 where unvoiced, and the height of its peak in [0, 1], 0 where unvoiced: both (n_frames,).

    hz, strength: candidates of each frame, (n_frames, n_candidates), strength -inf where there is none.
    peak: magnitude of each frame; the largest of the clip is the measure of silence.
    """
    n_frames = len(hz)
    loudest = float(peak.max(initial=0.0))
    if not loudest > 0.0:
        return np.zeros(n_frames), np.zeros(n_frames)
    octave = np.log2(hz, dtype=np.float64)
    score = strength + OCTAVE_COST * (octave - np.log2(CEILING_HZ))
    quiet = np.maximum(0.0, 2.0 - (peak / loudest) / (_SILENCE_THRESHOLD / (1.0 + VOICING_THRESHOLD)))
    unvoiced = VOICING_THRESHOLD + quiet.astype(np.float64)
    # No path gains by a candidate that "unvoiced" beats with a change of voicing on either side, nor by one that
    # the frame's best beats with both jumps to it.
    best = score.argmax(axis=1)[:, None]
    distance = np.abs(octave - np.take_along_axis(octave, best, axis=1))
    useful = score > np.take_along_axis(score, best, axis=1) - 2.0 * _OCTAVE_JUMP_COST * distance
    np.put_along_axis(useful, best, values=True, axis=1)
    useful &= score > unvoiced[:, None] - 2.0 * _VOICING_COST
    rows, columns = np.nonzero(useful)
    ends = np.searchsorted(rows, np.arange(n_frames + 1))
    path = _best_path(score[rows, columns], octave[rows, columns], ends, unvoiced)
    voiced = path >= 0
    chosen = (rows[path[voiced]], columns[path[voiced]])
    found = np.zeros((2, n_frames))
    found[0, voiced], found[1, voiced] = hz[chosen], strength[chosen]
    return found[0], found[1]


def _best_path(
    score: NDArray[np.float64], octave: NDArray[np.float64], ends: NDArray[np.intp], unvoiced: NDArray[np.float64]
) -> NDArray[np.intp]:
    """The candidate chosen in each frame, -1 for "unvoiced": (n_frames,). Those of frame t begin at ends[t].

    Lists, not arrays: a frame has three candidates on average, for which numpy's calls cost more than the sums.
    """
    scores, places, bounds = score.tolist(), (_OCTAVE_JUMP_COST * octave).tolist(), ends.tolist()
    # The first frame is reached from nowhere and pays nothing for it.
    silence = float(unvoiced[0])
    values, before = scores[: bounds[1]], places[: bounds[1]]
    came_from: list[list[int]] = [[-1] * bounds[1]]
    silence_from = [-1]
    for frame, unvoiced_score in enumerate(unvoiced[1:].tolist(), start=1):
        start, end = bounds[frame], bounds[frame + 1]
        now = places[start:end]
        reached, origins = [], []
        for place, own in zip(now, scores[start:end], strict=True):
            top, origin = silence - _VOICING_COST, -1
            for index, value in enumerate(values):
                jump = place - before[index]
                reach = value - jump if jump > 0.0 else value + jump
                if reach > top:
                    top, origin = reach, index
            reached.append(top + own)
            origins.append(origin)
        best = max(values, default=-np.inf) - _VOICING_COST
        silence_from.append(values.index(max(values)) if best > silence else -1)
        silence = max(best, silence) + unvoiced_score
        came_from.append(origins)
        values, before = reached, now
    state = values.index(max(values)) if values and max(values) > silence else -1
    path = np.full(len(unvoiced), -1, dtype=np.intp)
    for frame in range(len(unvoiced) - 1, -1, -1):
        if state >= 0:
            path[frame] = bounds[frame] + state
            state = came_from[frame][state]
        else:
            state = silence_from[frame]
    return path
