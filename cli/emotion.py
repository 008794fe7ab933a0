"""`attune emotion`: score a text or a recording; train and measure the models that ship."""

from pathlib import Path
from typing import Annotated, Final

import typer

from cli.output import EXIT_USAGE, fail, notes, print_json, print_report, reports_errors
from emotion import TextScorer, VoiceScorer, fuse, update_state
from recommender import OnnxEncoder, export_encoder
from service import Settings
from speech import decode
from vocabulary import Absent, DialogueEvidence, Modality, ModalityScore

app = typer.Typer(help="Score a text or a recording; train and measure the emotion models.", no_args_is_help=True)
train_app = typer.Typer(help="Train a model and write it with its card.", no_args_is_help=True)
evaluate_app = typer.Typer(help="Measure a model on data that it was not trained on.", no_args_is_help=True)
app.add_typer(train_app, name="train")
app.add_typer(evaluate_app, name="evaluate")

_PAIRS: Final = Path(__file__).resolve().parent.parent / "tests" / "emotion" / "minimal_pairs.tsv"
_MAX_AUDIO_SECONDS: Final = 600.0

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Data = Annotated[Path, typer.Option(help="Folder with text_emotion/, speech_emotion/, dissatisfaction/, speech/.")]


@app.command()
@reports_errors
def score(
    text: Annotated[str | None, typer.Option(help="What the customer writes, in English.")] = None,
    audio: Annotated[Path | None, typer.Option(help="A recording of the customer: wav, flac, ogg, mp3, webm.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score one turn, as a first message without a conversation around it."""
    if text is None and audio is None:
        fail("nothing to score. Give --text, --audio or both.", code="usage", as_json=as_json, status=EXIT_USAGE)
    settings = Settings()
    scores: list[ModalityScore] = []
    absent: dict[str, str] = {}
    if text is not None:
        export_encoder(settings.encoder_dir)
        scorer = TextScorer(settings.models_dir / "text_emotion", OnnxEncoder(settings.encoder_dir))
        _keep(scorer.score(text), Modality.TEXT, scores, absent)
    if audio is not None:
        voice = VoiceScorer(settings.models_dir / "voice_emotion")
        clip = decode(audio, max_seconds=_MAX_AUDIO_SECONDS)
        reading = voice.score(clip)
        _keep(reading if isinstance(reading, Absent) else reading.score, Modality.VOICE, scores, absent)
    emotion = fuse(scores)
    state = update_state(None, emotion, DialogueEvidence())
    result = {
        "emotion": emotion.to_dict() if emotion else None,
        "frustration": round(state.frustration, 1) if state else None,
        "modalities": {score.modality.value: score.to_dict() for score in scores},
        "absent": absent,
    }
    if as_json:
        print_json(result)
        return
    if emotion is None or state is None:
        notes.print("Nothing could be judged: " + "; ".join(f"{name}: {why}" for name, why in absent.items()))
        return
    sure = "" if emotion.certain else " (not certain)"
    typer.echo(
        f"{emotion.label}{sure}, confidence {emotion.confidence:.2f}, frustration {state.frustration:.0f} of 100"
    )
    for one in scores:
        reasons = ", ".join(feature.words for feature in one.features) or "nothing that stands out"
        typer.echo(f"  {one.modality.value}: {reasons}")


@train_app.command("text")
@reports_errors
def train_text(data: Data, as_json: AsJson = False) -> None:
    """Train the text model on GoEmotions and the phrases written for it; minutes."""
    from emotion.training import train_text as run

    settings = Settings()
    encoder = _training_encoder(settings)
    _say("Embedding (cached) and training the text model …", as_json)
    report = run(data, encoder, settings.models_dir / "text_emotion", settings.home / "emotion", pairs=_PAIRS)
    print_report(report.to_dict(), as_json=as_json)


@train_app.command("voice")
@reports_errors
def train_voice(data: Data, as_json: AsJson = False) -> None:
    """Train the voice model on Emo-DB; minutes."""
    from emotion.training import train_voice as run

    settings = Settings()
    _say("Measuring clips (cached) and training the voice model …", as_json)
    report = run(data, settings.models_dir / "voice_emotion", settings.home / "emotion")
    print_report(report.to_dict(), as_json=as_json)


@evaluate_app.command("text")
@reports_errors
def evaluate_text(data: Data, as_json: AsJson = False) -> None:
    """GoEmotions test, the rated dialogues 501 to 1,000 and the minimal pairs."""
    from emotion.training import evaluate_text as run

    settings = Settings()
    encoder = _training_encoder(settings)
    _say("Measuring the text model …", as_json)
    report = run(data, encoder, settings.models_dir / "text_emotion", settings.home / "emotion", pairs=_PAIRS)
    print_report(report.to_dict(), as_json=as_json)


@evaluate_app.command("voice")
@reports_errors
def evaluate_voice(data: Data, as_json: AsJson = False) -> None:
    """Emo-DB with one speaker left out at a time, and calm English speech; minutes."""
    from emotion.training import evaluate_voice as run

    settings = Settings()
    _say("Measuring the voice model …", as_json)
    report = run(data, settings.models_dir / "voice_emotion", settings.home / "emotion")
    print_report(report.to_dict(), as_json=as_json)


def _keep(
    score: ModalityScore | Absent, modality: Modality, scores: list[ModalityScore], absent: dict[str, str]
) -> None:
    if isinstance(score, Absent):
        absent[modality.value] = score.reason
    else:
        scores.append(score)


def _training_encoder(settings: Settings) -> OnnxEncoder:
    export_encoder(settings.encoder_dir)
    # A corpus is embedded once and stored: keeping rows in memory as well would only cost memory.
    return OnnxEncoder(settings.encoder_dir, cache_size=0)


def _say(words: str, as_json: bool) -> None:
    if not as_json:
        notes.print(words)
