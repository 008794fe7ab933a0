"""What a customer's way through the shop's page says: whether something is in the way. Never which feeling it is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from emotion.behaviour.features import NAMES, figures, in_words
from emotion.errors import ModelError
from emotion.model_files import read_meta
from vocabulary import LABELS, Absent, Feature, Modality, ModalityScore, Step, Visit, latest

REVISION: Final = 1
"""Format of the model's constants; a folder of another revision is refused."""

TOO_FEW: Final = "too few steps to judge"
LEAST_STEPS: Final = 3
LEAST_SPAN_MS: Final = 5_000
CUE_LIMIT: Final = 0.6
"""Most that struggle alone may claim as dissatisfaction: many who search their way are patient, and how many of the
shop's own customers are not has not been measured."""

_SLICE_MS: Final = 10_000
_TOLD: Final = 4


class BehaviourScorer:
    """Scores the steps between two turns.

    model_dir: holds meta.json, as `attune emotion train behaviour` writes it: a logistic regression has eleven
    constants, so there is no network beside it. Safe to share between threads. Raises: ModelError.
    """

    def __init__(self, model_dir: Path) -> None:
        meta = read_meta(model_dir, kind="behaviour", revision=REVISION)
        try:
            weights = {str(name): float(value) for name, value in meta["weights"].items()}
            self._intercept = float(meta["intercept"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise ModelError(
                f"{model_dir} holds no weights that can be read. Make it again with `attune emotion train behaviour`."
            ) from None
        if tuple(weights) != NAMES or not np.isfinite([*weights.values(), self._intercept]).all():
            raise ModelError(
                f"{model_dir} was trained over {', '.join(weights) or 'nothing'}; expected {', '.join(NAMES)}. "
                "Make it again with `attune emotion train behaviour`."
            )
        self._weights = np.array([weights[name] for name in NAMES])

    def struggle(self, visit: Visit) -> float:
        """The chance that something is in this customer's way, [0, 1], calibrated on synthetic sessions."""
        return float(1.0 / (1.0 + np.exp(-(self._intercept + self._weights @ figures(visit)))))

    def score(self, steps: Sequence[Step]) -> ModalityScore | Absent:
        """Estimate struggle from the last ten minutes of steps; Absent below three steps or five seconds.

        The order of `steps` and repeated ones do not matter. It tells struggle from a smooth way and no feeling
        from another: known_labels is empty, the probabilities are equal, and fusion takes only the cue.
        frustration_cue: CUE_LIMIT × chance of struggle. engagement: share of ten-second slices with a sign of life.
        Source: docs/decisions/0090-behaviour-score.md; figures in models/behaviour/card.md.
        """
        recent = latest(steps)
        if len(recent) < LEAST_STEPS or recent[-1].at_ms - recent[0].at_ms < LEAST_SPAN_MS:
            return Absent(TOO_FEW)
        visit = Visit.of(recent)
        return ModalityScore(
            modality=Modality.BEHAVIOUR,
            probabilities=(1.0 / len(LABELS),) * len(LABELS),
            confidence=1.0 / len(LABELS),
            known_labels=(),
            frustration_cue=CUE_LIMIT * self.struggle(visit),
            engagement=_engagement(recent),
            features=self._explain(visit),
        )

    def _explain(self, visit: Visit) -> tuple[Feature, ...]:
        """The figures that raise the chance, the strongest first; without them it would be lower."""
        share = self._weights * figures(visit)
        told = [in_words(NAMES[index], visit) for index in np.argsort(-share) if share[index] > 0]
        return tuple(feature for feature in told if feature is not None)[:_TOLD]


def _engagement(steps: Sequence[Step]) -> float:
    first = steps[0].at_ms
    slices = {(step.at_ms - first) // _SLICE_MS for step in steps}
    return len(slices) / ((steps[-1].at_ms - first) // _SLICE_MS + 1)
