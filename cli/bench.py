"""`attune bench`: side-by-side measurements."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from cli.output import AsJson, fail, notes, print_json, print_report, reports_errors
from store import StoreSettings

app = typer.Typer(help="Side-by-side measurements.", no_args_is_help=True)


@app.callback()
def bench() -> None:
    """Side-by-side measurements."""


@app.command()
@reports_errors
def turn(
    conversations: Annotated[int, typer.Option(min=1, help="8-turn conversations per assistant.")] = 12,
    long_turns: Annotated[int, typer.Option(min=20, help="Turns of the long conversation.")] = 205,
    as_json: AsJson = False,
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


@app.command()
@reports_errors
def speech(
    source: Annotated[
        Path | None,
        typer.Argument(help="Recordings with transcripts; default: a few sentences by flite, and jfk.flac."),
    ] = None,
    model: Annotated[str, typer.Option(help="Whisper model: name, folder or .pt file; default: the one in use.")] = "",
    sentences: Annotated[int, typer.Option(min=1, max=60, help="Sentences by each of three voices.")] = 6,
    rounds: Annotated[int, typer.Option(min=1, help="How often each clip is heard; the quickest time counts.")] = 1,
    threads: Annotated[int, typer.Option(min=1, help="Processor threads of each engine.")] = 1,
    engine: Annotated[
        list[str] | None, typer.Option(help="Only this engine; can be repeated. Default: all that are ready.")
    ] = None,
    jfk: Annotated[Path, typer.Option(help="Natural speech.")] = Path("../shared/data/speech/jfk.flac"),
    as_json: AsJson = False,
) -> None:
    """The recognisers that are here, side by side: errors, speed, start and memory."""
    from benchmarks.speech import bench_speech, table

    if not as_json:
        notes.print("Each engine loads in a process of its own and hears the clips in turn …")
    result = bench_speech(
        model=model, source=source, sentences=sentences, rounds=rounds, threads=threads, jfk=jfk, only=engine or ()
    )
    if as_json:
        print_json(result)
        return
    for line in table(result):
        typer.echo(line)


@app.command()
@reports_errors
def prosody(
    data: Annotated[
        Path, typer.Option(help="Folder with speech/ and speech_emotion/, or any folder of recordings.")
    ] = Path("../shared/data"),
    rounds: Annotated[int, typer.Option(min=1, help="How often each clip is timed; the quickest counts.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Prosody beside openSMILE and Praat: speed on one thread, and F0 frame by frame; some minutes."""
    from benchmarks.prosody import bench_prosody

    result = bench_prosody(data, rounds=rounds)
    if not as_json and "missing" in result:
        notes.print(result["missing"])
    print_report(result, as_json=as_json)


@app.command()
@reports_errors
def assessment(
    turns: Annotated[int, typer.Option(min=10, help="Turns that are timed.")] = 100,
    as_json: AsJson = False,
) -> None:
    """One turn's assessment on one thread: a 3 s clip, 20 words and one 480p picture; under a minute."""
    from benchmarks.assessment import bench_assessment

    print_report(bench_assessment(turns), as_json=as_json)


@app.command()
@reports_errors
def audit(
    tamperings: Annotated[int, typer.Option(min=1, help="How many changes, one at a time.")] = 1000,
    entries: Annotated[int, typer.Option(min=2, help="Length of the chain.")] = 200,
    seed: Annotated[int, typer.Option(help="Of the choice of changes.")] = 1,
    as_json: AsJson = False,
) -> None:
    """How much tampering `attune audit verify` finds: bytes, removed and swapped entries."""
    from benchmarks.audit import bench_audit

    print_report(bench_audit(tamperings, entries, seed), as_json=as_json)


@app.command()
@reports_errors
def consent(
    flips: Annotated[int, typer.Option(min=1, help="Changes of mind, of customers one after the other.")] = 2000,
    seed: Annotated[int, typer.Option(help="Of every choice.")] = 1,
    full: Annotated[bool, typer.Option("--full", help="100,000 flips; about half an hour.")] = False,
    as_json: AsJson = False,
) -> None:
    """Consent flipped at random between frames, clips, steps and turns: what was scored or kept against it."""
    from benchmarks.consent import FULL, bench_consent

    wanted = FULL if full else flips
    with Progress(console=notes, transient=True, disable=as_json) as bar:
        task = bar.add_task("flips", total=wanted)
        result = bench_consent(wanted, seed, lambda done: bar.update(task, completed=done))
    print_report(result, as_json=as_json)
    if result["violations"]:
        raise typer.Exit(1)


