"""The text model's card, written by the command that made the model so that its figures are the model's own."""

from pathlib import Path

from emotion.model_files import MODEL_FILE
from emotion.text.cues import NAMES
from emotion.training.text.model import TextOptions
from emotion.training.text.report import TextReport


def write_card(model_dir: Path, report: TextReport, options: TextOptions) -> None:
    """Write card.md beside the model."""
    comments, turns, pairs = report.comments, report.turns, report.pairs
    size_kb = (model_dir / MODEL_FILE).stat().st_size / 1000
    rows = [
        ("top label is among the comment's labels", f"{comments.right:.3f}", "GoEmotions test"),
        ("the same, always saying neutral", f"{comments.majority:.3f}", "GoEmotions test"),
        ("macro-F1 of 7 labels, single-label comments", f"{comments.macro_f1:.3f}", "GoEmotions test"),
        *((f"F1 {label}", f"{value:.3f}", "GoEmotions test") for label, value in comments.f1.items()),
        ("expected calibration error, 15 bins", f"{comments.ece:.3f}", "GoEmotions test"),
    ]
    if turns:
        rows.append(
            (
                f"AUC of the frustration cue, {turns.dissatisfied} dissatisfied of {turns.turns} turns",
                f"{turns.auc:.3f}",
                "rated MultiWOZ, dialogues 501–1,000",
            )
        )
    if pairs:
        rows += [
            (
                f"frustrated wording above its neutral twin ({pairs.pairs} pairs)",
                f"{pairs.ordered:.3f}",
                "minimal pairs",
            ),
            ("AUC over the pairs' sentences", f"{pairs.auc:.3f}", "minimal pairs"),
            ("neutral wordings with a cue below 0.4", f"{pairs.calm_below:.3f}", "minimal pairs"),
            ("frustrated wordings with a cue of 0.4 or more", f"{pairs.frustrated_above:.3f}", "minimal pairs"),
        ]
    rows.append(("median time of a score, encoder excluded", f"{report.score_ms:.2f} ms", "two CPU cores"))
    table = "\n".join(f"| {name} | {value} | {where} |" for name, value, where in rows)
    (model_dir / "card.md").write_text(
        f"""# Text emotion model

Heads over all-MiniLM-L6-v2 sentence embeddings (not included) and {len(NAMES)} cues of writing:
one hidden layer of {options.hidden}, then seven emotions, GoEmotions' 28 labels, and a frustration cue.
ONNX, {size_kb:.0f} kB. English only.

Made by: `attune emotion train text --data DATA` (seed {options.seed}; embeddings are cached, then about two minutes).
Figures by: `attune emotion evaluate text --data DATA`, from the shipped files.

## Data
- **GoEmotions** train (Demszky et al. 2020; Apache-2.0): 43,410 Reddit comments. Temperature and options are
  chosen on dev; test is only reported.
- **Service phrases** written for this project (`emotion/training/text/service_*.tsv`, Apache-2.0): requests,
  complaints and outbursts of shop customers with a hand-set frustration from 0 to 1, and their combinations. They
  teach that a broken kettle is not anger.
- **Rated MultiWOZ dialogues** (Sun et al. 2021) are measured on, never trained on: design choices looked at dialogues
  1–500. A turn counts as dissatisfied when its mean rating is below 2.5 of 5.
- **Minimal pairs** (`tests/emotion/minimal_pairs.tsv`) were written for this project by the author of the training
  phrases. None is a training phrase, but 23 phrases were added after a first look at the pairs, so their figures are
  optimistic. At that first look: .922 in order, AUC .904, .969 of the neutral wordings below .4, .703 of the
  frustrated ones at .4 or more.

## Figures
| what | figure | data |
|---|---|---|
{table}

## What the outputs are
- `probabilities`: temperature-scaled; `confidence` is the top one, calibrated on Reddit. On service messages, which
  are shorter and mostly neutral, it has not been measured: no licensed set of them with emotions exists here.
- `frustration_cue`: 0 to 1 on the scale of the hand-set phrases, not a probability.
- `valence`, `arousal`: the 28 labels' places on the circumplex (`emotion/affect.py`, set by hand), weighted by
  their chances; capitals with repeated exclamation marks add up to 0.3 to arousal.

## Limits
Sarcasm is caught only in set phrases. Disgust, fear and surprise are rare in service messages and weakly measured.
GoEmotions' raters were from India and its writers mostly young and male; dialects and second-language English
may be misread. The model reads one message at a time: memory over the conversation is `emotion.update_state`.
""",
        encoding="utf-8",
    )
