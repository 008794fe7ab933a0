"""What the scorers say about items that they were not trained on: the material of synthetic turns."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import TrainingError
from vocabulary import LABELS, Absent, Modality, ModalityScore

CLEAN: Final = "clean"
NOISY: Final = "noisy"


@dataclass(frozen=True)
class HeldOutItem:
    """One sentence, clip or face with its published label.

    readings: what the scorer says about it as it is (CLEAN) and spoilt (NOISY); a reading that is absent is missing.
    speaker: who speaks, so that halves can be kept apart; empty where nobody does.
    """

    label: str
    readings: Mapping[str, ModalityScore]
    speaker: str = ""


@dataclass(frozen=True)
class HeldOut:
    """The held-out items of one modality.

    fit: for temperatures, reliabilities and networks. report: for figures, disjoint from `fit`.
    source: corpus and split, in words.
    """

    modality: Modality
    fit: tuple[HeldOutItem, ...]
    report: tuple[HeldOutItem, ...]
    source: str


def read_or_score(
    cache: Path, key: Sequence[str | Path], score: Callable[[], Iterable[HeldOutItem]]
) -> tuple[HeldOutItem, ...]:
    """Items from the cache, or scored now and stored.

    key: what the readings depend on: words, and files or folders of a model whose content counts.
    """
    digest = hashlib.sha256()
    for part in key:
        files = sorted(part.rglob("*")) if isinstance(part, Path) and part.is_dir() else [part]
        for file in files:
            if isinstance(file, Path):
                digest.update(file.read_bytes() if file.is_file() else b"")
            else:
                digest.update(file.encode() + b"\0")
    stored = cache / f"fusion-{digest.hexdigest()[:20]}.jsonl"
    if stored.is_file():
        return tuple(_read(line) for line in stored.read_text(encoding="utf-8").splitlines())
    items = tuple(score())
    cache.mkdir(parents=True, exist_ok=True)
    stored.write_text("".join(json.dumps(_write(item)) + "\n" for item in items), encoding="utf-8")
    return items


def item(label: str, readings: Mapping[str, ModalityScore | Absent], *, speaker: str = "") -> HeldOutItem:
    """One item; readings that are absent are left out. Raises: TrainingError for a label outside LABELS."""
    if label not in LABELS:
        raise TrainingError(f"label {label!r} of a held-out item; expected one of {', '.join(LABELS)}.")
    return HeldOutItem(label, {name: one for name, one in readings.items() if isinstance(one, ModalityScore)}, speaker)


def _read(line: str) -> HeldOutItem:
    raw = json.loads(line)
    readings = {name: ModalityScore.from_dict(one) for name, one in raw["readings"].items()}
    return HeldOutItem(raw["label"], readings, raw.get("speaker", ""))


def _write(one: HeldOutItem) -> dict[str, object]:
    readings = {name: reading.to_dict() for name, reading in one.readings.items()}
    return {"label": one.label, "readings": readings, "speaker": one.speaker}


def save_readings(path: Path, held_out: Mapping[Modality, Sequence[HeldOutItem]]) -> None:
    """Write what fusion needs of these items, numbers only: labels, probabilities, confidence, valence."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for modality, items in held_out.items():
        whole = [one for one in items if {CLEAN, NOISY} <= set(one.readings)]
        readings = [[one.readings[CLEAN], one.readings[NOISY]] for one in whole]
        arrays |= {
            f"{modality}_labels": np.array([LABELS.index(one.label) for one in whole], dtype=np.uint8),
            f"{modality}_known": np.array([label in readings[0][0].known_labels for label in LABELS]),
            f"{modality}_probabilities": np.array(
                [[reading.probabilities for reading in pair] for pair in readings], dtype=np.float32
            ),
            f"{modality}_confidence": np.array([[one.confidence for one in pair] for pair in readings], np.float32),
            f"{modality}_valence": np.array(
                [[np.nan if one.valence is None else one.valence for one in pair] for pair in readings], np.float32
            ),
        }
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def load_readings(path: Path) -> dict[Modality, tuple[HeldOutItem, ...]]:
    """What save_readings wrote."""
    found = {}
    with np.load(path, allow_pickle=False) as arrays:
        for modality in Modality:
            if f"{modality}_labels" not in arrays:
                continue
            part = {name: arrays[f"{modality}_{name}"] for name in ("labels", "known", "probabilities")}
            confidence, valence = arrays[f"{modality}_confidence"], arrays[f"{modality}_valence"]
            known = tuple(label for label, knows in zip(LABELS, part["known"], strict=True) if knows)
            items = []
            for row, label in enumerate(part["labels"]):
                pair = {}
                for column, condition in enumerate((CLEAN, NOISY)):
                    shares = part["probabilities"][row, column].astype(np.float64)
                    felt = float(valence[row, column])
                    pair[condition] = ModalityScore(
                        modality,
                        tuple(float(value) for value in shares / shares.sum()),
                        confidence=float(confidence[row, column]),
                        valence=None if np.isnan(felt) else felt,
                        known_labels=known,
                    )
                items.append(HeldOutItem(LABELS[int(label)], pair))
            found[modality] = tuple(items)
    return found
