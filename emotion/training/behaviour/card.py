"""The behaviour model's card, written by the command that made the model so that its figures are the model's own."""

from pathlib import Path

from emotion.behaviour.features import NAMES
from emotion.training.behaviour.report import BehaviourReport, SyntheticFigures


def _ratio(figures: SyntheticFigures) -> float:
    return figures.error_at_70_coverage / figures.error


def write_card(model_dir: Path, report: BehaviourReport) -> None:
    """Write card.md beside the constants."""
    held, shifted = report.held_out, report.shifted
    rows = [
        ("AUC, struggling against smooth", held.auc, shifted.auc),
        ("accuracy at .5", held.accuracy, shifted.accuracy),
        ("expected calibration error of the chance", held.ece, shifted.ece),
        ("error", held.error, shifted.error),
        ("error over the surest 70 %", held.error_at_70_coverage, shifted.error_at_70_coverage),
        ("that error over the whole one", _ratio(held), _ratio(shifted)),
        *(
            (f"smooth sessions called struggling: {name}", value, shifted.false_alarms[name])
            for name, value in held.false_alarms.items()
        ),
    ]
    table = "\n".join(f"| {name} | {first:.3f} | {second:.3f} |" for name, first, second in rows)
    alone = "\n".join(f"| {name} | {value:.3f} |" for name, value in report.alone.items())
    (model_dir / "card.md").write_text(
        f"""# Behaviour model

A logistic regression over {len(NAMES)} figures of a customer's steps in the shop's page
(`emotion/behaviour/features.py`): to and fro, reading again, steps given up, bursts of clicks, time in a step beside
the customer's own usual time. Its constants are `meta.json`; there is no network. No text, key or position is in a
step.

Made by: `attune emotion train behaviour` (seconds; needs no data).

## Data
**Synthetic.** No labelled sessions of real customers could be had. `emotion/training/behaviour/generator.py` makes
sessions by rules that are written there: customers with habits that look like trouble (they compare, read twice,
click fast, are interrupted) and, in 35 %, an obstacle of varying strength. The rates are the author's judgement, not
measurements. So these figures say how well the model reads the generator, and **nothing about real customers**.
Written cases in `tests/emotion/behaviour/` hold beside them.

## Figures, all synthetic
Held out: {held.sessions:,} sessions of other customers by the same rules ({held.struggling:,} struggling).
Shifted: {shifted.sessions:,} sessions ({shifted.struggling:,} struggling) of a shop with longer tasks, busier
customers and milder obstacles, which the model was not made for.

| what | held out (synthetic) | shifted (synthetic) |
|---|---|---|
{table}

The goal for the error over the surest 70 %, at most .6 of the whole, is missed: a mild obstacle looks like none by the
rules of the generator, and boosted trees over the same figures came no further.

What each figure tells alone, on the held-out synthetic sessions:

| figure | AUC (synthetic) |
|---|---|
{alone}

## What the outputs are
- `frustration_cue`: .6 × the chance of struggle. The limit is a decision: many who search their way are patient.
- `probabilities`: equal, with no known label. Struggle may be anger, worry or mere curiosity; this model cannot tell,
  so it neither supports nor opposes a label in fusion.
- `engagement`: share of ten-second slices with a sign of life; a plain count, not a prediction.

## Limits
Customers who click fast and those who read everything twice are called struggling more often than others without
being so (table above); so may be people who use a page with a tremor, a screen magnifier or a screen reader, about
whom the generator knows nothing. A page whose steps are badly chosen makes nonsense of all of it
(docs/howto/behaviour.md). Never use it on employees.
""",
        encoding="utf-8",
    )
