"""`attune speech`: what is said in an audio file."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import speech_model
from cli.live import live_line
from cli.opened import opened_database
from cli.output import AsJson, fail, print_json, reports_errors
from cli.speech_tables import print_comparison, print_evaluation

if TYPE_CHECKING:
    from service import Settings
    from speech import ShopModel
    from vocabulary import Item

app = typer.Typer(help="What is said and who speaks: recognition, its models, voices.", no_args_is_help=True)
app.add_typer(speech_model.app, name="model")

_REASONS = {
    "no_speech": "Nobody speaks in this recording.",
    "not_understood": "Somebody speaks, but no words were understood.",
    "not_believed": "Somebody may speak, but too unclearly for its words to be believed.",
}


@app.callback()
def speech() -> None:
    """What is said and who speaks: recognition, its models, voices."""


@app.command()
@reports_errors
def transcribe(
    file: Annotated[Path, typer.Argument(help="wav, flac, ogg, mp3, webm or m4a.", show_default=False)],
    max_seconds: Annotated[float, typer.Option(help="Refuse longer recordings.", min=0.1)] = 600.0,
    as_json: AsJson = False,
) -> None:
    """Print what is said in FILE, on a terminal already while it is heard. Silence gives no words and says so."""
    from service import Settings
    from speech import decode, open_transcriber

    clip = decode(file, max_seconds=max_seconds)
    transcriber = open_transcriber(Settings().speech)
    with live_line(wanted=not as_json) as show:
        transcript = transcriber.transcribe(clip, on_partial=show)
    if as_json:
        result = {
            "text": transcript.text,
            "engine": transcript.engine,
            "seconds": round(transcript.seconds, 3),
            "audio_seconds": round(transcript.audio_seconds, 3),
            "speech_seconds": round(transcript.speech_seconds, 3),
        }
        print_json(result | ({} if transcript.reason is None else {"reason": transcript.reason}))
        return
    if transcript.text:
        typer.echo(transcript.text)
    else:
        typer.echo(_REASONS.get(transcript.reason or "", "no words"), err=True)


@app.command()
@reports_errors
def prepare(
    folder: Annotated[Path, typer.Option(help="Rasa training phrases.")] = Path("data/nlu"),
    target: Annotated[
        Path | None, typer.Option(help="Write it there, for the catalogue that ships.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option(help="Build even if nothing changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Teach the recogniser the words of the bot and of the catalogue; `attune up` does it when they changed."""
    from cli.speech_prepare import build_model, prepare_language_model, shop_talk
    from service import Settings
    from shop import generate_catalogue

    settings = Settings()
    made: ShopModel | None
    if target is not None:
        made = build_model(shop_talk(generate_catalogue(), folder), target)
    else:
        items = asyncio.run(_catalogue(settings)) or generate_catalogue()
        made = prepare_language_model(settings.home, shop_talk(items, folder), force=force)
    if as_json:
        path = settings.speech.language_model if made is None else made.path
        print_json({"path": str(path), "built": made is not None} | ({} if made is None else _numbers(made)))
    elif made is None:
        typer.echo(f"Up to date: {settings.speech.language_model}")
    else:
        typer.echo(
            f"{made.sentences} sentences, {made.words} words, {made.pronounced} of them pronounced by rule: {made.path}"
        )


def _numbers(made: "ShopModel") -> dict[str, int]:
    return {"sentences": made.sentences, "words": made.words, "pronounced": made.pronounced}


async def _catalogue(settings: "Settings") -> "list[Item]":
    """The shop's items; none where there is no shop yet."""
    if not settings.key_file.is_file():
        return []
    async with opened_database(settings) as db, db.transaction() as tx:
        return await tx.catalogue.items()


@app.command()
@reports_errors
def evaluate(
    source: Annotated[
        Path | None,
        typer.Argument(help="A folder or table (csv, tsv, jsonl) with transcripts; default: the built-in sets."),
    ] = None,
    engine: Annotated[
        str, typer.Option(help="auto, pocketsphinx-plain (its general model only), or an engine's name.")
    ] = "",
    speech_data: Annotated[Path, typer.Option(help="Natural recordings of the built-in sets.")] = Path(
        "../shared/data/speech"
    ),
    telephone: Annotated[
        bool, typer.Option("--telephone", help="As it arrives over a telephone line: 8 kHz, µ-law.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure word and character error rates over recordings whose words are known."""
    from cli.speech_measure import evaluate_files, open_named
    from cli.speech_sets import COMPARED, compare
    from cli.transcripts import recordings
    from service import Settings

    setup = Settings().speech
    if source is not None:
        found = recordings(source)
        result = evaluate_files(open_named(setup, engine or setup.engine), found, telephone=telephone)
        if all(row.heard is None for row in result.per_file):
            fail("no file could be decoded; the lines above say why.", code="not_audio", as_json=as_json)
        if as_json:
            print_json(result.as_json())
        else:
            print_evaluation(result)
        return
    comparison = compare(setup, speech_data, (engine,) if engine else COMPARED, telephone=telephone)
    if not comparison.sets:
        fail(
            f"neither flite nor recordings under {speech_data} are here; expected one of them, or name a folder.",
            code="no_data",
            as_json=as_json,
        )
    if as_json:
        print_json(comparison.as_json())
    else:
        print_comparison(comparison)
