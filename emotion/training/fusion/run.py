"""`attune emotion calibrate` and `attune emotion evaluate --corpus fusion`."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from emotion.fusion.options import FusionOptions
from emotion.model_files import META_FILE
from emotion.text.scorer import TextScorer
from emotion.training.fusion.card import write_card
from emotion.training.fusion.fitting import conditions_of, fit_options
from emotion.training.fusion.held_out import NOISY, HeldOut, HeldOutItem, save_readings
from emotion.training.fusion.networks import LearntFusion, train
from emotion.training.fusion.report import FusionReport, compare
from emotion.training.fusion.text_items import text_items
from emotion.training.fusion.turns import halves, make_turns
from emotion.training.fusion.voice_items import voice_items
from vocabulary import Modality

READINGS_FILE: Final = "readings.npz"
FIT_TURNS: Final = 1000
NET_TURNS: Final = 5000
REPORT_TURNS: Final = 3000
_SEED: Final = 2026


def calibrate_fusion(data: Path, models_dir: Path, cache: Path, *, text: TextScorer) -> FusionReport:
    """Fit the constants on the fitting halves; write models_dir/fusion; measure on the others.

    data: holds text_emotion/, speech_emotion/ and faces/. cache: a folder for the scorers' readings. text: the
    scorer of models_dir/text_emotion. A modality without a model is left out. Raises: TrainingError, ModelError.
    """
    held_out = _held_out(data, models_dir, cache, text)
    to_fit, to_report = halves(held_out)
    turns = make_turns(to_fit, count=FIT_TURNS, seed=_SEED)
    fitted = fit_options(to_fit, turns, version="")
    options = replace(fitted, version=_version(fitted))
    folder = models_dir / "fusion"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / META_FILE).write_text(json.dumps(options.to_dict(), indent=1) + "\n", encoding="utf-8")
    save_readings(folder / READINGS_FILE, to_report)
    report = _measure(held_out, options)
    write_card(folder, report)
    return report


def evaluate_fusion(data: Path, models_dir: Path, cache: Path, *, text: TextScorer) -> FusionReport:
    """Measure the shipped constants, and the two learnt fusions beside them; writes nothing but the cache.

    Arguments and errors as calibrate_fusion.
    """
    options = FusionOptions.load(models_dir / "fusion")
    return _measure(_held_out(data, models_dir, cache, text), options)


def _held_out(data: Path, models_dir: Path, cache: Path, text: TextScorer) -> list[HeldOut]:
    found = [
        text_items(data, text, models_dir / "text_emotion", cache),
        voice_items(data, models_dir / "voice_emotion", cache),
    ]
    if (models_dir / "face_emotion").is_dir():
        from emotion.training.fusion.face_items import face_items

        found.append(face_items(data, models_dir / "face_emotion", cache))
    return found


def _measure(held_out: Sequence[HeldOut], options: FusionOptions) -> FusionReport:
    to_fit, to_report = halves(held_out)
    turns = make_turns(to_report, count=REPORT_TURNS, seed=_SEED + 1)
    sources = {one.modality.value: one.source for one in held_out}
    return compare(turns, list(to_fit), options, _learn(to_fit), sources)


def _learn(to_fit: Mapping[Modality, Sequence[HeldOutItem]]) -> dict[str, LearntFusion]:
    """Both nets on four fifths of the fitting items, stopped by the last fifth; with and without noisy readings."""
    modalities = list(to_fit)
    learn = {name: [one for at, one in enumerate(items) if at % 5] for name, items in to_fit.items()}
    check = {name: items[::5] for name, items in to_fit.items()}
    turns = make_turns(learn, count=NET_TURNS, seed=_SEED + 2)
    checks = make_turns(check, count=FIT_TURNS, seed=_SEED + 3)
    alone: list[Mapping[Modality, str | None]] = [
        {name: condition if name is kept else None for name, condition in whole.items()}
        for whole in conditions_of(modalities)[:1]
        for kept in modalities
    ]
    seen = [*conditions_of(modalities), *alone]
    unseen = [one for one in seen if NOISY not in one.values()]
    return {
        f"{name}{suffix}": train(kind, turns, checks, conditions, modalities, seed=_SEED)
        for suffix, conditions in (("", seen), (", noise unseen", unseen))
        for name, kind in (("feature-level", "feature"), ("attention", "attention"))
    }


def _version(options: FusionOptions) -> str:
    """Changes when a constant does."""
    return hashlib.sha256(json.dumps(options.to_dict(), sort_keys=True).encode()).hexdigest()[:12]
