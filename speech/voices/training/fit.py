"""Fits the two heads on the choosing speakers and writes the model folder."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from speech.voices.mel import spoken_frames
from speech.voices.suspicion import WINDOW, largest_change, loudest_two, windows_of
from speech.voices.training.trials import ALONE, CHOOSING, PACES, Trial, make_trials, read_sentences
from speech.voices.training.weights import no_heads, read_wheel, write_onnx

ROUNDS: Final = 140
SEED: Final = 11
# Share of clips of one person that each of the two signs may suspect, on choosing speakers that were left out of
# fitting. Half of these clips go through several acted moods: at .05 for changes, 14 % of such clips of the reporting
# speakers are suspected instead of 6 %, and the emotion of a voice is lost where it changes.
_FALSE_ALARMS = 0.015
# Added to the shares of variance before whitening.
_RIDGE = 1e-3
Array = NDArray[np.float32]


@dataclass(frozen=True)
class _Heard:
    """A trial's windows. covered: share of each window in which both voices sound."""

    kind: str
    speaker: str
    voices: Array
    covered: Array


def make_encoder(wheel: Path, data: Path, folder: Path, *, tell: Callable[[str], None] = lambda _: None) -> None:
    """Write encoder.onnx and meta.json. The same wheel and data give the same files; about four minutes."""
    weights = read_wheel(wheel)
    path = folder / "encoder.onnx"
    write_onnx(weights, no_heads(), path)
    tell("listening to the choosing speakers …")
    trials = make_trials(read_sentences(data), CHOOSING, rounds=ROUNDS, paces=PACES, seed=SEED)
    heard = list(_listened(path, trials))
    changes, overlaps = [], []
    for left_out in CHOOSING:
        heads = fit_heads([one for one in heard if not one.speaker.startswith(left_out)])
        for one in heard:
            if one.kind in ALONE and one.speaker.startswith(left_out):
                change, overlap = _measured(one.voices, heads)
                changes.append(change)
                overlaps.append(overlap)
    write_onnx(weights, fit_heads(heard), path)
    meta: dict[str, Any] = {
        "change_limit": round(float(np.quantile(changes, 1 - _FALSE_ALARMS)), 4),
        "overlap_limit": round(float(np.quantile(overlaps, 1 - _FALSE_ALARMS)), 4),
        "chosen_on": list(CHOOSING),
        "clips": len(heard),
        "seed": SEED,
    }
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")


def fit_heads(heard: Sequence[_Heard]) -> dict[str, Array]:
    """identity: whitened by how one person's voice varies with mood, pace, room and noise (Hatch, Kajarekar and
    Stolcke 2006, "Within-class covariance normalization"). overlap: logistic regression on windows.
    """
    from sklearn.linear_model import LogisticRegression

    people: dict[str, list[Array]] = {}
    for one in heard:
        if one.kind in ALONE:
            people.setdefault(one.speaker, []).append(one.voices)
    rows = [np.concatenate(parts).astype(np.float64) for parts in people.values()]
    within = np.mean([np.cov(voices, rowvar=False, bias=True) for voices in rows], axis=0)
    values, vectors = np.linalg.eigh(within / np.trace(within))
    windows = np.concatenate([one.voices for one in heard])
    covered = np.concatenate([one.covered for one in heard])
    clear = (covered < 0.05) | (covered > 0.5)
    model = LogisticRegression(C=1.0, max_iter=2000).fit(windows[clear], covered[clear] > 0.5)
    return {
        "mean": np.mean([voices.mean(axis=0) for voices in rows], axis=0).astype(np.float32),
        "projection": (vectors / np.sqrt(np.maximum(values, 0.0) + _RIDGE)).astype(np.float32),
        "weight": model.coef_.T.astype(np.float32),
        "bias": model.intercept_.astype(np.float32),
    }


def _listened(path: Path, trials: Iterable[Trial]) -> Iterable[_Heard]:
    from onnxruntime import InferenceSession

    session = InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for trial in trials:
        mel, both = spoken_frames(trial.clip, trial.both)
        if len(mel) < WINDOW // 2:
            continue
        voices = session.run(["voice"], {"mel": windows_of(mel)})[0]
        covered = windows_of(both[:, None]).mean(axis=(1, 2))
        yield _Heard(trial.kind, trial.speaker, voices, covered.astype(np.float32))


def _measured(voices: Array, heads: dict[str, Array]) -> tuple[float, float]:
    identity = (voices - heads["mean"]) @ heads["projection"]
    identity = (identity / np.linalg.norm(identity, axis=1, keepdims=True)).astype(np.float32)
    overlap = voices @ heads["weight"] + heads["bias"]
    return largest_change(identity), loudest_two(overlap[:, 0])
