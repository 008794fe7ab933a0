"""How well a scorer's frustration cue finds the turns that people rated as dissatisfied, in their dialogue."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from emotion.errors import EvaluationError
from emotion.evaluation.corpora.uss import Dialogue
from emotion.evaluation.metrics import area_under_curve
from vocabulary import Absent, ModalityScore, Said

CONTEXT: Final = 20
"""Lines before a turn that a scorer sees: ten messages of each side, as in the running product."""


class ReadsWords(Protocol):
    """What scores a message in its talk: the text scorer, or a model under comparison."""

    def score(self, text: str, *, context: Sequence[Said] = ()) -> ModalityScore | Absent: ...


@dataclass(frozen=True)
class DissatisfactionFigures:
    """dialogues, turns: how many; dissatisfied: rated below 2.5 on average; absent: turns that were not judged.

    dissatisfied_auc: chance that a dissatisfied turn has a higher cue than another one; a turn that is not judged
    counts as calm, as it does for the customer. low, high: its interval of 95 %, dialogues drawn with replacement
    500 times.
    """

    dialogues: int
    turns: int
    dissatisfied: int
    absent: int
    dissatisfied_auc: float
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def measure_dissatisfaction(
    scorer: ReadsWords, dialogues: Sequence[Dialogue], *, with_context: bool = True, seed: int = 7
) -> DissatisfactionFigures:
    """Score every rated turn with what was said before it. with_context: False scores each turn alone.

    Raises: EvaluationError if all rated turns are on one side.
    """
    cues: list[list[float]] = []
    absent = 0
    for dialogue in dialogues:
        cues.append([])
        said: list[Said] = []
        for turn in dialogue:
            if turn.rating is not None:
                score = scorer.score(turn.said.text, context=said[-CONTEXT:] if with_context else ())
                absent += isinstance(score, Absent)
                cues[-1].append(0.0 if isinstance(score, Absent) else score.frustration_cue or 0.0)
            said.append(turn.said)
    return dissatisfaction_figures(dialogues, cues, absent=absent, seed=seed)


def dissatisfaction_figures(
    dialogues: Sequence[Dialogue],
    cues: Sequence[Sequence[float] | NDArray[np.float64]],
    *,
    absent: int = 0,
    seed: int = 7,
) -> DissatisfactionFigures:
    """Figures of cues that are there already: for each dialogue one cue for each rated turn, in order.

    Raises: EvaluationError if all rated turns are on one side, or a dialogue has another number of cues.
    """
    truth = [np.array([turn.dissatisfied for turn in dialogue if turn.rating is not None]) for dialogue in dialogues]
    values = [np.asarray(row, dtype=np.float64) for row in cues]
    if [len(row) for row in truth] != [len(row) for row in values]:
        raise EvaluationError("cues and rated turns do not fit; expected one cue for each rated turn of each dialogue.")
    every = np.concatenate(truth)
    auc = area_under_curve(np.concatenate(values), every)
    if auc is None:
        raise EvaluationError(
            f"{int(every.sum())} of {len(every)} rated turns are dissatisfied; expected some of both kinds."
        )
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(500):
        picked = rng.integers(len(truth), size=len(truth))
        again = area_under_curve(
            np.concatenate([values[at] for at in picked]), np.concatenate([truth[at] for at in picked])
        )
        drawn += [] if again is None else [again]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return DissatisfactionFigures(
        len(dialogues), len(every), int(every.sum()), absent, float(auc), float(low), float(high)
    )
