"""What a doubted signal still counts: less, never nothing, because a doubt may be wrong."""

from dataclasses import replace
from typing import Final

from vocabulary import DOUBTED_FROM, ModalityScore

LEAST_TRUST: Final = 0.2
"""Of a signal that is doubted as much as can be."""


def trust(doubt: float | None) -> float:
    """1 below DOUBTED_FROM and where nobody looked, then falling evenly to LEAST_TRUST at 1.

    >>> [round(trust(doubt), 3) for doubt in (None, 0.4, 0.75, 1.0)]
    [1.0, 1.0, 0.6, 0.2]
    """
    if doubt is None or doubt <= DOUBTED_FROM:
        return 1.0
    return LEAST_TRUST + (1.0 - LEAST_TRUST) * (1.0 - doubt) / (1.0 - DOUBTED_FROM)


def trusted(score: ModalityScore) -> ModalityScore:
    """The same reading with its confidence and its cue of dissatisfaction lowered by the trust in its signal.

    Its weight in pooling goes with its confidence, so it counts less beside others; alone it is less certain.
    """
    share = trust(score.doubt)
    if share == 1.0:
        return score
    cue = None if score.frustration_cue is None else score.frustration_cue * share
    return replace(score, confidence=score.confidence * share, frustration_cue=cue)