@app.command()
@reports_errors
def voice(
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this part; may repeat: reply, framework, barge-in, backchannels, interruptions, invented, load."
        ),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="All clips and calls of the figures; about an hour.")] = False,
    data: Annotated[Path, typer.Option(help="Folder with natural recordings.")] = Path("../shared/data"),
    as_json: AsJson = False,
) -> None:
    """Live calls: how soon an answer sounds, how turns are taken, how many calls one process carries; minutes."""
    from benchmarks.voice import bench_voice

    with Progress(console=notes, transient=True, disable=as_json) as bar:
        task = bar.add_task("calls", total=None)

        def told(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        result = asyncio.run(bench_voice(only or (), full=full, data=data, told=told))
    print_report(result, as_json=as_json)


@app.command()
@reports_errors
def protection(
    conversations: Annotated[int, typer.Option(min=1, help="8-turn conversations of each installation.")] = 30,
    as_json: AsJson = False,
) -> None:
    """What encryption, redaction and audit cost a text turn, beside the same turn without them; minutes."""
    from benchmarks.protection import bench_protection

    if not as_json:
        notes.print("Starting two installations; this takes some minutes …")
    print_report(bench_protection(conversations), as_json=as_json)


@app.command()
@reports_errors
def attacks(
    kind: Annotated[list[str] | None, typer.Option(help="Only this attack; can be repeated. Default: all.")] = None,
    seconds: Annotated[float, typer.Option(min=0.5, help="Of each quiet and each attacked stretch.")] = 5.0,
    rounds: Annotated[int, typer.Option(min=1, help="How often quiet and attacked take turns.")] = 4,
    as_json: AsJson = False,
) -> None:
    """How others are served while one address attacks the web process; minutes. It attacks this machine only."""
    from benchmarks.attackers import ATTACKS
    from benchmarks.attacks import bench_attacks

    if not as_json:
        notes.print("Starting a web process of its own and attacking it …")
    result = bench_attacks(kind or list(ATTACKS), seconds, rounds)
    if as_json:
        print_json(result)
        return
    for name, one in result["attacks"].items():
        typer.echo(
            f"{name:14} p95 {one['quiet_p95_ms']:7.2f} ms quiet, {one['attacked_p95_ms']:7.2f} ms attacked: "
            f"{one['ratio']:.2f} times"
        )
    typer.echo(f"not served: {result['failed']}; content in the log: {'yes' if result['content_in_log'] else 'none'}")


@app.command()
@reports_errors
def bandit(
    rounds: Annotated[int, typer.Option(min=400, help="Questions in each world; 200 are a day.")] = 10_000,
    seed: Annotated[
        list[int] | None, typer.Option(help="A world; may repeat. Default: five that no setting was chosen in.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Worlds side by side, a process each.")] = 2,
    as_json: AsJson = False,
) -> None:
    """The bandit in a simulated shop beside an oracle, and what minding frustration adds to clicks; many minutes."""
    from benchmarks.bandit import REPORTED_SEEDS, bench_bandit

    seeds = seed or list(REPORTED_SEEDS)
    with Progress(console=notes, transient=True, disable=as_json) as bar:
        task = bar.add_task("worlds", total=len(seeds))
        result = bench_bandit(seeds, rounds, workers=workers, told=lambda: bar.advance(task))
    print_report(result, as_json=as_json)


@app.command()
@reports_errors
def recommend(
    items: Annotated[int, typer.Option(min=2_001, help="How many items the catalogue has.")] = 100_000,
    vectors: Annotated[
        str, typer.Option(help="synthetic (drawn around centres) or minilm (product texts, embedded once and kept).")
    ] = "synthetic",
    hybrid: Annotated[bool, typer.Option("--hybrid", help="Whole answers, with words and meaning, instead.")] = False,
    embedding: Annotated[bool, typer.Option("--embedding", help="Items embedded a second instead.")] = False,
    threads: Annotated[int, typer.Option(min=1, help="With --embedding: threads of the encoder.")] = 2,
    as_json: AsJson = False,
) -> None:
    """The index of items beside FAISS alone: recall, times, filters and size; one thread."""
    from benchmarks.recommend import VECTORS, bench_hybrid, bench_recommend
    from benchmarks.recommend_embedding import bench_embedding

    if vectors not in VECTORS:
        fail(f"--vectors is {vectors!r}; give one of {', '.join(VECTORS)}.", code="usage", as_json=as_json, status=2)
    settings = StoreSettings()
    cache = settings.home / "bench" / "texts"
    if embedding:
        print_report(bench_embedding(items, threads, settings.encoder_dir), as_json=as_json)
        return
    with Progress(console=notes, transient=True, disable=as_json) as bar:
        task = bar.add_task("vectors", total=None)

        def told(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        if hybrid:
            result = bench_hybrid(items, settings.encoder_dir, cache, told)
        else:
            result = bench_recommend(items, vectors, settings.encoder_dir, cache, told)
    print_report(result, as_json=as_json)
