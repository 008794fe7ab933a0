"""`attune speech`: what is said in an audio file."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import speech_model
from cli.opened import opened_database
from cli.output import fail, print_json, reports_errors

if TYPE_CHECKING:
    from service import Settings
    from speech import ShopModel
    from vocabulary import Item

app = typer.Typer(help="Speech to text.", no_args_is_help=True)
app.add_typer(speech_model.app, name="model")

_REASONS = {
    "no_speech": "Nobody speaks in this recording.",
    "not_understood": "Somebody speaks, but no words were understood.",
}


@app.callback()
def speech() -> None:
    """Speech to text."""


@app.command()
@reports_errors
def transcribe(
    file: Annotated[Path, typer.Argument(help="wav, flac, ogg, mp3, webm or m4a.", show_default=False)],
    max_seconds: Annotated[float, typer.Option(help="Refuse longer recordings.", min=0.1)] = 600.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print what is said in FILE. Silence gives no words and says so."""
    from service import Settings
    from speech import decode, open_transcriber

    transcript = open_transcriber(Settings().speech).transcribe(decode(file, max_seconds=max_seconds))
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
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Teach the recogniser the words of the bot and of the catalogue; `attune up` does it when they changed."""
    from cli.speech_prepare import build_model, prepare_language_model, shop_talk
    from service import Settings
    from shop import generate_catalogue

    settings = Settings()
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
    jfk: Annotated[Path, typer.Option(help="Natural speech: jfk.flac of Whisper's tests.")] = Path(
        "../shared/data/speech/jfk.flac"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure word error rates: sentences spoken by flite, and one natural recording."""
    from cli.speech_measure import measure

    rows = measure(jfk)
    if not rows:
        fail("neither flite nor jfk.flac is here; expected one of them.", code="no_data", as_json=as_json)
    if as_json:
        print_json({"sets": [asdict(row) for row in rows]})
        return
    for row in rows:
        typer.echo(
            f"{row.name}: WER {row.word_error_rate:.3f} with the shop's phrases, {row.general_word_error_rate:.3f} "
            f"without; {row.numbers_right} of {row.numbers} order numbers right; {row.words} words, "
            f"{row.audio_seconds:.0f} s of sound heard in {row.seconds:.0f} s"
        )
