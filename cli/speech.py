"""`attune speech`: what is said in an audio file."""

from pathlib import Path
from typing import Annotated

import typer

from cli.output import print_json, reports_errors

app = typer.Typer(help="Speech to text.", no_args_is_help=True)


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
    from speech import decode, open_transcriber

    transcript = open_transcriber().transcribe(decode(file, max_seconds=max_seconds))
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


_REASONS = {
    "no_speech": "Nobody speaks in this recording.",
    "not_understood": "Somebody speaks, but no words were understood.",
}
