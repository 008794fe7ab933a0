"""Measurements of speech as a person reads them."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from cli.speech_measure import Evaluation
    from cli.speech_sets import Comparison


def print_evaluation(result: "Evaluation") -> None:
    """One line for each recording, and the pooled figures."""
    for row in result.per_file:
        typer.echo(f"{row.wer:6.3f}  {row.file}")
        typer.echo(f"        said   {row.reference}")
        typer.echo(f"        heard  {'(cannot be decoded)' if row.heard is None else row.heard}")
    typer.echo(
        f"{result.engine}: WER {result.wer:.3f}, CER {result.cer:.3f} over {result.n} recordings; "
        f"{result.real_time_factor:.3f} s for each second of sound"
    )


def print_comparison(comparison: "Comparison") -> None:
    """Word error rate of each set and engine; below, the recordings whose given text is another one's."""
    first = comparison.sets[0].by_engine
    for name, result in first.items():
        typer.echo(f"{name:20} {result.engine}")
    typer.echo(f"\n{'word error rate':38}{'clips':>6}{'words':>7}" + "".join(f"{name:>20}" for name in first))
    for one in comparison.sets:
        clips = next(iter(one.by_engine.values())).n
        rates = "".join(f"{result.wer:20.3f}" for result in one.by_engine.values())
        typer.echo(f"{one.name:38}{clips:6}{one.words:7}{rates}")
    if comparison.misfits:
        typer.echo("\nTwo engines hear the same other words than the given text (the data stay as they are):")
        for misfit in comparison.misfits:
            typer.echo(f"{misfit.file}: given “{misfit.reference}”")
            for name, heard in misfit.heard.items():
                typer.echo(f"    {name:20} {heard}")
