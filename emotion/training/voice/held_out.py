"""Scores of clips by models that have not heard their speakers, with and without a baseline of earlier clips."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emotion.evaluation.metrics import Metrics, measure
from emotion.voice.baseline import SpeakerBaseline
from emotion.voice.measured import Measured
from emotion.voice.scorer import VoiceScorer
from vocabulary import LABELS

Row = Measured | None
ScorerOf = Callable[[str], VoiceScorer]

ORDERS = 20
"""Seeded orders of each speaker's clips, of which the first ones are the baseline."""


@dataclass(frozen=True)
class Scores:
    """probabilities (n, 7), arousal (n,), and which clips they are of (n,)."""

    probabilities: NDArray[np.float64]
    arousal: NDArray[np.float64]
    clips: NDArray[np.intp]


def score_rows(
    rows: Sequence[Row], speakers: NDArray[np.str_], scorer_of: ScorerOf, *, online: int, seed: int
) -> Scores:
    """Score every clip that could be judged. scorer_of: a speaker's name to a scorer that has not heard that speaker.

    online: the first so many clips of each speaker, in an order by `seed`, are the baseline and are not scored.
    """
    rng = np.random.default_rng(seed)
    probabilities, arousal, clips = [], [], []
    for name in sorted(set(speakers.tolist())):
        scorer, baseline = scorer_of(name), SpeakerBaseline()
        order = rng.permutation([at for at in np.flatnonzero(speakers == name).tolist() if rows[at] is not None])
        for at in order[:online]:
            baseline = scorer.heard(_figures(rows[at]), baseline)
        later = order[online:]
        if later.size:
            view = scorer.view(np.stack([_figures(rows[at]) for at in later]), baseline)
            probabilities.append(view.probabilities)
            arousal.append(view.arousal)
            clips.append(later)
    return Scores(np.concatenate(probabilities), np.concatenate(arousal), np.concatenate(clips))


def measure_scores(scores: Scores, labels: NDArray[np.str_], known: Sequence[str] = LABELS) -> Metrics:
    """Figures of one order; boredom counts as neutral,."""
    truth = [str(label) for label in labels[scores.clips]]
    plain = ["neutral" if label == "boredom" else label for label in truth]
    return measure(scores.probabilities, plain, known=known)


def over_orders(
    rows: Sequence[Row], labels: NDArray[np.str_], speakers: NDArray[np.str_], scorer_of: ScorerOf, *, online: int
) -> dict[str, float]:
    """Mean figures of ORDERS orders, or of the only one without a baseline."""
    found = []
    for seed in range(ORDERS if online else 1):
        scores = score_rows(rows, speakers, scorer_of, online=online, seed=seed)
        one = measure_scores(scores, labels)
        found.append({name: value for name, value in one.to_dict().items() if isinstance(value, float)} | _recalls(one))
    return {name: float(np.mean([one[name] for one in found])) for name in found[0]}


def _recalls(one: Metrics) -> dict[str, float]:
    return {f"recall {label}": value for label, value in one.recall.items()}


def _figures(row: Row) -> NDArray[np.float64]:
    assert row is not None
    return row.figures.astype(np.float64)
