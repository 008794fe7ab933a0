"""Fitting pooling's constants: temperatures on each modality alone, the rest on synthetic turns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from emotion.fusion.options import FusionOptions
from emotion.fusion.pooling import contradiction, pooled_probabilities, temper
from emotion.training.fusion.held_out import CLEAN, NOISY, HeldOutItem
from emotion.training.fusion.turns import SyntheticTurn
from vocabulary import LABELS, Modality, ModalityScore

_TEMPERATURES: Final = tuple(float(value) for value in np.geomspace(1.0, 3.0, 45))
_RELIABILITIES: Final = (0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 1.4)
# Little above text's 1: acted corpora have no polite, flat voice with angry words, and service talk is full of them.
_AGREEMENTS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_CONTRADICTIONS: Final = tuple(round(0.30 + 0.01 * step, 2) for step in range(51))
_BEHIND_PENALTY: Final = 10.0
_ROUNDS: Final = 2
_LEAST: Final = 1e-6


def fit_options(
    items: Mapping[Modality, Sequence[HeldOutItem]], turns: Sequence[SyntheticTurn], *, version: str
) -> FusionOptions:
    """The options with the least log loss of the true label, that do no worse than the best single modality.

    items: the half to fit, by modality. turns: synthetic turns of the same half; those that contradict count
    for the threshold of contradiction alone. Every turn is seen whole, with each modality missing, and with each
    one noisy. Reliabilities and agreement take turns on a grid; text's reliability is 1, because only ratios matter.
    """
    fitted = FusionOptions(
        temperature={modality.value: _fit_temperature(pool) for modality, pool in items.items()}, version=version
    )
    fitted = replace(fitted, habit={modality.value: _habit(pool, fitted) for modality, pool in items.items()})
    views = [_View.of(turns, conditions, fitted) for conditions in conditions_of(list(items))]
    for _ in range(_ROUNDS):
        for name in sorted(modality.value for modality in items if modality is not Modality.TEXT):
            candidates = [replace(fitted, reliability={**fitted.reliability, name: value}) for value in _RELIABILITIES]
            fitted = _best(candidates, views)
        fitted = _best([replace(fitted, agreement=value) for value in _AGREEMENTS], views)
    return replace(fitted, contradiction_from=_fit_contradiction(turns, fitted))


def conditions_of(modalities: Sequence[Modality]) -> list[dict[Modality, str | None]]:
    """All clean; then each noisy; then, of three and more, each missing."""
    whole: dict[Modality, str | None] = dict.fromkeys(modalities, CLEAN)
    noisy = [{**whole, name: NOISY} for name in modalities]
    missing = [{**whole, name: None} for name in modalities] if len(modalities) > 2 else []
    return [whole, *noisy, *missing]


@dataclass(frozen=True)
class _View:
    """Tempered turns with a label under one condition. best_single: accuracy of the best modality alone."""

    cases: tuple[tuple[tuple[ModalityScore, ...], str], ...]
    best_single: float

    @classmethod
    def of(
        cls, turns: Sequence[SyntheticTurn], conditions: Mapping[Modality, str | None], options: FusionOptions
    ) -> Self:
        cases = [
            (tuple(temper(score, options) for score in turn.scores(conditions)), turn.label)
            for turn in turns
            if turn.label is not None
        ]
        cases = [(scores, label) for scores, label in cases if len(scores) > 1]
        right: dict[Modality, int] = {}
        for scores, label in cases:
            for score in scores:
                hit = LABELS[int(np.argmax(score.probabilities))] == label
                right[score.modality] = right.get(score.modality, 0) + hit
        return cls(tuple(cases), max(right.values(), default=0) / max(1, len(cases)))

    def loss(self, options: FusionOptions) -> float:
        """Log loss, and a penalty for being worse than the best modality alone."""
        total, right = 0.0, 0
        options = replace(options, temperature={})
        for scores, label in self.cases:
            pooled = pooled_probabilities(scores, options=options)
            position = LABELS.index(label)
            total -= np.log(max(float(pooled[position]), _LEAST))
            right += int(pooled.argmax()) == position
        behind = max(0.0, self.best_single - right / len(self.cases))
        return float(total) / len(self.cases) + _BEHIND_PENALTY * behind


def _best(candidates: Sequence[FusionOptions], views: Sequence[_View]) -> FusionOptions:
    return min(candidates, key=lambda options: sum(view.loss(options) for view in views))


def _fit_contradiction(turns: Sequence[SyntheticTurn], options: FusionOptions) -> float:
    """The threshold with the best F(0.5): a false contradiction costs more than a missed one."""
    found = np.array([contradiction(turn.scores({}), options=options) for turn in turns])
    truth = np.array([turn.label is None for turn in turns])

    def goodness(threshold: float) -> float:
        called = found >= threshold
        hits = float((called & truth).sum())
        return 1.25 * hits / (0.25 * float(truth.sum()) + float(called.sum()) + _LEAST)

    return max(_CONTRADICTIONS, key=goodness)


def _habit(pool: Sequence[HeldOutItem], options: FusionOptions) -> tuple[float, ...]:
    """The mean reading of clean items, every label of the corpus counting the same."""
    means = []
    for label in LABELS:
        rows = [
            temper(one.readings[CLEAN], options).probabilities
            for one in pool
            if one.label == label and CLEAN in one.readings
        ]
        if rows:
            means.append(np.mean(rows, axis=0))
    return tuple(round(float(value), 4) for value in np.mean(means, axis=0))


def _fit_temperature(pool: Sequence[HeldOutItem]) -> float:
    """On the top probability of clean items; at least 1, see FusionOptions."""
    clean = [(one.readings[CLEAN], one.label) for one in pool if CLEAN in one.readings]
    modality = clean[0][0].modality.value if clean else ""

    def loss(temperature: float) -> float:
        options = FusionOptions(temperature={modality: temperature})
        total = 0.0
        for score, label in clean:
            after = temper(score, options)
            right = LABELS[int(np.argmax(after.probabilities))] == label
            total -= np.log(max(after.confidence if right else 1.0 - after.confidence, _LEAST))
        return float(total)

    return min(_TEMPERATURES, key=loss) if clean else 1.0
