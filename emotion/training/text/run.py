"""`attune emotion train text` and `attune emotion evaluate text`."""

import json
from pathlib import Path
from typing import Final

import numpy as np

from emotion.model_files import META_FILE, MODEL_FILE
from emotion.text.cues import NAMES
from emotion.text.scorer import REVISION
from emotion.training.calibration import fit_temperature
from emotion.training.text.card import write_card
from emotion.training.text.dissatisfaction import REPORT
from emotion.training.text.goemotions import load_comments
from emotion.training.text.model import TextOptions, fit, inputs, training_rows, write_model
from emotion.training.text.report import (
    TextReport,
    measure_comments,
    measure_pairs,
    measure_turns,
    time_score,
)
from vocabulary import LABELS, TextEncoder

GOEMOTIONS_FOLDER: Final = Path("text_emotion/goemotions")
RATED_DIALOGUES: Final = Path("dissatisfaction/MWOZ.txt")


def train_text(
    data: Path,
    encoder: TextEncoder,
    model_dir: Path,
    cache: Path,
    *,
    pairs: Path | None = None,
    options: TextOptions | None = None,
) -> TextReport:
    """Train on GoEmotions train and the phrases written for it, calibrate on dev, write model, meta and card.

    data: holds text_emotion/goemotions and, for the report, dissatisfaction/MWOZ.txt.
    cache: a folder for embeddings. pairs: the minimal pairs to measure on. Raises: TrainingError.
    """
    chosen = options or TextOptions()
    folder = data / GOEMOTIONS_FOLDER
    dev = load_comments(folder, "dev")
    heads = fit(training_rows(folder, encoder, cache, chosen), chosen)
    logits, _, _ = heads.logits(inputs(dev.texts, encoder, cache))
    top = logits.argmax(axis=1)
    temperature = fit_temperature(logits, dev.soft[np.arange(len(top)), top] > 0)
    write_model(heads, model_dir / MODEL_FILE, dimensions=encoder.dimensions, temperature=temperature)
    meta = {
        "kind": "text",
        "revision": REVISION,
        "encoder": encoder.version,
        "labels": list(LABELS),
        "cues": list(NAMES),
        "temperature": round(temperature, 4),
    }
    (model_dir / META_FILE).write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")
    report = evaluate_text(data, encoder, model_dir, cache, pairs=pairs)
    write_card(model_dir, report, chosen)
    return report


def evaluate_text(
    data: Path, encoder: TextEncoder, model_dir: Path, cache: Path, *, pairs: Path | None = None
) -> TextReport:
    """Figures on GoEmotions test, on the rated dialogues 501 to 1,000 and on the minimal pairs."""
    rated = data / RATED_DIALOGUES
    return TextReport(
        comments=measure_comments(model_dir, data / GOEMOTIONS_FOLDER, "test", encoder, cache),
        turns=measure_turns(model_dir, rated, REPORT, encoder, cache) if rated.is_file() else None,
        pairs=measure_pairs(model_dir, pairs, encoder) if pairs and pairs.is_file() else None,
        score_ms=time_score(model_dir, encoder),
    )
