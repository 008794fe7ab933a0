"""What the behaviour model can do on sessions that it has not seen. All of them are synthetic."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.behaviour.features import NAMES, figures
from emotion.behaviour.scorer import BehaviourScorer
from emotion.evaluation.metrics import area_under_curve, error_at_coverage, expected_calibration_error
from emotion.training.behaviour.generator import SHIFTED, Session, make_sessions
from vocabulary import Visit, latest

HELD_OUT_SEED: Final = 2_011
SHIFTED_SEED: Final = 2_012
SESSIONS: Final = 6_000
CALLED_FROM: Final = 0.5


@dataclass(frozen=True)
class SyntheticFigures:
    """Over one set of generated sessions.

    auc: struggling against not, by the model's chance. accuracy: that chance cut at .5. ece: of the chance itself
    against the truth, 15 bins. error, error_at_70_coverage: of the cut chance, over all and over the surest 70 %.
    false_alarms: share of the smooth sessions of a group that are called struggling.
    """

    sessions: int
    struggling: int
    auc: float
    accuracy: float
    ece: float
    error: float
    error_at_70_coverage: float
    false_alarms: Mapping[str, float]


@dataclass(frozen=True)
class BehaviourReport:
    """held_out: the same generator, other customers. shifted: a shop with other rates. alone: each figure's own AUC."""

    held_out: SyntheticFigures
    shifted: SyntheticFigures
    alone: Mapping[str, float]
    split: str = "synthetic sessions; other seeds than in training"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure(model_dir: Path) -> BehaviourReport:
    """Measure the model of this folder on both sets. Raises: ModelError."""
    scorer = BehaviourScorer(model_dir)
    held = make_sessions(SESSIONS, seed=HELD_OUT_SEED)
    shifted = make_sessions(SESSIONS, seed=SHIFTED_SEED, shop=SHIFTED)
    visits = [Visit.of(latest(session.steps)) for session in held]
    truth = np.array([session.struggling for session in held])
    columns = np.array([figures(visit) for visit in visits]).T
    return BehaviourReport(
        held_out=_figures(scorer, held),
        shifted=_figures(scorer, shifted),
        alone={name: _auc(column, truth) for name, column in zip(NAMES, columns, strict=True)},
    )


def _figures(scorer: BehaviourScorer, sessions: Sequence[Session]) -> SyntheticFigures:
    chance = np.array([scorer.struggle(Visit.of(latest(session.steps))) for session in sessions])
    truth = np.array([session.struggling for session in sessions])
    called = chance >= CALLED_FROM
    right = called == truth
    sureness = np.maximum(chance, 1.0 - chance)
    groups = {
        **{name: np.array([session.group == name for session in sessions]) for name in _names(sessions, "group")},
        **{name: np.array([session.device == name for session in sessions]) for name in _names(sessions, "device")},
    }
    return SyntheticFigures(
        sessions=len(sessions),
        struggling=int(truth.sum()),
        auc=_auc(chance, truth),
        accuracy=float(right.mean()),
        ece=expected_calibration_error(chance, truth),
        error=float(1.0 - right.mean()),
        error_at_70_coverage=error_at_coverage(sureness, right, 0.7),
        false_alarms={name: float(called[inside & ~truth].mean()) for name, inside in groups.items()},
    )


def _names(sessions: Sequence[Session], field: str) -> list[str]:
    return sorted({str(getattr(session, field)) for session in sessions})


def _auc(score: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    found = area_under_curve(score, positive)
    assert found is not None
    return found
