"""Held-out figures for choosing the fallback threshold; reads the training data and CLINC's oos_train and oos_val only.

Runs in the Rasa environment:

    PYTHONPATH=. .venvs/rasa/bin/python tests/nlu/choose_threshold.py              # one line per margin and threshold
    PYTHONPATH=. .venvs/rasa/bin/python tests/nlu/choose_threshold.py --confusion  # and the pairs most often confused

own_lost: share of in-scope training utterances that, held out in five folds, would fall back.
clinc_caught: share of CLINC's oos_train and oos_val that fall back in the mean over the five folds' classifiers.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.nlu.evaluate import CLINC, FALLBACK, macro_f1  # noqa: E402

FOLDS = 5


def main() -> None:
    from rasa.shared.nlu.training_data.loading import load_data

    from bot.nlu.classifier import AttuneIntentClassifier, fit
    from bot.nlu.encoder import SentenceEncoder
    from bot.nlu.masking import mask

    parser = argparse.ArgumentParser(description="Held-out figures for choosing the fallback threshold.")
    parser.add_argument("--confusion", action="store_true")
    wants_confusion = parser.parse_args().confusion

    examples = load_data(str(ROOT / "data" / "nlu")).intent_examples
    random.Random(7).shuffle(examples)
    texts, intents = zip(*((example.get("text"), example.get("intent")) for example in examples), strict=True)
    foreign = [text for split in ("oos_train", "oos_val") for text, _ in json.loads(CLINC.read_text())[split]]
    encoder = SentenceEncoder(ROOT / "var" / "encoder")
    vectors = encoder.encode([mask(text) for text in texts])
    foreign_vectors = encoder.encode([mask(text) for text in foreign])
    fold_of = np.zeros(len(texts), dtype=int)
    for intent in sorted(set(intents)):  # every fold has its share of every intent
        members = [index for index, name in enumerate(intents) if name == intent]
        fold_of[members] = np.arange(len(members)) % FOLDS

    config = AttuneIntentClassifier.get_default_config()
    found: list[tuple[str, float, float]] = [("", 0.0, 0.0)] * len(texts)
    elsewhere: list[tuple[str, float, float]] = []

    is_foreign = np.array([intent == "out_of_scope" for intent in intents])

    for fold in range(FOLDS):
        inside = np.flatnonzero(fold_of != fold)
        model = fit([texts[i] for i in inside], vectors[inside], [intents[i] for i in inside], config)
        known, strange = vectors[inside][~is_foreign[inside]], vectors[inside][is_foreign[inside]]
        for index in np.flatnonzero(fold_of == fold):
            found[index] = _answer(model, texts[index], vectors[index], known, strange)
        for text, vector in zip(foreign, foreign_vectors, strict=True):
            elsewhere.append(_answer(model, text, vector, known, strange))

    own = [pair for pair, intent in zip(found, intents, strict=True) if intent not in FALLBACK]
    for margin in (None, -0.05, 0.0, 0.05):
        print(f"margin of the scope check: {margin}")
        for threshold in np.arange(0.1, 0.41, 0.05):
            print(
                f"  {threshold:.2f}  own_lost {_lost(own, threshold, margin):.3f}"
                f"  clinc_caught {_lost(elsewhere, threshold, margin):.3f}"
            )
    print(f"macro F1 held out: {macro_f1(intents, [name for name, _, _ in found]):.4f} ({len(texts)} utterances)")
    if wants_confusion:
        pairs = collections.Counter(
            (intent, name) for (name, _, _), intent in zip(found, intents, strict=True) if name != intent
        )
        for (intent, name), count in pairs.most_common(25):
            print(f"{count:3}  {intent} taken for {name}")


def _answer(
    model: Any, text: str, vector: np.ndarray, known: np.ndarray, strange: np.ndarray
) -> tuple[str, float, float]:
    """The best intent, its confidence, and by how much a known example is nearer than a foreign one."""
    best = model.rank(text, vector)[0]
    return best["name"], best["confidence"], float(np.max(known @ vector) - np.max(strange @ vector))


def _lost(answers: list[tuple[str, float, float]], threshold: float, margin: float | None) -> float:
    lost = [
        name in FALLBACK or confidence < threshold or (margin is not None and nearer < margin)
        for name, confidence, nearer in answers
    ]
    return sum(lost) / len(lost)


if __name__ == "__main__":
    main()
