"""What the doubt of voices can do and cannot, on people, synthesisers and rooms that it never heard."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from emotion.training.doubt.corpus import Row
from emotion.training.doubt.fit import Array, Fitted, family_of, fit, left_out_logits, limit_of, matrix
from emotion.voice.doubt import VoiceDoubter
from vocabulary import SAMPLE_RATE_HZ, Clip

_CLIP_S: Final = 4


@dataclass(frozen=True)
class Share:
    """clips: how many; doubted: share of them, [0, 1]."""

    clips: int
    doubted: float


@dataclass(frozen=True)
class DoubtReport:
    """natural, made: by source, never learnt from. auc: made ones against the kept people, and against English speech.

    replayed: the kept ones through a loudspeaker in a room. left_out: by synthesiser, AUC of a fit without it against
    the kept people. folds: of the learnt clips, by fits that left their speaker out. artefacts_auc: of a probe on
    what the clips' processing gives away, as they are learnt. ms: for a clip of 4 s.
    """

    natural: Mapping[str, Share]
    made: Mapping[str, Share]
    auc: Mapping[str, Mapping[str, float]]
    replayed: Mapping[str, Share]
    replay_auc: float
    left_out: Mapping[str, float]
    folds: Mapping[str, float]
    artefacts_auc: float
    learnt: Mapping[str, int]
    ms: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def area(positive: Sequence[float] | Array, negative: Sequence[float] | Array) -> float:
    """Chance that a positive lies higher than a negative, ties half: the area under the ROC curve.

    >>> area([2.0, 3.0], [1.0, 2.0])
    0.875
    """
    above = np.asarray(positive)[:, None] - np.asarray(negative)[None, :]
    return float(np.mean(above > 0) + 0.5 * np.mean(above == 0))


def fit_with_limit(rows: Sequence[Row]) -> tuple[Fitted, Mapping[str, float]]:
    """The fit that ships, its limit chosen on speakers left out, and the figures of those folds."""
    learnt = [row for row in rows if row.role == "learn"]
    logits = left_out_logits(learnt)
    limit = limit_of(learnt, logits)
    made = np.array([row.made for row in learnt])
    whole = fit(learnt)
    folds = {
        "auc": area(logits[made], logits[~made]),
        "false_doubts": float((logits[~made] >= limit).mean()),
        "doubted": float((logits[made] >= limit).mean()),
    }
    return Fitted(whole.mean, whole.spread, whole.layers, limit), folds


def measure(rows: Sequence[Row], fitted: Fitted, folds: Mapping[str, float], doubter: VoiceDoubter) -> DoubtReport:
    """Everything that the card tells. doubter: the model as it was written, for its time."""
    learnt = [row for row in rows if row.role == "learn"]
    kept = [row for row in rows if row.role == "kept"]
    people = [row for row in kept if not row.made]
    english = [row for row in rows if row.role == "english"]
    replayed = [row for row in rows if row.role == "replay"]
    unheard = sorted({row.source for row in kept if row.made})
    auc = {
        name: {
            "people": _auc(fitted, [row for row in kept if row.source == name], people),
            "English speech": _auc(fitted, [row for row in kept if row.source == name], english),
        }
        for name in unheard
        if english
    }
    families = sorted({family_of(row) for row in learnt if row.made})
    left_out = {
        name: _auc(
            fit([row for row in learnt if family_of(row) != name]),
            [row for row in learnt if family_of(row) == name],
            people,
        )
        for name in families
    }
    return DoubtReport(
        natural=_shares(fitted, [*people, *english]),
        made=_shares(fitted, [row for row in kept if row.made]),
        auc=auc,
        replayed=_shares(fitted, replayed),
        replay_auc=_auc(fitted, [row for row in replayed if not row.made], people),
        left_out=left_out,
        folds=folds,
        artefacts_auc=_probe(learnt),
        learnt={name: sum(row.source == name for row in learnt) for name in sorted({row.source for row in learnt})},
        ms=_milliseconds(doubter),
    )


def _auc(fitted: Fitted, made: Sequence[Row], natural: Sequence[Row]) -> float:
    return area(fitted.logits(matrix(made)), fitted.logits(matrix(natural)))


def _shares(fitted: Fitted, rows: Sequence[Row]) -> dict[str, Share]:
    found = {}
    for name in sorted({row.source for row in rows}):
        logits = fitted.logits(matrix([row for row in rows if row.source == name]))
        found[name] = Share(len(logits), float((logits >= fitted.limit).mean()))
    return found


def _probe(rows: Sequence[Row]) -> float:
    """AUC of a linear probe on length, silent ends and the share above 7 kHz, speakers and sentences left out."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    made = np.array([row.made for row in rows])
    probe = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced"))
    given = np.array([row.artefacts for row in rows])
    groups = [row.who for row in rows]
    chances = cross_val_predict(probe, given, made, groups=groups, cv=GroupKFold(5), method="predict_proba")[:, 1]
    return area(chances[made], chances[~made])


def _milliseconds(doubter: VoiceDoubter) -> float:
    t = np.arange(_CLIP_S * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    hum = 0.1 * sum(np.sin(2 * np.pi * 120.0 * k * t) / k for k in range(1, 20))
    clip = Clip(np.asarray(hum, dtype=np.float32))
    doubter.doubt(clip)
    taken = []
    for _ in range(9):
        start = time.perf_counter()
        doubter.doubt(clip)
        taken.append(1000.0 * (time.perf_counter() - start))
    return float(np.median(taken))
