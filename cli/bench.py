"""`attune bench`: side-by-side measurements."""

from typing import Annotated

import typer

from cli.output import notes, print_json, reports_errors

app = typer.Typer(help="Side-by-side measurements.", no_args_is_help=True)


@app.callback()
def bench() -> None:
    """Side-by-side measurements."""


@app.command()
@reports_errors
def turn(
    conversations: Annotated[int, typer.Option(min=1, help="8-turn conversations per assistant.")] = 12,
    long_turns: Annotated[int, typer.Option(min=20, help="Turns of the long conversation.")] = 205,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """What the assessment costs a turn, beside the same assistant without it; minutes."""
    from benchmarks.turn import bench_turn

    if not as_json:
        notes.print("Starting two assistants; this takes some minutes …")
    result = bench_turn(conversations, long_turns)
    if as_json:
        print_json(result)
        return
    for name, value in result.items():
        typer.echo(f"{name:16} {value}")
