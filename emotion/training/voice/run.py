"""`attune emotion train voice` and `attune emotion evaluate voice`."""

import json
from pathlib import Path
from typing import Final

import numpy as np

from emotion.model_files import META_FILE, MODEL_FILE
from emotion.training.voice.card import write_card
from emotion.training.voice.emodb import load_acted
from emotion.training.voice.model import TO_LABELS, choose, fit, write_model
from emotion.training.voice.report import VoiceReport, measure_acted, measure_calm, time_score
from emotion.voice.functionals import NAMES
from emotion.voice.scorer import REVISION
from vocabulary import LABELS

ACTED_FOLDER: Final = Path("speech_emotion/emodb")
CALM_FOLDER: Final = Path("speech")

CONFIDENCE_LIMIT: Final = 0.6
"""Most that the model may claim: acted German says little about customers, and how little is unmeasured."""


def train_voice(data: Path, model_dir: Path, cache: Path) -> VoiceReport:
    """Train on all of Emo-DB with options chosen by folds over speakers; write model, meta and card.

    data: holds speech_emotion/emodb and, for the report, speech/. cache: a folder. Raises: TrainingError.
    """
    clips = load_acted(data / ACTED_FOLDER, cache)
    everyone = np.ones(len(clips.labels), dtype=bool)
    options, temperature = choose(clips, everyone)
    model = fit(clips, everyone, options)
    write_model(model, model_dir / MODEL_FILE, temperature=temperature)
    known = [label for label, column in zip(LABELS, TO_LABELS.T, strict=True) if column.any()]
    meta = {
        "kind": "voice",
        "revision": REVISION,
        "labels": list(LABELS),
        "known_labels": known,
        "functionals": list(NAMES),
        "mean": [round(float(value), 5) for value in model.mean],
        "deviation": [round(float(value), 5) for value in model.deviation],
        "temperature": round(temperature, 4),
        "gamma": options.gamma,
        "c": options.c,
        "confidence_limit": CONFIDENCE_LIMIT,
    }
    (model_dir / META_FILE).write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
    report = evaluate_voice(data, model_dir, cache)
    write_card(model_dir, report, options)
    return report


def evaluate_voice(data: Path, model_dir: Path, cache: Path) -> VoiceReport:
    """Leave-one-speaker-out figures of the method, and what the shipped model does on calm English speech."""
    acted = data / ACTED_FOLDER
    return VoiceReport(
        acted=measure_acted(load_acted(acted, cache), acted),
        calm=measure_calm(model_dir, data / CALM_FOLDER),
        real_time_factor=time_score(model_dir, acted),
    )
