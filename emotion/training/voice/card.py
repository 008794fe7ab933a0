"""The voice model's card, written by the command that made the model so that its figures are the model's own."""

from pathlib import Path

from emotion.model_files import MODEL_FILE
from emotion.training.voice.model import USED, VoiceOptions
from emotion.training.voice.report import VoiceReport


def write_card(model_dir: Path, report: VoiceReport, options: VoiceOptions) -> None:
    """Write card.md beside the model."""
    acted, calm = report.acted, report.calm
    size_kb = (model_dir / MODEL_FILE).stat().st_size / 1000
    rows = [
        ("mean recall of six labels (UAR); chance .167", f"{acted.uar:.3f}"),
        ("accuracy", f"{acted.accuracy:.3f}"),
        *((f"recall {label}", f"{value:.3f}") for label, value in acted.recall.items()),
        *((f"UAR, held-out clips: {name}", f"{value:.3f}") for name, value in acted.degraded_uar.items()),
        ("expected calibration error, before the limit", f"{acted.ece:.3f}"),
        ("correlation of arousal with the acted emotion's", f"{acted.arousal_correlation:.3f}"),
        ("UAR from length, padding and the band above 7 kHz alone", f"{acted.artefacts_uar:.3f}"),
    ]
    table = "\n".join(
        f"| {name} | {value} | Emo-DB, leave one speaker out, {acted.clips} clips, {acted.speakers} speakers |"
        for name, value in rows
    )
    if calm:
        angry = f"{calm.called_angry} of {calm.pieces}"
        table += f"""
| pieces of calm English speech called angry | {angry} | read, public, meeting speech; 5 s |
| … with a confidence of .5 or more | {calm.angry_above_half} | same |
| mean confidence; mean arousal | {calm.mean_confidence:.2f}; {calm.mean_arousal:.2f} | same |
| highest frustration cue | {calm.highest_cue:.2f} | same |"""
    table += f"\n| computing time over audio time | {report.real_time_factor:.4f} | 5 s clip, two CPU cores |"
    (model_dir / "card.md").write_text(
        f"""# Voice emotion model

A kernel classifier over {len(USED)} figures of prosody (`emotion/voice/prosody.py`, `emotion/voice/functionals.py`): pitch,
loudness within the clip, spectral balance, rhythm, spread of the cepstrum. Words are not heard.
ONNX, {size_kb:.0f} kB.

Made by: `attune emotion train voice --data DATA` (gamma {options.gamma}, C {options.c}, seed {options.seed}).
Figures by: `attune emotion evaluate voice --data DATA`.

## Data
**Emo-DB** (Burkhardt et al. 2005; CC0), 2.0 s versions only: ten German actors, seven emotions, 535 clips. Each clip is
also used with noise, through a telephone band and through another microphone (`emotion/training/voice/degrade.py`).
Boredom is learnt as a class of its own and counted as neutral. Surprise is unknown to this model and gets no
contribution from it in fusion. Measured, not trained on: English read speech, an address, meetings.

## Figures
| what | figure | data and split |
|---|---|---|
{table}

Options (kernel width, penalty) and temperature are chosen inside each training fold. The design itself (functionals,
degradations, kind of classifier) was settled while looking at leave-one-speaker-out figures of the same ten speakers,
so expect somewhat less on new ones. Length, padding and the band above 7 kHz alone tell emotions apart better than
chance: none of them reaches the model, which trims silence, ignores length and hears nothing above 5 kHz.

## What the outputs are
- `probabilities`: calibrated on held-out actors, then drawn towards equal shares: at most .6 of the model's own
  view counts, less where the clip is far from the training clips. Acted German says little about English-speaking
  customers on a web page; how little has not been measured, so the confidence is limited by decision, not by data.
- `arousal`: the most transferable output. `valence` is absent: prosody confuses joy with anger.
- `frustration_cue`: anger, and half of disgust, in the voice; 0 where it hears neither. In fusion it adds to the words
  and never takes from them.

## Limits
Ten actors, five women and five men, aged 21 to 35, one language. Voices of children and the old, hoarse or synthetic
voices are out of its range. Never use it on employees.
""",
        encoding="utf-8",
    )
