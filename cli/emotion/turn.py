"""One turn from files and options, as `score` and `explain` take it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.output import EXIT_USAGE, fail
from emotion import (
    EngineOptions,
    FusionOptions,
    Panel,
    Readings,
    TurnSignals,
    decode_frame,
    fuse,
    open_panel,
    update_state,
)
from service import Settings
from speech import decode
from vocabulary import Author, CustomerState, DialogueEvidence, Emotion, FrameError, Said, Step, StepError

MAX_AUDIO_SECONDS: Final = 600.0
MAX_ENTRIES: Final = 10_000

Text = Annotated[str | None, typer.Option(help="What the customer writes, in English.")]
Audio = Annotated[Path | None, typer.Option(help="A recording of the customer: wav, flac, ogg, mp3, webm.")]
Image = Annotated[
    list[Path] | None, typer.Option(help="A picture of the customer's face; can be repeated: all of one turn.")
]
Steps = Annotated[
    Path | None, typer.Option(help='JSON list of steps: [{"name": "address", "kind": "enter", "at_ms": 0}, …].')
]
Context = Annotated[
    Path | None,
    typer.Option(help='JSON list of what was said before, oldest first: [{"author": "customer", "text": "…"}, …].'),
]


class TurnFileError(ValueError):
    """A file that describes a part of the turn is not what it should be."""

    code = "turn_file_invalid"
    retryable = False


@dataclass(frozen=True)
class ScoredTurn:
    """A turn as a first message: readings of each modality, what fusion and the customer state make of them.

    fusion: the constants that pooled them.
    """

    readings: Readings
    emotion: Emotion | None
    state: CustomerState | None
    fusion: FusionOptions


def open_scorers(settings: Settings) -> Panel:
    """Every scorer that is here."""
    options = EngineOptions(
        text_model=settings.text_emotion_model,
        face_weights=settings.face_weights,
        voice_model=settings.voice_emotion_model,
    )
    return open_panel(settings.models_dir, options=options)


def score_turn(
    text: str | None,
    audio: Path | None,
    image: Sequence[Path] | None,
    steps: Path | None,
    context: Path | None,
    *,
    as_json: bool,
) -> ScoredTurn:
    """Read what was given and score it. Leaves the command when nothing was given."""
    if text is None and audio is None and not image and steps is None:
        fail(
            "nothing to score. Give --text, --audio, --image, --steps, or several of them.",
            code="usage",
            as_json=as_json,
            status=EXIT_USAGE,
        )
    signals = TurnSignals(
        text=text,
        context=() if context is None else tuple(_said(entry, context) for entry in _json_list(context)),
        clip=None if audio is None else decode(audio, max_seconds=MAX_AUDIO_SECONDS),
        frames=tuple(_frame(path) for path in image or ()),
        steps=() if steps is None else tuple(_step(entry, steps) for entry in _json_list(steps)),
    )
    panel = open_scorers(Settings())
    readings = panel.read(signals)
    emotion = fuse(readings.scores, options=panel.fusion)
    return ScoredTurn(readings, emotion, update_state(None, emotion, DialogueEvidence()), panel.fusion)


def _json_list(path: Path) -> list[Any]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise TurnFileError(f"{path} is no JSON; expected a list of objects.") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise TurnFileError(f"{path} holds no list of objects; expected [{{…}}, …].")
    if len(entries) > MAX_ENTRIES:
        raise TurnFileError(f"{path} holds {len(entries)} entries; at most {MAX_ENTRIES} are read.")
    return entries


def _said(entry: dict[str, Any], path: Path) -> Said:
    allowed = (Author.CUSTOMER, Author.BOT)
    author, text = entry.get("author"), entry.get("text")
    if author not in allowed or not isinstance(text, str):
        raise TurnFileError(
            f"{path}: an entry has author {author!r}; expected {' or '.join(allowed)}, and a text. "
            "What a member of staff said never reaches a scorer."
        )
    return Said(Author(author), text)


def _step(entry: dict[str, Any], path: Path) -> Step:
    try:
        return Step.from_dict(entry)
    except KeyError as missing:
        raise TurnFileError(f"{path}: a step has no {missing.args[0]}; expected name, kind and at_ms.") from None
    except StepError as error:
        raise TurnFileError(f"{path}: {error}") from None


def _frame(path: Path) -> Any:
    try:
        return decode_frame(path.read_bytes())
    except FrameError as error:
        raise TurnFileError(f"{path}: {error}") from None
