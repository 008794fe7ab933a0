"""From measured clips to a scorer: fit, calibrate on speakers that were held out, and wrap it as the product does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.training.voice.corpus import CLASSES, Corpus
from emotion.training.voice.prosody_model import ProsodyModel, ProsodyOptions, figures_of, fit_prosody
from emotion.voice.baseline import SpeakerBaseline
from emotion.voice.scorer import Raw, VoiceConstants, VoiceScorer
from vocabulary import LABELS

Array = NDArray[np.float64]

OWN_SHARE: Final = 0.8
"""Most that the comparison with a speaker's own turns may count: docs/decisions/0083."""

_FAMILIAR_PERCENT: Final = 50
"""Share of held-out clips of the same studio that are as near as a model is to believe itself without reserve."""

_INNER_FOLDS: Final = 5
_BASELINE: Final = 5

TO_LABELS: Final = np.array(
    [[float(label == ("neutral" if name == "boredom" else name)) for label in LABELS] for name in CLASSES]
)
"""Folds CLASSES into LABELS: shape (7, 7)."""


@dataclass(frozen=True)
class ArrayModel:
    """A fitted model that runs as an opened ONNX file does."""

    model: ProsodyModel

    def run(self, outputs: list[str], inputs: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """logits (n, len(CLASSES)), arousal (n, 1) and distance (n, 1), in the order asked for."""
        given = inputs["inputs"].astype(np.float64)
        whitened = given[:, : len(self.model.whitening)] @ self.model.whitening
        found = {
            "logits": given @ self.model.weight + self.model.bias,
            "arousal": (given @ self.model.arousal_weight + self.model.arousal_bias)[:, None],
            "distance": (whitened**2).mean(axis=1, keepdims=True),
        }
        return [found[name].astype(np.float32) for name in outputs]


@dataclass(frozen=True)
class Fitted:
    """A model with the constants that go with it."""

    model: ProsodyModel
    constants: VoiceConstants

    @property
    def scorer(self) -> VoiceScorer:
        return VoiceScorer.of(ArrayModel(self.model), self.constants)


def refit_scorer(corpus: Corpus, rows: NDArray[np.bool_], options: ProsodyOptions | None = None) -> VoiceScorer:
    """A scorer that has heard the chosen clips alone, made exactly as the one that ships; some 10 s on one core.

    corpus: from measure_corpus() or load_emodb(). rows: shape (n,), of whole speakers, two of them at least.
    """
    return fit_calibrated(corpus.part(rows), options or ProsodyOptions()).scorer


def fit_calibrated(corpus: Corpus, options: ProsodyOptions) -> Fitted:
    """Fit on everything; temperature and familiarity from speakers held out of it, five folds."""
    held_out = list(_held_out(corpus, options))
    model = fit_prosody(corpus, options)
    if not held_out:
        return Fitted(model, _constants(model, (1.0, 1.0), (1.0, 1.0)))
    found = {turns: [one for one in held_out if one.turns == turns] for turns in (0, _BASELINE)}
    if not found[_BASELINE]:
        found[_BASELINE] = found[0]
    familiar = {
        turns: float(np.percentile(np.concatenate([one.raw.distance for one in some]), _FAMILIAR_PERCENT))
        for turns, some in found.items()
    }
    temperature = {turns: _temperature(some, familiar[turns]) for turns, some in found.items()}
    return Fitted(model, _constants(model, _ends(temperature), _ends(familiar)))


def _ends(values: Mapping[int, float]) -> tuple[float, float]:
    """For a new voice and for one well known, such that after() meets what was found after _BASELINE turns."""
    new, met = values[0], values[_BASELINE]
    return new, max(new + (met - new) * (1.0 + _BASELINE) / _BASELINE, 0.2)


@dataclass(frozen=True)
class _HeldOut:
    """What a model says about one speaker that it has not heard, after so many turns. truth: places in LABELS."""

    turns: int
    raw: Raw
    truth: NDArray[np.intp]


def _held_out(corpus: Corpus, options: ProsodyOptions) -> Iterator[_HeldOut]:
    """Five folds over the speakers, as recorded and in one other situation: confidence must hold there as well.

    Nothing with fewer than two speakers.
    """
    names = sorted(set(corpus.speakers.tolist()))
    heard_in = figures_of(Corpus(corpus.rows[:2], corpus.labels, corpus.speakers))
    truth = TO_LABELS[[CLASSES.index(str(label)) for label in corpus.labels]].argmax(axis=1)
    rng = np.random.default_rng(options.seed)
    for fold in range(min(_INNER_FOLDS, len(names)) if len(names) > 1 else 0):
        held = np.isin(corpus.speakers, names[fold::_INNER_FOLDS])
        # In all situations: with fewer clips the penalty weighs more, and the model would seem less sure than it is.
        model = fit_prosody(corpus.part(~held), options)
        scorer = VoiceScorer.of(ArrayModel(model), _constants(model, (1.0, 1.0), (np.inf, np.inf)))
        for name in names[fold::_INNER_FOLDS]:
            for figures in heard_in:
                where = rng.permutation(np.flatnonzero((corpus.speakers == name) & np.isfinite(figures).all(axis=1)))
                yield from _of_voice(scorer, figures[where], truth[where])


def _of_voice(scorer: VoiceScorer, figures: Array, truth: NDArray[np.intp]) -> Iterator[_HeldOut]:
    """All clips as first turns, and those after the first ones as later turns."""
    if len(figures):
        yield _HeldOut(0, scorer.raw(figures, SpeakerBaseline()), truth)
    before = SpeakerBaseline()
    for row in figures[:_BASELINE]:
        before = scorer.heard(row, before)
    if len(figures) > _BASELINE:
        yield _HeldOut(_BASELINE, scorer.raw(figures[_BASELINE:], before), truth[_BASELINE:])


def to_meta(constants: VoiceConstants) -> dict[str, Any]:
    """What VoiceConstants.from_meta() reads."""
    return {
        "population": constants.population.to_dict(),
        "fold": constants.fold.astype(int).tolist(),
        "known_labels": list(constants.known_labels),
        "temperature": [round(value, 4) for value in constants.temperature],
        "familiar": [round(value, 4) for value in constants.familiar],
        "own_share": constants.own_share,
    }


def write_scorer(fitted: Fitted, model_dir: Path, **made: Any) -> None:
    """Write model.onnx and meta.json as VoiceScorer(model_dir) opens them. made: more for the meta file."""
    import json

    from emotion.model_files import META_FILE, MODEL_FILE
    from emotion.training.voice.prosody_model import write_prosody
    from emotion.voice.prosody import NAMES
    from emotion.voice.scorer import REVISION

    write_prosody(fitted.model, model_dir / MODEL_FILE)
    meta = {
        "kind": "voice",
        "revision": REVISION,
        "labels": list(LABELS),
        "classes": list(CLASSES),
        "figures": list(NAMES),
        **to_meta(fitted.constants),
        **made,
    }
    (model_dir / META_FILE).write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")


def _constants(model: ProsodyModel, temperature: tuple[float, float], familiar: tuple[float, float]) -> VoiceConstants:
    answered = model.bias > -30.0
    known = tuple(label for label, column in zip(LABELS, TO_LABELS[answered].T, strict=True) if column.any())
    return VoiceConstants(model.population, TO_LABELS, known, temperature, familiar, OWN_SHARE)


def _temperature(found: list[_HeldOut], familiar: float) -> float:
    """The temperature whose top probability best predicts whether the top label is right."""

    def loss(temperature: float) -> float:
        labels = np.concatenate([one.raw.probabilities(temperature, familiar, TO_LABELS) for one in found])
        top = np.clip(labels.max(axis=1), 1e-6, 1 - 1e-6)
        truth = np.concatenate([one.truth for one in found])
        return float(-np.mean(np.where(labels.argmax(axis=1) == truth, np.log(top), np.log(1 - top))))

    return min((float(value) for value in np.geomspace(0.3, 5.0, 142)), key=loss)
