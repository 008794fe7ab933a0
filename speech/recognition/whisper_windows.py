"""Whisper's answer for one window, taken apart: sentences by its time tokens, and where the next window begins."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

WINDOW_S: Final = 30.0
STEP_S: Final = 0.02
"""One time token after another."""


@dataclass(frozen=True)
class Sentence:
    """first, last: positions of its text's tokens, last exclusive. Times in seconds from the window's beginning."""

    first: int
    last: int
    start_s: float
    end_s: float


def sentences(tokens: list[int], times_from: int, length_s: float) -> tuple[list[Sentence], float]:
    """The whole sentences of a window of `length_s` seconds, and how far to go on from its beginning.

    tokens: without what was given and without the end. times_from: the id of <|0.00|>. A sentence that the window cuts
    is left to the next one, which begins where the last whole sentence ends.

    >>> sentences([100, 7, 8, 150, 160, 9], 100, 30.0)
    ([Sentence(first=1, last=3, start_s=0.0, end_s=1.0)], 1.0)
    """
    times = [(at, (token - times_from) * STEP_S) for at, token in enumerate(tokens) if token >= times_from]
    found = []
    for (here, start_s), (there, end_s) in pairwise(times):
        if there > here + 1:
            found.append(Sentence(here + 1, there, start_s, end_s))
    ends_whole = bool(tokens) and tokens[-1] >= times_from and (len(tokens) < 2 or tokens[-2] < times_from)
    if ends_whole:
        return found, length_s
    if found and found[-1].end_s > 0:
        return found, found[-1].end_s
    # No pair of times: all of it is one sentence, from the only time there is or from the beginning.
    start_s = times[0][1] if times else 0.0
    first = times[0][0] + 1 if times else 0
    return ([Sentence(first, len(tokens), start_s, length_s)] if first < len(tokens) else []), length_s
