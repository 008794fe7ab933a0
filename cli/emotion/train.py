"""`attune emotion train`: make a model that ships again, with its card."""

from pathlib import Path
from typing import Annotated, Final

import typer

from cli.output import AsJson, notes, print_report, reports_errors
from recommender import encoder_source
from service import Settings

app = typer.Typer(help="Train a model and write it with its card.", no_args_is_help=True)

_PAIRS: Final = Path(__file__).resolve().parents[2] / "tests" / "emotion" / "minimal_pairs.tsv"

Data = Annotated[Path, typer.Option(help="Folder with text_emotion/, speech_emotion/, faces/, dissatisfaction/.")]


@app.command()
@reports_errors
def text(data: Data, as_json: AsJson = False) -> None:
    """Fine-tune the text model on GoEmotions and the phrases written for it; about half an hour on two free cores.
    A run that was broken off goes on from its last checkpoint."""
    from emotion.training import train_text

    settings = Settings()
    report = train_text(
        data,
        encoder_source(),
        settings.models_dir / "text_emotion",
        settings.home / "emotion" / "text",
        pairs=_PAIRS,
        progress=lambda words: _say(words, as_json),
    )
    print_report(report.to_dict(), as_json=as_json)


@app.command()
@reports_errors
def voice(data: Data, as_json: AsJson = False) -> None:
    """Train the voice model on Emo-DB; minutes."""
    from emotion.training import train_voice

    settings = Settings()
    _say("Measuring clips (cached) and training the voice model …", as_json)
    report = train_voice(data, settings.models_dir / "voice_emotion", settings.home / "emotion")
    print_report(report.to_dict(), as_json=as_json)


@app.command("voice-doubt")
@reports_errors
def voice_doubt(data: Data, as_json: AsJson = False) -> None:
    """Train the doubt of synthetic voices on Emo-DB, EmoGator, flite and espeak-ng; minutes."""
    from emotion.training.doubt import train_doubt

    settings = Settings()
    report = train_doubt(
        data, settings.models_dir / "voice_doubt", settings.home / "emotion", tell=lambda words: _say(words, as_json)
    )
    print_report(report.to_dict(), as_json=as_json)


@app.command()
@reports_errors
def behaviour(as_json: AsJson = False) -> None:
    """Train the behaviour model on sessions from the documented generator; seconds, no data."""
    from emotion.training.behaviour import train_behaviour

    report = train_behaviour(Settings().models_dir / "behaviour")
    print_report(report.to_dict(), as_json=as_json)


@app.command()
@reports_errors
def face(data: Data, as_json: AsJson = False) -> None:
    """Train the face model on FER2013; hours on one core. Goes on from where an interruption left it."""
    from emotion.training.face import train_face

    settings = Settings()
    report = train_face(
        data,
        settings.models_dir / "face_emotion",
        settings.home / "emotion" / "face",
        say=lambda words: _say(words, as_json),
    )
    print_report(report.to_dict(), as_json=as_json)


def _say(words: str, as_json: bool) -> None:
    if not as_json:
        notes.print(words)
