"""Several modalities' scores to one emotion: reliability-weighted log-linear pooling."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import FusionError
from emotion.fusion.doubt import trusted
from emotion.fusion.options import DEFAULTS, FusionOptions
from vocabulary import LABELS, Emotion, Modality, ModalityScore

CUE_WEIGHT: Final[Mapping[Modality, float]] = {
    Modality.TEXT: 1.0,
    Modality.VOICE: 0.5,
    Modality.FACE: 0.5,
    Modality.BEHAVIOUR: 0.5,
}
"""What a modality's cue of dissatisfaction counts beside the others': words say what is wrong, tones hint."""

UNKNOWN_CUE_WEIGHT: Final = 0.25
"""Of a modality that nobody has measured here, such as a plug-in's."""

_MIN_SHARE: Final = 0.2  # of the weight, that each side of a contradiction must hold
_OPPOSED_VALENCE: Final = 0.3
_HURT: Final = ("anger", "disgust", "fear", "sadness")
_TINY: Final = 1e-4  # no single modality may veto a label


def fuse(scores: Sequence[ModalityScore], *, options: FusionOptions = DEFAULTS) -> Emotion | None:
    """Pool what the present modalities say; None when there are none.

    Each modality's weight is its reliability × its confidence; weights are shared out to sum to 1, and the
    pooled distribution is the weighted geometric mean of the single ones, raised to n ** agreement, where n is
    the effective number of modalities, 1 / sum of squared shares. So one modality alone gives exactly its own
    calibrated distribution, one without confidence counts as if it were absent, and those that agree make each
    other surer. What scorers say out of habit is counted once, not once for each of them. Where a scorer does not
    know a label, it takes the view of those who do: it neither supports nor opposes it.

    A doubted signal (ModalityScore.doubt) has less confidence and a smaller cue (emotion.fusion.doubt).
    confidence is the chance that the pooled label is right: the pooled probability, lowered as far as the scorers
    themselves put their confidence below their best probability.
    The order of `scores` does not matter. Raises: FusionError when a modality appears twice.

    >>> from vocabulary import Modality
    >>> text = ModalityScore(Modality.TEXT, (0.7, 0.0, 0.0, 0.0, 0.0, 0.0, 0.3), confidence=0.7)
    >>> fuse([text]).probabilities == text.probabilities
    True
    """
    if not scores:
        return None
    ordered = _in_order(scores, options)
    modalities = [score.modality for score in ordered]
    shares = _shares(ordered, options)
    probabilities = _pool(ordered, shares, options)
    confidence = _confidence(ordered, shares, probabilities)
    mixed = contradiction(scores, options=options) >= options.contradiction_from
    return Emotion(
        probabilities=tuple(float(value) for value in probabilities),
        confidence=confidence,
        contributions=dict(zip(modalities, (float(share) for share in shares), strict=True)),
        mixed=mixed,
        certain=confidence >= options.certain_from and not mixed,
        arousal=_mean([score.arousal for score in ordered], shares),
        valence=_mean([score.valence for score in ordered], shares),
        frustration_cue=_corroborate({score.modality: score.frustration_cue for score in ordered}),
        sentiment=_sentiment(ordered, shares),
        engagement=_mean([score.engagement for score in ordered], shares),
        nuances=_nuances(ordered),
    )


def pooled_probabilities(scores: Sequence[ModalityScore], *, options: FusionOptions = DEFAULTS) -> NDArray[np.float64]:
    """The distribution that fuse() gives, shape (7,), and nothing else: a third of the work, for fitting.

    Raises: FusionError without scores, and as fuse().
    """
    if not scores:
        raise FusionError("no scores to pool; expected at least one.")
    ordered = _in_order(scores, options)
    return _pool(ordered, _shares(ordered, options), options)


def _in_order(scores: Sequence[ModalityScore], options: FusionOptions) -> list[ModalityScore]:
    """Tempered and, where doubted, with less confidence, in an order that does not depend on the caller's.

    Raises: FusionError when a modality is twice.
    """
    ordered = [temper(trusted(score), options) for score in sorted(scores, key=lambda score: str(score.modality))]
    modalities = [score.modality for score in ordered]
    if len(set(modalities)) != len(modalities):
        raise FusionError(
            f"scores for {', '.join(modalities)}; expected each modality at most once. "
            "Average the clips or frames of one turn inside their scorer."
        )
    return ordered


def temper(score: ModalityScore, options: FusionOptions) -> ModalityScore:
    """The same reading with its modality's temperature applied to probabilities and confidence."""
    temperature = options.temperature_of(score.modality)
    if temperature == 1.0:
        return score
    before = np.array(score.probabilities)
    after = before ** (1.0 / temperature)
    after /= after.sum()
    confidence = min(1.0, score.confidence * float(after.max() / before.max()))
    return replace(score, probabilities=tuple(float(value) for value in after), confidence=confidence)


def _shares(scores: Sequence[ModalityScore], options: FusionOptions) -> NDArray[np.float64]:
    weights = np.array([options.reliability_of(score.modality) * score.confidence for score in scores])
    if not weights.sum() > 0:
        weights = np.ones(len(scores))
    return np.asarray(weights / weights.sum())


