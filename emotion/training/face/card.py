"""The face model's card, written by the command that measured it."""

from pathlib import Path

from emotion.evaluation.metrics import Metrics
from emotion.training.face.report import FaceReport
from vocabulary import LABELS

SPLIT = "FER2013, the untouched fifth of its training file"


def write_card(model_dir: Path, report: FaceReport) -> None:
    """Write card.md beside the model."""
    held, chosen = report.held_out, report.validation
    rows = [
        ("accuracy", held.accuracy, chosen.accuracy),
        ("mean recall (UAR); chance .143", held.uar, chosen.uar),
        ("macro F1", held.macro_f1, chosen.macro_f1),
        *((f"recall {label}", held.recall[label], chosen.recall[label]) for label in LABELS),
        ("AUC of anger against the rest", held.anger_auc, chosen.anger_auc),
        ("AUC of anger, fear, disgust against neutral", held.high_arousal_auc, chosen.high_arousal_auc),
        ("expected calibration error", held.ece, chosen.ece),
        ("error", held.error, chosen.error),
        ("error over the surest 70 %", held.error_at_70_coverage, chosen.error_at_70_coverage),
        ("that error over the whole one", _ratio(held), _ratio(chosen)),
    ]
    figures = "\n".join(f"| {name} | {_shown(first)} | {_shown(second)} |" for name, first, second in rows)
    head = "| true \\ answered | " + " | ".join(LABELS) + " |\n|---|" + "---|" * len(LABELS)
    table = "\n".join(
        f"| {label} | " + " | ".join(str(count) for count in row) + " |"
        for label, row in zip(LABELS, report.confusion, strict=True)
    )
    kinds = "\n".join(f"| {name} | {value:.3f} |" for name, value in report.by_kind.items())
    (model_dir / "card.md").write_text(
        f"""# Face emotion model

A small residual network with squeeze and excitation over one grey face of 48 × 48 pixels
(`emotion/training/face/network.py`), ONNX with one byte a weight, {report.bytes / 1e6:.2f} MB. The mean over four
views of the face, shifted and two of them mirrored, is taken: {report.milliseconds:.1f} ms on one thread.

Made by: `attune emotion train face --data DATA` (hours on one core; goes on after an interruption).
Figures by: `attune emotion evaluate --corpus fer2013 --path DATA/faces/fer2013_train.npz`.

## Data and licence
**FER2013** (Kaggle challenge "Facial expression recognition", 2013; Goodfellow et al. 2013): pictures found by a search
engine, labelled by one person each way, **research challenge data without a licence for other uses**. Networks that are
distributed elsewhere, DeepFace's among them, are trained on it as well. Decide for your installation whether you may
use a model trained on it; without this folder the face is absent and the rest works.

Learnt from: four fifths of the training file, {report.trained_on:,} pictures. {report.left_out:,} more were left out
because the same photograph, or its mirror image, is in a measured part: FER2013 holds many pictures two or three times
(correlation of .88 or more counts as the same; `emotion/training/face/data.py`). Reported on: the fifth of the training
file that a fixed seed sets aside, {held.n:,} pictures, never looked at for choosing. Chosen on: the validation file
(PublicTest), {chosen.n:,} pictures: options, epochs, temperature. The challenge's final test was not used.

## Figures
| what | {SPLIT} | validation file (chosen on) |
|---|---|---|
{figures}

People agree with these labels on about two thirds of the pictures (65 ± 5 %, Goodfellow et al. 2013), so much of the
error is in the labels. Answers on the held-out fifth:

{head}
{table}

## Groups it is worse for
| pictures of the held-out fifth | accuracy |
|---|---|
{kinds}

Disgust has few examples, fear is taken for sadness and surprise, sadness for neutral. **Not measured by age, skin or
sex:** FER2013 names none of them, and searched pictures show more young, light-skinned, posing people than a shop's
customers are. Expect it to be worse for everybody else, for people whose face moves little or differently, and with
glasses, veils, beards or masks. Children are in the pictures; nothing is known about how well they are read.

## What the outputs are
- `probabilities`: calibrated on the validation file by one temperature.
- `valence`, `arousal`: expected place of the labels (Russell and Mehrabian 1977); the network has no view of its own.
- `frustration_cue`: anger, and half of disgust.
- `engagement`: share of three or more pictures of a turn in which the face looks this way. No gaze is measured.
- A feature such as "mostly the mouth" says by how much the probability falls when that part is hidden.

## Limits
Expressions, not feelings: people smile out of courtesy and frown at small print. Posed and searched pictures say little
about a customer before a screen; how little has not been measured. Micro-expressions (changes of under half a second)
are not supported: a few pictures a message cannot show them. A photograph held before the camera, or a picture of a
screen, is read like a face: the gate sees size, sharpness, light and direction, and cannot tell it from a person.
Never use it on employees, nor to find out who somebody is: it cannot, and it must not.
""",
        encoding="utf-8",
    )


def _ratio(figures: Metrics) -> float | None:
    return figures.error_at_70_coverage / figures.error if figures.error_at_70_coverage and figures.error else None


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
