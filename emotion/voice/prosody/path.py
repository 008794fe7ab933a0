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
    # The strongest first, and only as many columns as some frame uses.
    order = np.argsort(-strength, axis=1, kind="stable")
    n_used = max(1, int(np.isfinite(strength).sum(axis=1).max()))
    hz = np.take_along_axis(hz, order, axis=1)[:, :n_used].astype(np.float64)
    strength = np.take_along_axis(strength, order, axis=1)[:, :n_used].astype(np.float64)
    quiet = np.maximum(0.0, 2.0 - (peak / loudest) / (_SILENCE_THRESHOLD / (1.0 + VOICING_THRESHOLD)))
    octave = np.log2(hz)
    score = np.column_stack([strength + OCTAVE_COST * (octave - np.log2(CEILING_HZ)), VOICING_THRESHOLD + quiet])
    path = _best_path(score, octave)
    rows = np.arange(n_frames)
    voiced = path < n_used
    chosen = np.minimum(path, n_used - 1)
    return np.where(voiced, hz[rows, chosen], 0.0), np.where(voiced, strength[rows, chosen], 0.0)


def _best_path(score: NDArray[np.float64], octave: NDArray[np.float64]) -> NDArray[np.intp]:
    """The column chosen in each frame, (n_frames,). The last column of `score` is "unvoiced"."""
    n_frames, n_states = score.shape
    # cost[t, j, i]: from state i of frame t to state j of frame t + 1.
    cost = np.full((n_frames - 1, n_states, n_states), _VOICING_COST)
    np.abs(octave[1:, :, None] - octave[:-1, None, :], out=cost[:, :-1, :-1])
    cost[:, :-1, :-1] *= _OCTAVE_JUMP_COST
    cost[:, -1, -1] = 0.0
    best = score[0]
    came_from = np.zeros((n_frames, n_states), dtype=np.intp)
    states = np.arange(n_states)
    for frame in range(1, n_frames):
        reach = best - cost[frame - 1]
        reach.argmax(axis=1, out=came_from[frame])
        best = reach[states, came_from[frame]] + score[frame]
    path = np.empty(n_frames, dtype=np.intp)
    path[-1] = int(best.argmax())
    for frame in range(n_frames - 1, 0, -1):
        path[frame - 1] = came_from[frame, path[frame]]
    return path
