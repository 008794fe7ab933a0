"""`attune speech`: what is said in an audio file."""

import re
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli.output import fail, print_json, reports_errors

app = typer.Typer(help="Speech to text.", no_args_is_help=True)

_INTENT = re.compile(r"\s*- (?:intent|lookup|synonym|regex):\s*(\S+)")
_EXAMPLE = re.compile(r"\s+- (.+)")
_ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
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
    target: Annotated[Path | None, typer.Option(help="Where to write it; default: the file in use.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Teach the recogniser the bot's own phrases; run it again after changing them."""
    from pocketsphinx import Decoder, get_model_path

    from speech import PHRASES, build_language_model

    phrases = [phrase for path in sorted(folder.glob("*.yml")) for phrase in _phrases(path)]
    if not phrases:
        fail(f"{folder} holds no training phrases; expected Rasa's nlu files.", code="no_phrases", as_json=as_json)
    dictionary = Decoder(
        hmm=get_model_path("en-us/en-us"), dict=get_model_path("en-us/cmudict-en-us.dict"), loglevel="FATAL"
    )
    sentences, words = build_language_model(
        phrases, target or PHRASES, is_known=lambda word: dictionary.lookup_word(word) is not None
    )
    if as_json:
        print_json({"path": str(target or PHRASES), "sentences": sentences, "words": words})
    else:
        typer.echo(f"{sentences} sentences, {words} words: {target or PHRASES}")


def _phrases(path: Path) -> list[str]:
    """The example lines of a training file without their entity marks; foreign topics teach nothing."""
    found = []
    foreign = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if intent := _INTENT.match(line):
            foreign = intent[1] == "out_of_scope"
        elif (example := _EXAMPLE.match(line)) and not foreign:
            found.append(_ENTITY.sub(r"\1", example[1]))
    return found


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
