"""The three Whisper engines over one checkpoint and the same clips, in one run."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from speech import Shelf, SpeechSetup, Transcriber, add_model, open_transcriber
from vocabulary import Clip

WHISPER_ENGINES: Final = ("faster-whisper", "openai-whisper", "transformers")


@dataclass(frozen=True)
class WhisperSpeed:
    """One engine. seconds: for all clips once, median of the rounds; times_real_time: seconds of sound in one second.

    slower: its seconds over those of faster-whisper. texts: of the clips, in order.
    """

    engine: str
    seconds: float
    times_real_time: float
    slower: float
    texts: tuple[str, ...]


def compare_whisper(
    model: str | Path, clips: Sequence[Clip], *, rounds: int = 3, threads: int = 1, shelf: Shelf | None = None
) -> list[WhisperSpeed]:
    """Convert `model` once (a `.pt` file or folder; kept for the run only), then let the engines take turns.

    shelf: where `model` is the name of one that is kept in all forms already. Every engine searches with five beams
    and gives word times. Raises: TranscriberError.
    """
    if shelf is not None:
        return _compare(shelf, str(model), clips, rounds, threads)
    with tempfile.TemporaryDirectory() as folder:
        kept = add_model(Shelf(Path(folder)), str(model), name="compared", keep_all=True).kept
        return _compare(Shelf(Path(folder)), kept.manifest.name, clips, rounds, threads)


def _compare(shelf: Shelf, name: str, clips: Sequence[Clip], rounds: int, threads: int) -> list[WhisperSpeed]:
    opened = {
        engine: open_transcriber(SpeechSetup(engine=engine, model=name, shelf=shelf.folder, threads=threads))
        for engine in WHISPER_ENGINES
    }
    # The first clip compiles and allocates; it is not counted.
    texts = {
        engine: tuple(transcriber.transcribe(clip).text for clip in clips) for engine, transcriber in opened.items()
    }
    took: dict[str, list[float]] = {engine: [] for engine in opened}
    for _ in range(rounds):
        for engine, transcriber in opened.items():
            took[engine].append(_seconds(transcriber, clips))
    fastest = median(took[WHISPER_ENGINES[0]])
    sound = sum(clip.seconds for clip in clips)
    return [
        WhisperSpeed(engine, seconds, sound / seconds, seconds / fastest, texts[engine])
        for engine, each in took.items()
        for seconds in (median(each),)
    ]


def _seconds(transcriber: Transcriber, clips: Sequence[Clip]) -> float:
    began = time.perf_counter()
    for clip in clips:
        transcriber.transcribe(clip)
    return time.perf_counter() - began
