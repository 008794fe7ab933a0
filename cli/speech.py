"""`attune speech`: what is said in an audio file."""

import re
from pathlib import Path
from typing import Annotated

import typer

from cli.output import fail, print_json, reports_errors

app = typer.Typer(help="Speech to text.", no_args_is_help=True)

_JFK = "And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country."
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


@app.command()
@reports_errors
def prepare(
    folder: Annotated[Path, typer.Option(help="Rasa training phrases.")] = Path("data/nlu"),
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
        phrases, PHRASES, is_known=lambda word: dictionary.lookup_word(word) is not None
    )
    if as_json:
        print_json({"path": str(PHRASES), "sentences": sentences, "words": words})
    else:
        typer.echo(f"{sentences} sentences, {words} words: {PHRASES}")


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
    data: Annotated[Path, typer.Option(help="Folder with librispeech, timit_like and jfk.flac.")] = Path(
        "../shared/data/speech"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure the word error rate on recordings with known words."""
    from speech import decode, open_transcriber, word_errors

    recordings = _recordings(data)
    if not recordings:
        fail(f"{data} holds no recordings with transcripts.", code="no_data", as_json=as_json)
    transcriber = open_transcriber()
    sets: dict[str, dict[str, float]] = {}
    for name, file, reference in recordings:
        transcript = transcriber.transcribe(decode(file))
        row = sets.setdefault(name, {"clips": 0, "words": 0, "errors": 0, "audio_seconds": 0.0, "seconds": 0.0})
        row["clips"] += 1
        row["words"] += len(reference.split())
        row["errors"] += word_errors(reference, transcript.text)
        row["audio_seconds"] += transcript.audio_seconds
        row["seconds"] += transcript.seconds
    for row in sets.values():
        row["word_error_rate"] = round(row["errors"] / row["words"], 3)
        row["audio_seconds"], row["seconds"] = round(row["audio_seconds"], 1), round(row["seconds"], 1)
    if as_json:
        print_json({"engine": transcriber.engine, "sets": sets})
        return
    typer.echo(transcriber.engine)
    for name, row in sets.items():
        typer.echo(
            f"{name:12} WER {row['word_error_rate']:.3f} ({row['errors']} of {row['words']} words, "
            f"{row['audio_seconds']} s of sound in {row['seconds']} s)"
        )


def _recordings(data: Path) -> list[tuple[str, Path, str]]:
    """(set, file, words) of each measuring recording that is here."""
    found = [
        ("librispeech", file, file.with_name(file.name.split(".")[0] + ".txt").read_text())
        for file in sorted((data / "librispeech").glob("*.ogg"))
    ]
    table = data / "timit_like" / "transcripts.csv"
    if table.is_file():
        for line in table.read_text().splitlines()[1:]:
            name, words = line.split(",", 1)
            found.append(("timit_like", table.parent / name, words))
    if (data / "jfk.flac").is_file():
        found.append(("jfk", data / "jfk.flac", _JFK))
    return [(name, file, re.sub(r"[^a-z' ]", " ", words.lower())) for name, file, words in found]
