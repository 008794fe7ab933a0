"""When each token was spoken: read from where the decoder looked in the sound."""

import numpy as np
from numpy.typing import NDArray

_SMOOTHED = 7


def token_starts(looks: NDArray[np.floating], frames: int) -> NDArray[np.int64]:
    """The frame at which each token begins: (n_tokens,), rising.

    looks: attention of the alignment heads, (n_heads, n_tokens, n_positions); frames: how many positions hold sound.
    Each position is normalised over the tokens, smoothed over seven positions, and the cheapest monotonous path through
    tokens and positions is taken. Source: `whisper/timing.py` of openai-whisper (method of Radford et al. 2022).
    """
    looks = looks[:, :, : max(1, frames)].astype(np.float64)
    spread = looks.std(axis=1, keepdims=True)
    looks = (looks - looks.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
    if looks.shape[2] > _SMOOTHED:
        padded = np.pad(looks, ((0, 0), (0, 0), (_SMOOTHED // 2, _SMOOTHED // 2)), mode="reflect")
        looks = np.median(np.lib.stride_tricks.sliding_window_view(padded, _SMOOTHED, axis=2), axis=-1)
    return cheapest_path(-looks.mean(axis=0))


def cheapest_path(cost: NDArray[np.floating]) -> NDArray[np.int64]:
    """The first column of each row on the cheapest path from the first cell to the last, by steps right, down or both.

    cost: (n_rows, n_columns).

    >>> cheapest_path(np.array([[0.0, 0, 9, 9], [9, 9, 0, 0]])).tolist()
    [0, 2]
    """
    rows, columns = cost.shape
    before = np.full(columns + 1, np.inf)
    before[0] = 0.0
    totals = np.empty((rows + 1, columns + 1))
    totals[0] = before
    for row in range(rows):
        # Enter from above or diagonally, then go right: the least over all places of entry, by running sums.
        entered = np.minimum(before[1:], before[:-1])
        sums = np.cumsum(cost[row])
        totals[row + 1, 0] = np.inf
        totals[row + 1, 1:] = sums + np.minimum.accumulate(entered - sums + cost[row])
        before = totals[row + 1]
    starts = np.zeros(rows, dtype=np.int64)
    row, column = rows, columns
    while row > 0:
        starts[row - 1] = column - 1
        diagonal, up, left = totals[row - 1, column - 1], totals[row - 1, column], totals[row, column - 1]
        if diagonal <= up and diagonal <= left:
            row, column = row - 1, column - 1
        elif up <= left:
            row -= 1
        else:
            column -= 1
    return starts
