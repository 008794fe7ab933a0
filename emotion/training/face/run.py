"""`attune emotion train face`: FER2013's four fifths in, an ONNX file with its constants and card out."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.face.engines import REVISION, OwnNetwork
from emotion.model_files import META_FILE, MODEL_FILE
from emotion.training.calibration import fit_temperature
from emotion.training.face.card import write_card
from emotion.training.face.data import Faces, hold_out_fifth, read_npz, with_rare_repeated, without_copies
from emotion.training.face.report import FaceReport, by_kind, confusion, measure_faces, read_faces, time_face
from vocabulary import LABELS

TRAIN: Final = Path("faces/fer2013_train.npz")
CHOOSE: Final = Path("faces/fer2013_validation.npz")

_FLAT: Final = 2.0
"""Deviation of grey below which a picture shows nothing: eight of FER2013's are of one colour."""


@dataclass(frozen=True)
class FaceData:
    """train: four fifths of FER2013's training file without copies of measured pictures. left_out: how many those were.

    chosen_on: the validation file. held_out: the fifth that is reported on.
    """

    train: Faces
    chosen_on: Faces
    held_out: Faces
    left_out: int


def load_data(data: Path) -> FaceData:
    """Raises: TrainingError."""
    published, chosen_on = read_npz(data / TRAIN), read_npz(data / CHOOSE)
    held = hold_out_fifth(published.labels)
    train, left_out = without_copies(published.take(~held), published.take(held), chosen_on)
    flat = train.pixels.reshape(len(train), -1).std(axis=1) < _FLAT
    return FaceData(train.take(~flat), chosen_on, published.take(held), left_out)


def train_face(data: Path, model_dir: Path, cache: Path, *, say: Callable[[str], None], threads: int = 1) -> FaceReport:
    """Train in two rounds; hours on one core. Goes on from the checkpoints in `cache` after an interruption.

    First round: small pictures first. Second round: from there on, whole pictures, a second fall of the learning rate,
    and disgust four times. Raises: TrainingError.
    """
    import torch

    from emotion.training.face.fit import FIRST_ROUND, SECOND_ROUND, fit
    from emotion.training.face.graph import write_graph

    torch.set_num_threads(threads)
    faces = load_data(data)
    say(f"{len(faces.train)} pictures to learn from, {faces.left_out} left out as copies of measured ones")
    first = fit(faces.train, faces.chosen_on, FIRST_ROUND, cache / "face-1.pt", say=say)
    second = fit(
        with_rare_repeated(faces.train),
        faces.chosen_on,
        SECOND_ROUND,
        cache / "face-2.pt",
        start=first.state_dict(),
        say=say,
    )
    write_graph(second, model_dir / MODEL_FILE)
    write_meta(model_dir, 1.0)
    temperature = _temperature(OwnNetwork(model_dir), faces.chosen_on)
    write_meta(model_dir, temperature)
    report = measure_face(data, model_dir)
    write_card(model_dir, report)
    return report


def measure_face(data: Path, model_dir: Path) -> FaceReport:
    """Figures of the model that is in model_dir. Raises: TrainingError, ModelError."""
    faces, engine = load_data(data), OwnNetwork(model_dir)
    return FaceReport(
        held_out=measure_faces(engine, faces.held_out),
        validation=measure_faces(engine, faces.chosen_on),
        confusion=confusion(engine, faces.held_out),
        by_kind=by_kind(engine, faces.held_out),
        trained_on=len(faces.train),
        left_out=faces.left_out,
        milliseconds=time_face(engine, faces.held_out.pixels[0]),
        bytes=(model_dir / MODEL_FILE).stat().st_size,
    )


def write_meta(model_dir: Path, temperature: float) -> None:
    """Constants beside the network."""
    meta = {
        "kind": "face",
        "revision": REVISION,
        "labels": list(LABELS),
        "known_labels": list(LABELS),
        "temperature": round(temperature, 4),
    }
    (model_dir / META_FILE).write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")


def _temperature(engine: OwnNetwork, faces: Faces) -> float:
    """Fitted on what the engine says at temperature 1: the logarithm of its probabilities serves as logits."""
    probabilities: NDArray[np.float64] = read_faces(engine, faces.pixels)
    right = probabilities.argmax(axis=1) == faces.labels
    return fit_temperature(np.log(np.clip(probabilities, 1e-12, 1.0)), right)
