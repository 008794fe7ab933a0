"""The text model's card, written by the command that made the model so that its figures are the model's own."""

from pathlib import Path
from typing import Final

from emotion.model_files import MODEL_FILE
from emotion.text.cues import NAMES
from emotion.text.tokens import MAX_TOKENS, TOKENIZER_FILE
from emotion.training.text.finetune import TextOptions
from emotion.training.text.report import TextReport

Row = tuple[str, str, str]
_TEST: Final = "GoEmotions test"
_PAIRS: Final = "minimal pairs, test"


def write_card(model_dir: Path, report: TextReport, options: TextOptions, *, minutes: float) -> None:
    """Write card.md beside the model. minutes: what training and calibration took."""
    rows = [*_comment_rows(report), *_turn_rows(report), *_pair_rows(report)]
    rows.append(("median time of a score of 20 words with reasons", f"{report.score_ms:.1f} ms", "one thread"))
    table = "\n".join(f"| {name} | {value} | {where} |" for name, value, where in rows)
    groups = "\n".join(
        f"| {name} | {figures['n']} | {figures['macro_f1']:.3f} | {figures['top_right']:.3f} |"
        for name, figures in report.comments.groups.items()
    )
    size = sum((model_dir / name).stat().st_size for name in (MODEL_FILE, TOKENIZER_FILE)) / 1e6
    (model_dir / "card.md").write_text(
        f"""# Text emotion model

all-MiniLM-L6-v2 (six layers of 384; Apache-2.0) fine-tuned end to end, with five linear heads over the mean of its
pieces, its first piece and {len(NAMES)} cues of writing: GoEmotions' 28 labels, our seven as chances of their own, our
seven sharing 1, five sentiments, and a frustration cue. Weights in 8 bits, one scale for each output or row;
ONNX and tokenizer together {size:.1f} MB. English only. Of a long message, {MAX_TOKENS} word pieces of its beginning
and its end are read.

Made by: `attune emotion train text --data DATA` (seed {options.seed}, {options.epochs} epochs, {minutes:.0f} minutes; a
run that is broken off goes on from its last checkpoint).
Figures by: the same command and `attune emotion evaluate --corpus goemotions`, from the shipped files.

## Data
- **GoEmotions** train (Demszky et al. 2020; Apache-2.0): 43,410 Reddit comments. Options, temperature, thresholds and
  the nuances' scales are chosen on dev; test is only reported.
- **Service phrases** written for this project (`emotion/training/text/service_*.tsv`, Apache-2.0): requests,
  complaints, thanks, hesitation, mockery and outbursts of shop customers with a hand-set frustration from 0 to 1, and
  their combinations. They teach that a broken kettle is not anger.
- **Rated MultiWOZ dialogues** (Sun et al. 2021) are measured on, never trained on. A turn counts as dissatisfied when
  its mean rating is below 2.5 of 5.
- **Minimal pairs** (`tests/emotion/minimal_pairs.tsv`), two messages that differ in one respect, were written for this
  project by the author of the training phrases; none is a training phrase. Half of each kind was for development
  (dev); the other half (test) is reported.

## Figures
| what | figure | data |
|---|---|---|
{table}

| comments of test | number | macro-F1 | top label right |
|---|---|---|---|
{groups}

## What the outputs are
- `probabilities`: a temperature-scaled softmax; `confidence` is the top one, calibrated on Reddit. On service messages,
  which are shorter and mostly neutral, it has not been measured: no licensed set of them with emotions exists here.
- `nuances`: annoyance, disappointment, confusion and gratitude, each the chance that GoEmotions has that label.
- `sentiment`: GoEmotions has no intensity. The target of a comment is the mean place of its labels on the axis of
  valence, shared between the neighbouring ones of five levels.
- `frustration_cue`: 0 to 1 on the scale of the hand-set phrases, not a probability; the talk so far moves it
  (`emotion/text/context.py`).
- `valence`, `arousal`: the 28 labels' places on the circumplex (`emotion/text/affect.py`, set by hand), weighted by
  their chances; capitals with repeated exclamation marks add up to 0.3 to arousal.
- `features`: cues of writing whose removal lowers the frustration cue, by how far it falls; then the strongest emotion.

## Limits and groups it is worse for
Disgust, fear and surprise are rare in service messages and weakly measured there. Very short and very long messages,
and comments of several labels, are read less well (table). GoEmotions' raters were English speakers from India and its
writers mostly young, male and American: dialects, spelling of speech and second-language English may be misread,
and no set here measures the last. Sarcasm is caught where words or the talk give it away, not where only the facts do.
""",
        encoding="utf-8",
    )


def _comment_rows(report: TextReport) -> list[Row]:
    figures = report.comments
    return [
        ("macro-F1, 7 labels, several for each comment", f"{figures.macro_f1:.3f}", _TEST),
        *((f"F1 {label}", f"{value:.3f}", _TEST) for label, value in figures.f1.items()),
        ("top label is among the comment's labels", f"{figures.top_right:.3f}", _TEST),
        ("expected calibration error of the top label, 15 bins", f"{figures.ece:.3f}", _TEST),
        ("error, and among the surest 70 %", f"{figures.error:.3f}, {figures.error_at_70_coverage:.3f}", _TEST),
        *((f"calibration error of {name}", f"{value:.3f}", _TEST) for name, value in figures.nuance_ece.items()),
        ("broad sentiment (3) is that of the labels", f"{figures.sentiment_right:.3f}", _TEST),
    ]


def _turn_rows(report: TextReport) -> list[Row]:
    if report.turns is None or report.alone is None:
        return []
    what = f"AUC of the frustration cue, {report.turns.dissatisfied} dissatisfied of {report.turns.turns} turns"
    where = "rated MultiWOZ, dialogues 501–1,000"
    return [
        (f"{what}, in their talk", f"{report.turns.dissatisfied_auc:.3f}", where),
        ("the same, each turn alone", f"{report.alone.dissatisfied_auc:.3f}", where),
    ]


def _pair_rows(report: TextReport) -> list[Row]:
    if report.pairs is None:
        return []
    return [
        (f"right order, {report.pairs.pairs} pairs", f"{report.pairs.ordered:.3f}", _PAIRS),
        *(
            (f"right order, {kind} ({number} pairs)", f"{share:.3f}", _PAIRS)
            for kind, (number, share) in report.pairs.by_phenomenon.items()
        ),
        ("calmer one of a pair of frustration below 0.4", f"{report.pairs.calm_below or 0:.3f}", _PAIRS),
        ("other one at 0.4 or more", f"{report.pairs.frustrated_above or 0:.3f}", _PAIRS),
    ]
