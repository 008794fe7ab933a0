"""Scorers that have not heard the speaker they are asked about, made as the one that ships is made."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from emotion.errors import EvaluationError
from emotion.evaluation.result import Progress, silent
from emotion.evaluation.sounds import Measured
from emotion.voice.scorer import VoiceScorer

FEWEST_SPEAKERS: Final = 3
"""One is held out; calibration holds another one out of the rest."""


def scorers_without_each_speaker(
    measured: Sequence[Measured], cache: Path, *, progress: Progress = silent
) -> dict[str, VoiceScorer]:
    """For each speaker of the corpus, a scorer fitted on all the others; some 10 s each.

    measured: clips that can be judged; every one says who speaks. cache: a folder for figures of the clips in other
    recording situations, which training needs (minutes at first).
    Raises: EvaluationError with fewer than three speakers.
    """
    from emotion.training.voice.corpus import measure_corpus
    from emotion.training.voice.refit import refit_scorer

    speakers = [str(one.item.speaker) for one in measured]
    names = sorted(set(speakers))
    if len(names) < FEWEST_SPEAKERS:
        raise EvaluationError(
            f"the corpus has {len(names)} speakers ({', '.join(names)}); expected at least {FEWEST_SPEAKERS}, because "
            "the model is fitted again without each of them. Another corpus's layout (--corpus folder) is scored with "
            "the model that ships."
        )
    progress("measuring recording situations", 0, 1)
    corpus = measure_corpus([one.item.path for one in measured], [one.item.truth for one in measured], speakers, cache)
    found = {}
    for at, name in enumerate(names):
        progress("fitting without one speaker", at, len(names))
        found[name] = refit_scorer(corpus, np.array([speaker != name for speaker in speakers]))
    return found
