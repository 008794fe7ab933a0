"""The recognisers that are present, beside each other: the same clips, each in a process of its own, turn by turn."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import soundfile

from benchmarks.speech_sentences import MEASURED, VOICES
from benchmarks.speech_voices import has_voices, spoken
from cli.processes import ROOT
from cli.speech_measure import PLAIN
from cli.speech_sets import JFK
from cli.transcripts import Recording, recordings
from service import Settings
from speech import Shelf, SpeechSetup, add_model, pooled, ready_engines, score
from vocabulary import SAMPLE_RATE_HZ


class SpeechBenchError(Exception):
    """There is nothing to compare, or an engine's process ended."""

    code = "bench_invalid"


@dataclass
class _Engine:
    """One process and what it has heard."""

    name: str
    process: "subprocess.Popen[str]"
    shown: str = ""
    load_s: float = 0.0
    loaded_mb: float = 0.0
    most_mb: float = 0.0
    failed: str | None = None
    heard: list[tuple[str, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    audio_seconds: float = 0.0

    def ask(self, line: str) -> dict[str, Any]:
        """Send a line and wait for the answer. Raises: SpeechBenchError."""
        given, answers = self.process.stdin, self.process.stdout
        if given is None or answers is None:
            raise SpeechBenchError(f"the process of {self.name} has no pipes.")
        given.write(line + "\n")
        given.flush()
        answer = answers.readline()
        if not answer:
            raise SpeechBenchError(f"the process of {self.name} ended; its messages stand above.")
        result: dict[str, Any] = json.loads(answer)
        return result


def bench_speech(
    *,
    model: str = "",
    source: Path | None = None,
    sentences: int = 6,
    rounds: int = 1,
    threads: int = 1,
    jfk: Path,
    only: Sequence[str] = (),
) -> dict[str, Any]:
    """Run the bench.

    model: a Whisper model, by its name, folder or .pt; empty for the one in use. source: recordings with transcripts,
    instead of so many sentences by each flite voice and jfk.flac where it is. rounds: how often each clip is heard; the
    first texts count for errors, the quickest times for speed, because the machine may have other work. only: names of
    the engines to compare; empty for all that are ready.
    Ratios: time over that of plain PocketSphinx. Raises: SpeechBenchError, TranscriptsError.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        setup = _with_model(Settings().speech, model, folder)
        return _bench(setup, stack, folder, source, sentences, rounds, threads, jfk, only)


def _with_model(setup: SpeechSetup, model: str, folder: Path) -> SpeechSetup:
    """The model by its name; a file or folder is put on a shelf for this run, in the forms of all three engines."""
    if not model or not Path(model).expanduser().exists():
        return replace(setup, model=model or setup.model)
    shelf = Shelf(folder / "shelf")
    kept = add_model(shelf, str(Path(model).expanduser().resolve()), name="compared", keep_all=True).kept
    return replace(setup, shelf=shelf.folder, model=kept.manifest.name, language=None)


def _bench(
    setup: SpeechSetup,
    stack: ExitStack,
    folder: Path,
    source: Path | None,
    sentences: int,
    rounds: int,
    threads: int,
    jfk: Path,
    only: Sequence[str],
) -> dict[str, Any]:
    names = [*ready_engines(setup), *([PLAIN] if "pocketsphinx" in ready_engines(setup) else [])]
    unknown = sorted(set(only) - set(names))
    if unknown or not names:
        raise SpeechBenchError(
            f"not ready: {', '.join(unknown) or 'any engine'}; ready: {', '.join(names) or 'none'}. Run: attune doctor"
        )
    names = [name for name in names if not only or name in only]
    clips = recordings(source) if source else list(_built_in(folder, sentences, jfk))
    if not clips:
        raise SpeechBenchError("there is nothing to hear: flite and jfk.flac are missing. Name a folder.")
    engines = [stack.enter_context(_started(name, setup, threads)) for name in names]
    ready = [engine for engine in engines if engine.failed is None]
    for turn in range(rounds):
        for number, clip in enumerate(clips):
            # Who begins changes, so that nobody always finds the processor's caches warm.
            for place in range(len(ready)):
                _hear(ready[(place + number) % len(ready)], clip, number if turn else None)
    plain = next((engine for engine in ready if engine.name == PLAIN), None)
    slowest = max((sum(engine.seconds) for engine in ready), default=0.0)
    return {
        "clips": len(clips),
        "audio_seconds": round(ready[0].audio_seconds, 1) if ready else 0.0,
        "threads": threads,
        "engines": [_row(engine, slowest, None if plain is None else sum(plain.seconds)) for engine in ready],
        "failed": {engine.name: engine.failed for engine in engines if engine.failed is not None},
    }


def _built_in(folder: Path, sentences: int, jfk: Path) -> Iterator[Recording]:
    for voice in VOICES if has_voices() else ():
        for number, (sentence, clip) in enumerate(spoken(MEASURED[:sentences], voice)):
            path = folder / f"{voice}-{number}.wav"
            soundfile.write(path, clip.samples, SAMPLE_RATE_HZ)
            yield Recording(path, sentence)
    if jfk.is_file():
        yield Recording(jfk.resolve(), JFK)


@contextmanager
def _started(name: str, setup: SpeechSetup, threads: int) -> Iterator[_Engine]:
    command = [sys.executable, "-m", "benchmarks.speech_process"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    engine = _Engine(name, process)
    try:
        # One after another: loading is measured as well.
        asked = {"engine": name, "model": setup.model, "shelf": str(setup.shelf or ""), "language": setup.language}
        loaded = engine.ask(json.dumps(asked | {"threads": threads}))
        engine.failed = loaded.get("failed")
        if engine.failed is None:
            engine.shown, engine.load_s = loaded["engine"], loaded["load_s"]
            engine.loaded_mb = engine.most_mb = loaded["resident_mb"]
        yield engine
    finally:
        process.kill()
        process.communicate()


def _hear(engine: _Engine, clip: Recording, again: int | None) -> None:
    answer = engine.ask(str(clip.file))
    engine.most_mb = max(engine.most_mb, answer["resident_mb"])
    if again is None:
        engine.audio_seconds += answer["audio_seconds"]
        engine.heard.append((clip.reference, answer["text"]))
        engine.seconds.append(answer["seconds"])
        engine.cpu_seconds.append(answer["cpu_seconds"])
    else:
        engine.seconds[again] = min(engine.seconds[again], answer["seconds"])
        engine.cpu_seconds[again] = min(engine.cpu_seconds[again], answer["cpu_seconds"])


def _row(engine: _Engine, slowest_s: float, plain_s: float | None) -> dict[str, Any]:
    total = pooled(score(reference, heard) for reference, heard in engine.heard)
    took = sum(engine.seconds)
    return {
        "name": engine.name,
        "engine": engine.shown,
        "wer": round(total.wer or 0.0, 4),
        "cer": round(total.cer or 0.0, 4),
        "seconds": round(took, 3),
        "cpu_seconds": round(sum(engine.cpu_seconds), 3),
        "real_time_factor": round(took / engine.audio_seconds, 4) if engine.audio_seconds else 0.0,
        "load_s": round(engine.load_s, 3),
        "resident_mb": round(engine.loaded_mb),
        "most_resident_mb": round(engine.most_mb),
        "times_slowest": round(took / slowest_s, 4) if slowest_s else None,
        "times_plain_pocketsphinx": round(took / plain_s, 4) if plain_s else None,
    }


def table(result: dict[str, Any]) -> Sequence[str]:
    """The result as lines for people."""
    lines = [
        f"{result['clips']} clips, {result['audio_seconds']} s of sound, {result['threads']} thread(s) each",
        f"{'engine':20}{'WER':>7}{'s/s':>8}{'CPU s':>8}{'load s':>8}{'MB':>6}{'most':>6}{'÷ slowest':>11}{'÷ plain':>9}"
        "  model",
    ]
    for row in sorted(result["engines"], key=lambda row: row["wer"]):
        plain = row["times_plain_pocketsphinx"]
        lines.append(
            f"{row['name']:20}{row['wer']:7.3f}{row['real_time_factor']:8.3f}{row['cpu_seconds']:8.2f}{row['load_s']:8.2f}"
            f"{row['resident_mb']:6}{row['most_resident_mb']:6}{row['times_slowest']:11.3f}"
            f"{'–' if plain is None else format(plain, '.3f'):>9}  {row['engine']}"
        )
    return [*lines, *(f"{name}: {why}" for name, why in result["failed"].items())]
