"""The recordings that `attune speech evaluate` measures without an argument, and several engines beside each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.speech_sentences import BUZZING, MEASURED, VOICES
from benchmarks.speech_voices import has_voices, spoken
from cli.output import notes
from cli.speech_measure import PLAIN, Evaluation, Row, evaluate_clips, open_named, over_line, summed
from cli.transcripts import recordings
from speech import AUTO, SpeechSetup, decode, score
from vocabulary import Clip

JFK: Final = "and so my fellow americans ask not what your country can do for you ask what you can do for your country"
COMPARED: Final = (AUTO, "pocketsphinx", PLAIN)
"""The engine in use, PocketSphinx with the shop's model, and without it."""
SYNTHETIC: Final = "flite, three voices"
NATURAL: Final = "natural speech"
GIVEN: Final = "read sentences as given"
FITTING: Final = "read sentences whose text fits"
# Both engines hear something else than the text, and the same: so much of the words may differ between the two.
_LEAST_ERROR: Final = 0.75
_MOST_DISAGREEMENT: Final = 0.6

Sounds = list[tuple[str, str, Clip | None]]


@dataclass(frozen=True)
class SetResult:
    """One set, heard by several engines: the name that was asked for → result."""

    name: str
    words: int
    by_engine: dict[str, Evaluation]


@dataclass(frozen=True)
class Misfit:
    """A recording whose given text is not what it says, as two different engines hear it."""

    file: str
    reference: str
    heard: dict[str, str]


@dataclass(frozen=True)
class Comparison:
    """Everything that was measured in one run."""

    sets: tuple[SetResult, ...]
    misfits: tuple[Misfit, ...]

    def as_json(self) -> dict[str, Any]:
        """Without the single recordings: figures by set and engine."""
        return {
            "sets": [
                {
                    "name": one.name,
                    "words": one.words,
                    "engines": {
                        name: {
                            "engine": result.engine,
                            "wer": result.wer,
                            "cer": result.cer,
                            "n": result.n,
                            "real_time_factor": result.real_time_factor,
                        }
                        for name, result in one.by_engine.items()
                    },
                }
                for one in self.sets
            ],
            "texts_of_other_recordings": [
                {"file": misfit.file, "reference": misfit.reference, "heard": misfit.heard} for misfit in self.misfits
            ],
        }


def compare(
    setup: SpeechSetup, speech_data: Path, engines: Sequence[str] = COMPARED, *, telephone: bool = False
) -> Comparison:
    """Measure the built-in sets that are here: synthetic voices, and the natural clips under speech_data.

    telephone: everything comes over a telephone line. Raises: TranscriberError, TranscriptsError.
    """
    sounds: dict[str, Sounds] = {f"flite {voice}": _flite(voice) for voice in (*VOICES, BUZZING) if has_voices()}
    jfk = speech_data / "jfk.flac"
    if jfk.is_file():
        sounds["jfk"] = [(jfk.name, JFK, decode(jfk))]
    table = speech_data / "timit_like" / "transcripts.csv"
    if table.is_file():
        sounds[GIVEN] = [(one.file.name, one.reference, decode(one.file)) for one in recordings(table)]
    if telephone:
        sounds = {name: list(over_line(clips)) for name, clips in sounds.items()}
    heard: dict[str, dict[str, Evaluation]] = {name: {} for name in sounds}
    for engine in engines:
        transcriber = open_named(setup, engine)
        notes.print(f"Hearing with {transcriber.engine} …", markup=False)
        for name, clips in sounds.items():
            heard[name][engine] = evaluate_clips(transcriber, clips)
    misfits = _misfits(heard[GIVEN]) if GIVEN in heard else ()
    return Comparison(tuple(_sets(heard, {misfit.file for misfit in misfits})), misfits)


def _flite(voice: str) -> Sounds:
    return [(f"{voice} {number}", sentence, clip) for number, (sentence, clip) in enumerate(spoken(MEASURED, voice), 1)]


def _sets(heard: dict[str, dict[str, Evaluation]], apart: set[str]) -> Iterator[SetResult]:
    for name, results in heard.items():
        yield _set(name, results)
        if name == f"flite {VOICES[-1]}":
            yield _set(SYNTHETIC, _together(heard, [f"flite {voice}" for voice in VOICES]))
    natural = [name for name in ("jfk", GIVEN) if name in heard]
    if natural:
        yield _set(NATURAL, _together(heard, natural))
    if apart:
        fitting = {
            engine: summed(result.engine, [row for row in result.per_file if row.file not in apart])
            for engine, result in heard[GIVEN].items()
        }
        yield _set(FITTING, fitting)
        yield _set(f"{NATURAL} whose text fits", _together(heard | {FITTING: fitting}, ["jfk", FITTING]))


def _set(name: str, results: dict[str, Evaluation]) -> SetResult:
    rows = next(iter(results.values())).per_file
    return SetResult(name, sum(score(row.reference, "").words for row in rows), results)


def _together(heard: dict[str, dict[str, Evaluation]], names: Sequence[str]) -> dict[str, Evaluation]:
    here = [heard[name] for name in names if name in heard]
    return {
        engine: summed(here[0][engine].engine, [row for results in here for row in results[engine].per_file])
        for engine in here[0]
    }


def _misfits(results: dict[str, Evaluation]) -> tuple[Misfit, ...]:
    """Recordings of which two engines of different kinds hear the same other words. The data stay as they are."""
    names = list(results)
    if len(names) < 2 or results[names[0]].engine == results[names[-1]].engine:
        return ()
    first, last = names[0], names[-1]
    pairs: Iterator[tuple[Row, Row]] = zip(results[first].per_file, results[last].per_file, strict=True)
    return tuple(
        Misfit(one.file, one.reference, {first: one.heard or "", last: other.heard or ""})
        for one, other in pairs
        if min(one.wer, other.wer) >= _LEAST_ERROR
        and one.heard
        and other.heard
        and (score(one.heard, other.heard).wer or 0.0) <= _MOST_DISAGREEMENT
    )
