"""How well a recogniser understands recordings whose words are known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from cli.output import notes
from cli.transcripts import Recording
from speech import (
    AUTO,
    AudioError,
    Score,
    SpeechSetup,
    Transcriber,
    decode,
    open_transcriber,
    over_telephone,
    pooled,
    score,
)
from vocabulary import Clip

PLAIN: Final = "pocketsphinx-plain"
"""PocketSphinx with its general model only: what the others are compared with."""
# A day of sound; measuring has no customer who waits.
_MAX_SECONDS: Final = 86_400.0


@dataclass(frozen=True)
class Row:
    """One recording. heard: None if the file could not be decoded, which counts as nothing heard.

    wer, cer: errors over the reference's words and letters. seconds: of recognising; audio_seconds: of sound.
    """

    file: str
    reference: str
    heard: str | None
    wer: float
    cer: float
    seconds: float
    audio_seconds: float


@dataclass(frozen=True)
class Evaluation:
    """One engine on one set. wer, cer: pooled, so that a long recording counts for more than a short one.

    real_time_factor: seconds of recognising for each second of sound; 0 if nothing could be decoded.
    """

    engine: str
    wer: float
    cer: float
    n: int
    real_time_factor: float
    per_file: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """As `attune speech evaluate --json` prints it."""
        return asdict(self) | {"per_file": [asdict(row) for row in self.per_file]}


def open_named(setup: SpeechSetup, name: str) -> Transcriber:
    """An engine by its name, "auto", or PLAIN. It is warm when it comes back. Raises: TranscriberError."""
    if name == PLAIN:
        setup = replace(setup, engine="pocketsphinx", language_model=None)
    else:
        setup = replace(setup, engine=name or AUTO)
    transcriber = open_transcriber(setup)
    transcriber.warm_up()
    return transcriber


def evaluate_files(transcriber: Transcriber, found: Sequence[Recording], *, telephone: bool = False) -> Evaluation:
    """Hear every file. One that cannot be decoded is named, and counts as not heard. Raises: TranscriberError.

    telephone: the sound comes over a telephone line.
    """
    clips: Iterable[tuple[str, str, Clip | None]] = (
        (str(recording.file), recording.reference, _decoded(recording.file)) for recording in found
    )
    return evaluate_clips(transcriber, over_line(clips) if telephone else clips)


def over_line(clips: Iterable[tuple[str, str, Clip | None]]) -> Iterator[tuple[str, str, Clip | None]]:
    """The same clips as they arrive over a telephone line."""
    for name, reference, clip in clips:
        yield name, reference, clip and over_telephone(clip)


def evaluate_clips(transcriber: Transcriber, clips: Iterable[tuple[str, str, Clip | None]]) -> Evaluation:
    """Hear clips: (name, reference, sound), sound None where it could not be decoded."""
    rows: list[Row] = []
    scores: list[Score] = []
    for name, reference, clip in clips:
        heard = None if clip is None else transcriber.transcribe(clip)
        result = score(reference, heard.text if heard else "")
        scores.append(result)
        rows.append(
            Row(
                name,
                reference,
                heard.text if heard else None,
                round(result.wer or 0.0, 4),
                round(result.cer or 0.0, 4),
                round(heard.seconds, 4) if heard else 0.0,
                round(heard.audio_seconds, 4) if heard else 0.0,
            )
        )
    return summed(transcriber.engine, rows, scores)


def summed(engine: str, rows: Sequence[Row], scores: Iterable[Score] | None = None) -> Evaluation:
    """Rows as one evaluation. scores: of the same rows, if they are known already."""
    total = pooled(scores if scores is not None else (score(row.reference, row.heard or "") for row in rows))
    audio_seconds = sum(row.audio_seconds for row in rows)
    return Evaluation(
        engine,
        round(total.wer or 0.0, 4),
        round(total.cer or 0.0, 4),
        len(rows),
        round(sum(row.seconds for row in rows) / audio_seconds, 4) if audio_seconds else 0.0,
        tuple(rows),
    )


def _decoded(path: Path) -> Clip | None:
    try:
        return decode(path, max_seconds=_MAX_SECONDS)
    except AudioError as err:
        notes.print(f"{path} cannot be decoded and counts as not heard: {err}", markup=False)
        return None
