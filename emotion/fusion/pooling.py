"""Several modalities' scores to one emotion: reliability-weighted log-linear pooling."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import FusionError
from vocabulary import LABELS, Emotion, Modality, ModalityScore

RELIABILITY: Final = {
    Modality.TEXT: 1.0,
    Modality.VOICE: 0.5,
    Modality.FACE: 0.5,
    Modality.BEHAVIOUR: 0.5,
}
"""How much a modality's confidence counts against the others'. Only the ratios matter."""

CERTAIN_FLOOR: Final = 0.5
"""Below it the assistant must not act on the label: it is as likely wrong as right."""

CONTRADICTION_FLOOR: Final = 0.4
"""Each side of a contradiction must be at least this confident, and hold a fifth of the weight."""

_MIN_SHARE: Final = 0.2
_OPPOSED_VALENCE: Final = 0.3
_TINY: Final = 1e-4  # no single modality may veto a label


def fuse(scores: Sequence[ModalityScore]) -> Emotion | None:
    """Pool what the present modalities say; None when there are none.

    Each modality's weight is its reliability × its confidence; weights are shared out to sum to 1, and the
    pooled distribution is the weighted geometric mean of the single ones. So one modality alone gives exactly
    its own calibrated distribution, and one without confidence counts as if it were absent. Where a scorer
    does not know a label, it takes the view of those who do: it neither supports nor opposes it.

    confidence is the weighted chance that the modalities give the pooled label: disagreement lowers it.
    The order of `scores` does not matter. Raises: FusionError when a modality appears twice.

    >>> text = ModalityScore(Modality.TEXT, (0.7, 0.0, 0.0, 0.0, 0.0, 0.0, 0.3), confidence=0.7)
    >>> fuse([text]).probabilities == text.probabilities
    True
    """
    if not scores:
        return None
    ordered = sorted(scores, key=lambda score: score.modality.value)
    modalities = [score.modality for score in ordered]
    if len(set(modalities)) != len(modalities):
        raise FusionError(
            f"scores for {', '.join(modalities)}; expected each modality at most once. "
            "Average the clips or frames of one turn inside their scorer."
        )
    shares = _shares(ordered)
    probabilities = _pool(ordered, shares)
    label = LABELS[int(np.argmax(probabilities))]
    confidence = _confidence(ordered, shares, label)
    mixed = _contradicts(ordered, shares)
    return Emotion(
        probabilities=tuple(float(value) for value in probabilities),
        confidence=confidence,
        contributions=dict(zip(modalities, (float(share) for share in shares), strict=True)),
        mixed=mixed,
        certain=confidence >= CERTAIN_FLOOR and not mixed,
        arousal=_mean([score.arousal for score in ordered], shares),
        valence=_mean([score.valence for score in ordered], shares),
        frustration_cue=_corroborate([score.frustration_cue for score in ordered], shares),
    )


def _shares(scores: Sequence[ModalityScore]) -> NDArray[np.float64]:
    weights = np.array([RELIABILITY[score.modality] * score.confidence for score in scores])
    if not weights.sum() > 0:
        weights = np.ones(len(scores))
    return np.asarray(weights / weights.sum())


def _pool(scores: Sequence[ModalityScore], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(scores) == 1:
        return np.array(scores[0].probabilities)
    probabilities = np.array([score.probabilities for score in scores])
    known = np.array([[label in score.known_labels for label in LABELS] for score in scores])
    # What those who know a label say about it, so that the others can abstain on it.
    knowing = (shares[:, None] * known).sum(axis=0)
    view = (shares[:, None] * known * probabilities).sum(axis=0) / np.maximum(knowing, 1e-12)
    view /= max(float(view.sum()), 1e-12)
    left_over = np.where(known, view, 0.0).sum(axis=1, keepdims=True)
    own = np.where(known, probabilities, 0.0)
    own = own / np.maximum(own.sum(axis=1, keepdims=True), 1e-12)
    completed = np.where(known, own * left_over, view)
    logs = np.log(np.maximum(completed, _TINY))
    pooled = np.exp((shares[:, None] * logs).sum(axis=0))
    return np.asarray(pooled / pooled.sum())


def _confidence(scores: Sequence[ModalityScore], shares: NDArray[np.float64], label: str) -> float:
    """Share-weighted chance that the modalities which know `label` give it.

    A modality's chance for a label is its confidence scaled by how far that label lies below its own best.
    """
    total = weight = 0.0
    for score, share in zip(scores, shares, strict=True):
        if label in score.known_labels:
            best = max(score.probabilities)
            chance = score.confidence * score.probabilities[LABELS.index(label)] / best
            total += float(share) * chance
            weight += float(share)
    return min(1.0, total / weight) if weight > 0 else 0.0


def _contradicts(scores: Sequence[ModalityScore], shares: NDArray[np.float64]) -> bool:
    """Two modalities that both count and are both confident pull valence to opposite sides.

    A flat voice with angry words is no contradiction: neutral has no side.
    """
    sides = {
        _side(score)
        for score, share in zip(scores, shares, strict=True)
        if score.confidence >= CONTRADICTION_FLOOR and share >= _MIN_SHARE
    }
    return {1, -1} <= sides


def _side(score: ModalityScore) -> int:
    label = LABELS[int(np.argmax(score.probabilities))]
    if label == "happiness":
        return 1
    if label in ("anger", "disgust", "fear", "sadness"):
        return -1
    if label == "surprise" and score.valence is not None and abs(score.valence) >= _OPPOSED_VALENCE:
        return 1 if score.valence > 0 else -1
    return 0


def _mean(values: Sequence[float | None], shares: NDArray[np.float64]) -> float | None:
    present = [(value, float(share)) for value, share in zip(values, shares, strict=True) if value is not None]
    total = sum(share for _, share in present)
    if not present:
        return None
    if len(present) == 1 or total <= 0:
        return present[0][0]
    return float(np.clip(sum(value * share for value, share in present) / total, -1.0, 1.0))


def _corroborate(values: Sequence[float | None], shares: NDArray[np.float64]) -> float | None:
    """Noisy or: 1 - product of (1 - weight x cue), where the weightiest modality that has a cue weighs 1.

    Cues are evidence of dissatisfaction, and its absence in one modality is not evidence against it in another:
    people complain calmly. So a raised voice adds to hot words, and a flat one takes nothing away.
    Words .8, voice .5 at half the weight: 1 - .2 x .75 = .85.
    """
    present = [(value, float(share)) for value, share in zip(values, shares, strict=True) if value is not None]
    if not present:
        return None
    if len(present) == 1:
        return present[0][0]
    most = max(share for _, share in present)
    doubt = 1.0
    for value, share in present:
        doubt *= 1.0 - value * (share / most if most > 0 else 1.0)
    return float(np.clip(1.0 - doubt, 0.0, 1.0))
