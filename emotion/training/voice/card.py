"""The voice model's card, written by the command that made the model so that its figures are the model's own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from emotion.model_files import MODEL_FILE
from emotion.training.voice.prosody_model import ProsodyOptions
from emotion.training.voice.refit import OWN_SHARE
from emotion.training.voice.report import ONLINE, VoiceReport
from emotion.voice.prosody import NAMES

_NAMED: Final = {
    "uar": "mean recall of six labels (UAR); chance .167",
    "accuracy": "accuracy",
    "uar_4": "UAR of anger, happiness, sadness, neutral; chance .25",
    "anger_auc": "AUC of anger against the rest",
    "high_arousal_auc": "AUC of arousal: anger, fear, disgust against neutral",
    "ece": "expected calibration error",
    "error": "error",
    "error_at_70_coverage": "error among the surest 70 %",
}

Pair = Mapping[str, Mapping[str, float]]


def write_card(model_dir: Path, report: VoiceReport, options: ProsodyOptions) -> None:
    """Write card.md beside the model."""
    files, heard = (report.artefacts_uar[name] for name in ("files", "heard"))
    new_auc, sex_auc = (report.valence_auc[name] for name in ("speakers", "sex"))
    size_kb = (model_dir / MODEL_FILE).stat().st_size / 1000
    (model_dir / "card.md").write_text(
        f"""# Voice emotion model

A linear classifier over {len(NAMES)} figures of prosody (`emotion/voice/prosody/`, docs/reference/prosody.md), each
compared with what is usual for this voice (`emotion/voice/population.py`). Words are not heard. ONNX, {size_kb:.0f} kB.

Made and measured by: `attune emotion train voice --data DATA` (C {options.c}, seed {options.seed}: always the same).

## Data
**Emo-DB** (Burkhardt et al. 2005; CC0), 2.0 s versions only: ten German actors, seven emotions, 535 clips. Each clip is
also learnt in eight other recording situations (`emotion/training/voice/domains.py`: microphone, room, line, codec,
noise, speed), one for all clips of a speaker. Boredom is learnt as a class of its own and counted as neutral.
Surprise is unknown to this model and gets no contribution from it in fusion. Measured, not trained on: the full-length
files of the same corpus; English read speech, an address, meetings.

## Figures
"Raw" is the first turn of a voice; "online" comes after {ONLINE} unlabelled clips of the speaker in random order, which
are not scored (mean of 20 orders). Every speaker is scored by a refit that has not heard them.

### Emo-DB, leave one speaker out, 535 clips, 10 speakers
{_table(report.speakers)}

### Groups: the same folds, men and women apart
| group | UAR | anger AUC | high-arousal AUC | ECE |
|---|---|---|---|---|
{_groups(report.by_sex)}

### Trained on one sex, measured on the other
{_table(report.sex)}

### Recording situations that training does not draw, leave one speaker out, UAR
| situation | raw | online |
|---|---|---|
{_situations(report)}
{_full_length(report)}
### Traps
| what | figure | data |
|---|---|---|
| UAR of a probe on the files' length, padding and band above 7 kHz | {files:.3f} | one speaker out; chance .167 |
| … on what reaches a model: silence cut, common window, below 5 kHz | {heard:.3f} | same |
| angry clips called anger after five angry turns as the baseline | {report.still_angry:.3f} | same folds |
| … called neutral | {report.called_neutral:.3f} | same |
{_calm(report)}| computing time over audio time | {report.real_time_factor:.4f} | 5 s clip, one thread |

## What the outputs are
- `probabilities`: temperature fitted on speakers held out of training. It grows with the clip's distance from those of
  training (beyond the median of held-out clips): a strange microphone, room or voice lowers confidence.
- `arousal`: the most transferable output. `valence`: mean of the labels' by probability; it tells happiness from the
  four negative emotions with an AUC of {new_auc:.3f} for new speakers, {sex_auc:.3f} for the other sex.
- `engagement`: energy in the voice (arousal, pitch, its range, rate, accents; .5 is usual). It is a definition: no data
  here says how attentive anybody is, so it has no figure.
- `frustration_cue`: anger, and half of disgust, above what knowing nothing would give.
- The speaker's baseline counts at most {OWN_SHARE:.0%} beside the comparison with everybody (docs/decisions/0083).

## Limits
- Acted German. Calibration holds for new actors in the same studio; for customers in another language it has not been
  measured, because no set with a licence for it is at hand. Expect too much confidence there.
- Ten speakers, aged 21 to 35: voices of children and the old, hoarse or synthetic voices are out of range.
- Worse for the groups with the lower figures above, and for happiness and disgust.
- A customer who is angry in every turn is taken for less angry than they are (see Traps).
- The design was settled while looking at figures of the same ten speakers: expect somewhat less on new ones.
- Never use it on employees.
""",
        encoding="utf-8",
    )


def _table(pair: Pair) -> str:
    raw, online = pair["raw"], pair["online"]
    recalls = {name: f"recall of {name.removeprefix('recall ')}" for name in raw if name.startswith("recall ")}
    rows = [
        f"| {words} | {raw[name]:.3f} | {online[name]:.3f} |"
        for name, words in (_NAMED | recalls).items()
        if name in raw and name in online
    ]
    return "\n".join(["| what | raw | online |", "|---|---|---|", *rows])


def _groups(groups: Mapping[str, Mapping[str, float]]) -> str:
    return "\n".join(
        f"| {name} | {one['uar']:.3f} | {one['anger_auc']:.3f} | {one['high_arousal_auc']:.3f} | {one['ece']:.3f} |"
        for name, one in groups.items()
    )


def _situations(report: VoiceReport) -> str:
    return "\n".join(
        f"| {name} | {pair['raw']['uar']:.3f} | {pair['online']['uar']:.3f} |" for name, pair in report.unseen.items()
    )


def _full_length(report: VoiceReport) -> str:
    if report.full_length is None:
        return ""
    return f"\n### Full-length files of four emotions, leave one speaker out\n{_table(report.full_length)}\n"


def _calm(report: VoiceReport) -> str:
    calm = report.calm
    if calm is None:
        return ""
    return (
        f"| pieces of calm English speech called angry | {calm.called_angry} of {calm.pieces} "
        "| read, public, meeting speech; 5 s |\n"
        f"| … with a confidence of .5 or more | {calm.angry_above_half} | same |\n"
        f"| mean confidence; mean arousal | {calm.mean_confidence:.2f}; {calm.mean_arousal:.2f} | same |\n"
        f"| highest frustration cue | {calm.highest_cue:.2f} | same |\n"
    )