def _pool(scores: Sequence[ModalityScore], shares: NDArray[np.float64], options: FusionOptions) -> NDArray[np.float64]:
    if len(scores) == 1 and options.habit_kept == 1.0:
        return np.array(scores[0].probabilities)
    known = np.array([[label in score.known_labels for label in LABELS] for score in scores])
    said = np.log(_complete(np.array([score.probabilities for score in scores]), known, shares))
    habits = np.array([options.habit_of(score.modality) for score in scores])
    habit = np.log(_complete(habits, known, shares))
    observations = (1.0 / float((shares**2).sum())) ** options.agreement
    powers = observations * (shares @ said) - (observations - options.habit_kept) * (shares @ habit)
    pooled = np.exp(powers - powers.max())
    return np.asarray(pooled / pooled.sum())


def _complete(rows: NDArray[np.float64], known: NDArray[np.bool_], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each row with the labels that its scorer does not know filled in by those who know them. Shape (n, 7)."""
    knowing = (shares[:, None] * known).sum(axis=0)
    view = (shares[:, None] * known * rows).sum(axis=0) / np.maximum(knowing, 1e-12)
    view /= max(float(view.sum()), 1e-12)
    left_over = np.where(known, view, 0.0).sum(axis=1, keepdims=True)
    own = np.where(known, rows, 0.0)
    own = own / np.maximum(own.sum(axis=1, keepdims=True), 1e-12)
    return np.asarray(np.maximum(np.where(known, own * left_over, view), _TINY))


def _confidence(
    scores: Sequence[ModalityScore], shares: NDArray[np.float64], probabilities: NDArray[np.float64]
) -> float:
    held_back = sum(
        float(share) * score.confidence / max(score.probabilities) for score, share in zip(scores, shares, strict=True)
    )
    return min(1.0, float(probabilities.max()) * held_back)


def contradiction(scores: Sequence[ModalityScore], *, options: FusionOptions = DEFAULTS) -> float:
    """[0, 1], how surely two modalities pull valence to opposite sides; 0 with fewer than two.

    The geometric mean of one modality's best glad label and another's best hurt one, over the pairs in which both
    hold a fifth of the weight. A flat voice with angry words is no contradiction: neutral has no side.
    Glad words (.8) in an angry voice (.55): sqrt(.8 × .55) = .66.
    """
    tempered = [temper(trusted(score), options) for score in scores]
    shares = _shares(tempered, options)
    sides = [_sides(score) for score, share in zip(tempered, shares, strict=True) if share >= _MIN_SHARE]
    pairs = [one[0] * other[1] for one, other in permutations(sides, 2)]
    return float(np.sqrt(max(pairs, default=0.0)))


def _sides(score: ModalityScore) -> tuple[float, float]:
    """(best glad label, best hurt label). Surprise is on the side of its valence, if that is clear."""
    by_label = dict(zip(LABELS, score.probabilities, strict=True))
    glad, hurt = by_label["happiness"], max(by_label[label] for label in _HURT)
    if score.valence is not None and abs(score.valence) >= _OPPOSED_VALENCE:
        if score.valence > 0:
            glad = max(glad, by_label["surprise"])
        else:
            hurt = max(hurt, by_label["surprise"])
    return glad, hurt


def _mean(values: Sequence[float | None], shares: NDArray[np.float64]) -> float | None:
    present = [(value, float(share)) for value, share in zip(values, shares, strict=True) if value is not None]
    total = sum(share for _, share in present)
    if not present:
        return None
    if len(present) == 1 or total <= 0:
        return present[0][0]
    return float(np.clip(sum(value * share for value, share in present) / total, -1.0, 1.0))


def _corroborate(values: Mapping[Modality, float | None]) -> float | None:
    """Noisy or: 1 - product of (1 - weight x cue), where the weightiest modality that has a cue weighs 1.

    The weights are CUE_WEIGHT's: how reliable a modality is for labels says nothing about complaints.

    Cues are evidence of dissatisfaction, and its absence in one modality is not evidence against it in another:
    people complain calmly. So a raised voice adds to hot words, and a flat one takes nothing away.
    Words .8, voice .5 at half the weight: 1 - .2 x .75 = .85.
    """
    present = [
        (value, CUE_WEIGHT.get(modality, UNKNOWN_CUE_WEIGHT)) for modality, value in values.items() if value is not None
    ]
    if not present:
        return None
    if len(present) == 1:
        return present[0][0]
    most = max(weight for _, weight in present)
    doubt = 1.0
    for value, weight in present:
        doubt *= 1.0 - value * weight / most
    return float(np.clip(1.0 - doubt, 0.0, 1.0))


def _sentiment(scores: Sequence[ModalityScore], shares: NDArray[np.float64]) -> tuple[float, ...] | None:
    """Share-weighted mean of those that can tell."""
    present = [(one.sentiment, float(share)) for one, share in zip(scores, shares, strict=True) if one.sentiment]
    if not present:
        return None
    weights = np.array([share for _, share in present])
    rows = np.array([sentiment for sentiment, _ in present])
    pooled = weights @ rows if weights.sum() > 0 else rows.mean(axis=0)
    return tuple(float(value) for value in pooled / pooled.sum())


def _nuances(scores: Sequence[ModalityScore]) -> dict[str, float]:
    """Each finer reading, from the modalities that give it; they corroborate each other as cues do."""
    names = sorted({name for score in scores for name in score.nuances})
    values = {name: _corroborate({score.modality: score.nuances.get(name) for score in scores}) for name in names}
    return {name: value for name, value in values.items() if value is not None}
