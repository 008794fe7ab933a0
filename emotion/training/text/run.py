"""`attune emotion train text`: from the encoder that is installed to the files that ship."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import numpy as np

from emotion.errors import TrainingError
from emotion.model_files import META_FILE
from emotion.text.affect import GOEMOTIONS
from emotion.text.cues import NAMES, read_cues
from emotion.text.model import REVISION, ShippedModel, label_logits
from emotion.text.reading import NUANCES, sigmoid
from emotion.text.tokens import TOKENIZER_FILE, Tokens, excerpt
from emotion.training.calibration import fit_temperature
from emotion.training.text.card import write_card
from emotion.training.text.comments_measured import choose_thresholds, fit_chance
from emotion.training.text.examples import ekman_labels, soften, training_examples
from emotion.training.text.finetune import TextOptions, finetune
from emotion.training.text.goemotions import Comments, load_comments
from emotion.training.text.network import predict
from emotion.training.text.onnx_model import write_model
from emotion.training.text.report import GOEMOTIONS_FOLDER, TextReport, evaluate_text
from vocabulary import LABELS

WEIGHTS_FILE: Final = "model.safetensors"


def train_text(
    data: Path,
    base: Path,
    model_dir: Path,
    work: Path,
    *,
    pairs: Path | None = None,
    options: TextOptions | None = None,
    limit: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> TextReport:
    """Fine-tune, write the 8-bit model, calibrate that file on GoEmotions dev, measure it, write meta and card.

    data: as `evaluate_text`. base: folder of all-MiniLM-L6-v2 with its tokenizer. work: for checkpoints; a run that
    was broken off goes on from there. limit: comments to learn from, for tests. Raises: TrainingError.
    """
    chosen = options or TextOptions()
    if not (base / WEIGHTS_FILE).is_file() or not (base / TOKENIZER_FILE).is_file():
        raise TrainingError(f"{base} lacks {WEIGHTS_FILE} or {TOKENIZER_FILE}. Install requirements/ml.lock.")
    started = perf_counter()
    tokens = Tokens(base / TOKENIZER_FILE)
    examples = training_examples(data / GOEMOTIONS_FOLDER, tokens, seed=chosen.seed, limit=limit)
    if chosen.teacher_epochs:
        first = replace(chosen, epochs=chosen.teacher_epochs)
        teacher = finetune(examples, base, work / "teacher", first, progress=progress)
        n = examples.comments
        examples = soften(examples, predict(teacher, examples.ids[:n], examples.cues[:n]), chosen.teacher_share)
    network = finetune(examples, base, work / "student", chosen, progress=progress)
    ship(network, base, load_comments(data / GOEMOTIONS_FOLDER, "dev"), model_dir)
    report = evaluate_text(data, model_dir, pairs=pairs)
    write_card(model_dir, report, chosen, minutes=(perf_counter() - started) / 60.0)
    return report


def ship(network: Any, base: Path, dev: Comments, model_dir: Path) -> None:
    """Write model.onnx, tokenizer.json and meta.json of a trained network, calibrated on `dev` with the file itself."""
    state = {name: values.detach().float().numpy() for name, values in network.state_dict().items()}
    write_model(state, model_dir, heads=int(network.bert.config.num_attention_heads))
    shutil.copyfile(base / TOKENIZER_FILE, model_dir / TOKENIZER_FILE)
    with (base / WEIGHTS_FILE).open("rb") as stream:
        origin = f"all-MiniLM-L6-v2, SHA-256 {hashlib.file_digest(stream, 'sha256').hexdigest()}"
    meta: dict[str, Any] = {
        "kind": "text",
        "revision": REVISION,
        "base": origin,
        "labels": list(LABELS),
        "cues": list(NAMES),
        "temperature": 1.0,
        "nuances": {name: [1.0, 0.0] for name in NUANCES},
        "chances": [[1.0, 0.0]] * len(LABELS),
        "thresholds": [0.5] * len(LABELS),
    }
    _write(meta, model_dir)
    _write(meta | calibrate(ShippedModel(model_dir), dev), model_dir)


def calibrate(model: ShippedModel, dev: Comments) -> dict[str, Any]:
    """The constants of meta.json, fitted on a split with the 8-bit file itself: temperature, chances, thresholds."""
    rows = [model.logits(head, read_cues(head)) for head in map(excerpt, dev.texts)]
    logits = {name: np.stack([row[name] for row in rows]) for name in ("labels", "multi", "ekman")}
    truth = ekman_labels(dev.multi)
    top = logits["labels"].argmax(axis=1)
    right = truth[np.arange(len(top)), top] > 0
    pairs = zip(logits["ekman"], logits["multi"], strict=True)
    joint = np.stack([label_logits(ekman, multi) for ekman, multi in pairs])
    constants = [fit_chance(joint[:, column], truth[:, column]) for column in range(len(LABELS))]
    slopes, shifts = np.array(constants).T
    columns = {name: GOEMOTIONS.index(name) for name in NUANCES}
    return {
        "temperature": round(fit_temperature(logits["labels"], right), 4),
        "nuances": {
            name: list(fit_chance(logits["multi"][:, at].astype(np.float64), dev.multi[:, at]))
            for name, at in columns.items()
        },
        "chances": [list(pair) for pair in constants],
        "thresholds": choose_thresholds(sigmoid(slopes * joint + shifts)),
    }


def _write(meta: dict[str, Any], model_dir: Path) -> None:
    (model_dir / META_FILE).write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")
