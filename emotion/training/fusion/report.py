"""How fusions compare on synthetic turns: each modality alone, pooled, feature-level, attention; all conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.evaluation.metrics import expected_calibration_error, measure
from emotion.fusion.options import FusionOptions
from emotion.fusion.pooling import fuse
from emotion.training.fusion.fitting import conditions_of
from emotion.training.fusion.held_out import CLEAN, NOISY
from emotion.training.fusion.networks import LearntFusion
from emotion.training.fusion.turns import CONTRADICTORY_SHARE, SyntheticTurn
from vocabulary import LABELS, Modality, ModalityScore

ALLOWED_BEHIND: Final = 0.01
"""A fusion may be this far behind the best single modality, and no further."""

POOLED: Final = "pooled"
POOLED_EVEN: Final = "pooled, even labels"


@dataclass(frozen=True)
class Row:
    """One way under one condition. accuracy = mean recall, as every label is equally frequent; ece: of confidence."""

    accuracy: float
    uar: float
    ece: float
    mean_confidence: float


@dataclass(frozen=True)
class Condition:
    """One condition. rows: by way ("text", ..., "pooled", "feature-level", "attention").

    behind: for each fusion, accuracy of the best modality alone minus its own; negative where fusion wins.
    """

    name: str
    rows: Mapping[str, Row]
    behind: Mapping[str, float]


@dataclass(frozen=True)
class Contradictions:
    """Of `mixed` against the turns that were made to contradict.

    certain: share of contradictory turns that fusion is certain about although they contradict; 0 is best.
    """

    precision: float
    recall: float
    certain: float
    base_rate: float = CONTRADICTORY_SHARE


@dataclass(frozen=True)
class FusionReport:
    """All figures are *synthetic*: see `kind`."""

    turns: int
    sources: Mapping[str, str]
    conditions: tuple[Condition, ...]
    contradictions: Contradictions
    options: Mapping[str, Any]
    kind: str = "synthetic: same-label pairs of disjoint held-out items, and a declared share of contradictory ones"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def most_behind(self) -> Mapping[str, float]:
        """By fusion: the most that it is behind the best single modality under any condition."""
        ways = self.conditions[0].behind
        return {way: max(one.behind[way] for one in self.conditions) for way in ways}


def compare(
    turns: Sequence[SyntheticTurn],
    modalities: Sequence[Modality],
    options: FusionOptions,
    nets: Mapping[str, LearntFusion],
    sources: Mapping[str, str],
) -> FusionReport:
    """Measure every way on the same turns of the reporting half."""
    labelled = [turn for turn in turns if turn.label is not None]
    conditions: list[dict[Modality, str | None]] = [*conditions_of(modalities), dict.fromkeys(modalities, NOISY)]
    if len(modalities) == 2:
        conditions += [{one: None if one is name else CLEAN for one in modalities} for name in modalities]
    return FusionReport(
        turns=len(turns),
        sources=sources,
        conditions=tuple(_condition(labelled, modalities, one, options, nets) for one in conditions),
        contradictions=_contradictions(turns, options),
        options=options.to_dict(),
    )


def _condition(
    turns: Sequence[SyntheticTurn],
    modalities: Sequence[Modality],
    condition: Mapping[Modality, str | None],
    options: FusionOptions,
    nets: Mapping[str, LearntFusion],
) -> Condition:
    truth = [turn.label or "" for turn in turns]
    seen = [turn.scores(condition) for turn in turns]
    rows: dict[str, Row] = {}
    for modality in modalities:
        if condition[modality] is not None:
            rows[modality.value] = _pooled_row(
                [[one for one in s if one.modality is modality] for s in seen], truth, options
            )
    best = max(row.accuracy for row in rows.values())
    rows[POOLED] = _pooled_row(seen, truth, options)
    # Learnt fusions know that the labels of synthetic turns are equally frequent; this is pooling that knows it, too.
    rows[POOLED_EVEN] = _pooled_row(seen, truth, replace(options, habit_kept=0.0))
    for name, net in nets.items():
        probabilities = net.probabilities(seen)
        rows[name] = _row(probabilities, probabilities.max(axis=1), truth)
    behind = {name: best - rows[name].accuracy for name in (POOLED, POOLED_EVEN, *nets)}
    return Condition(_name(condition), rows, behind)


def _name(condition: Mapping[Modality, str | None]) -> str:
    changed = [f"{name} {'missing' if how is None else how}" for name, how in condition.items() if how != CLEAN]
    return ", ".join(changed) or "all clean"


def _pooled_row(seen: Sequence[Sequence[ModalityScore]], truth: Sequence[str], options: FusionOptions) -> Row:
    probabilities = np.full((len(seen), len(LABELS)), 1.0 / len(LABELS))
    confidence = np.full(len(seen), 1.0 / len(LABELS))
    for at, scores in enumerate(seen):
        emotion = fuse(scores, options=options)
        if emotion is not None:
            probabilities[at], confidence[at] = emotion.probabilities, emotion.confidence
    return _row(probabilities, confidence, truth)


def _row(probabilities: NDArray[np.float64], confidence: NDArray[np.float64], truth: Sequence[str]) -> Row:
    figures = measure(probabilities, truth)
    right = probabilities.argmax(axis=1) == np.array([LABELS.index(label) for label in truth])
    assert figures.accuracy is not None and figures.uar is not None
    return Row(figures.accuracy, figures.uar, expected_calibration_error(confidence, right), float(confidence.mean()))


def _contradictions(turns: Sequence[SyntheticTurn], options: FusionOptions) -> Contradictions:
    emotions = [fuse(turn.scores({}), options=options) for turn in turns]
    truth = np.array([turn.label is None for turn in turns])
    called = np.array([emotion is not None and emotion.mixed for emotion in emotions])
    certain = np.array([emotion is not None and emotion.certain for emotion in emotions])
    hits = float((called & truth).sum())
    return Contradictions(
        precision=hits / max(1.0, float(called.sum())),
        recall=hits / max(1.0, float(truth.sum())),
        certain=float(certain[truth].mean()) if truth.any() else 0.0,
    )
