"""How well a second voice is suspected: Emo-DB's reporting speakers, English speech, meetings, two channels."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np

from speech.audio import decode
from speech.voices.channels import has_two_sides
from speech.voices.suspicion import VOICES, Suspector
from speech.voices.training.rivals import level_jump, pitch_jump
from speech.voices.training.trials import ALONE, REPORTING, at_level, make_trials, read_sentences
from vocabulary import SAMPLE_RATE_HZ, Clip

ROUNDS: Final = 50
SEED: Final = 29
_PIECE_S = 6


def evaluate(data: Path, *, folder: Path = VOICES, rounds: int = ROUNDS) -> dict[str, Any]:
    """Figures by set. data: folder of the data sets; sets that are not there are left out."""
    suspector = Suspector(folder)
    report: dict[str, Any] = {}
    if (data / "speech_emotion" / "emodb_full4").is_dir():
        trials = make_trials(read_sentences(data), REPORTING, rounds=rounds, seed=SEED)
        clips = [(trial.kind, trial.clip) for trial in trials]
        report["Emo-DB, five speakers that nothing was chosen on"] = _figures(clips, suspector)
        report["the same clips, pitch jump alone"] = _ranking(clips, pitch_jump)
        report["the same clips, level jump alone"] = _ranking(clips, level_jump)
    speech = data / "speech"
    if speech.is_dir():
        people = _people(speech)
        report["English speech, each person's own clips"] = _alone(people, suspector)
        report["English speech, two people"] = _figures(list(_pairs(people)), suspector)
        report["one person in noise of 10 dB"] = _noisy(people, speech, suspector)
        report["recordings"] = {
            file.name: _shown(suspector, file)
            for file in [*sorted((speech / "ami").glob("*.wav")), speech / "stereo_diarization.wav"]
            if file.is_file()
        }
        report["cost"] = _cost(suspector, people)
    return report


def area(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive scores higher than a negative, ties half: the area under the ROC curve."""
    above = np.asarray(positive)[:, None] - np.asarray(negative)[None, :]
    return float(np.mean(above > 0) + 0.5 * np.mean(above == 0))


def _figures(clips: Sequence[tuple[str, Clip]], suspector: Suspector) -> dict[str, Any]:
    scores: dict[str, list[float]] = {}
    for kind, clip in clips:
        scores.setdefault(kind, []).append(suspector.judge(clip).score)
    alone = [score for kind in ALONE for score in scores.get(kind, [])]
    found: dict[str, Any] = {}
    for kind, own in scores.items():
        rate = round(float(np.mean(np.asarray(own) >= 0.5)), 3)
        if kind in ALONE:
            found[f"one person, {kind}"] = {"false_alarms": rate, "clips": len(own)}
        else:
            found[kind] = {"hits": rate, "clips": len(own)}
            if alone:
                found[kind]["auc"] = round(area(own, alone), 3)
    return found


def _ranking(clips: Sequence[tuple[str, Clip]], measure: Callable[[Clip], float]) -> dict[str, Any]:
    """AUC, and hits where as few clips of one person are suspected as 3 %, chosen on these very clips."""
    scores: dict[str, list[float]] = {}
    for kind, clip in clips:
        scores.setdefault(kind, []).append(measure(clip))
    alone = [score for kind in ALONE for score in scores.get(kind, [])]
    limit = float(np.quantile(alone, 0.97))
    return {
        kind: {
            "auc": round(area(own, alone), 3),
            "hits_at_3_percent_false_alarms": round(float(np.mean(np.asarray(own) > limit)), 3),
        }
        for kind, own in scores.items()
        if kind not in ALONE
    }


def _people(speech: Path) -> dict[str, list[Clip]]:
    """Clips of each person; long recordings in pieces of six seconds."""
    people: dict[str, list[Clip]] = {}
    for file in sorted((speech / "timit_like").glob("*.wav")):
        people.setdefault(file.name.split("_")[0], []).append(decode(file))
    # Two sentences of these are as long as a message.
    for name in [name for name in people if name.startswith("spk")]:
        own = [clip.samples for clip in people[name]]
        people[name] = [Clip(np.concatenate(own[first : first + 2])) for first in range(0, len(own) - 1, 2)]
    for file in [*sorted((speech / "librispeech").glob("*.ogg")), speech / "jfk.flac"]:
        if file.is_file():
            samples = decode(file).samples
            size = _PIECE_S * SAMPLE_RATE_HZ
            starts = range(0, max(1, samples.size - size // 2), size)
            people[file.stem] = [Clip(np.ascontiguousarray(samples[start : start + size])) for start in starts]
            people[file.stem].append(Clip(samples))
    return people


def _alone(people: Mapping[str, list[Clip]], suspector: Suspector) -> dict[str, Any]:
    judged = [suspector.judge(clip).suspected for clips in people.values() for clip in clips]
    return {"people": len(people), "clips": len(judged), "false_alarms": int(sum(judged))}


def _pairs(people: Mapping[str, list[Clip]]) -> Iterator[tuple[str, Clip]]:
    for one, other in combinations(people, 2):
        first, second = (at_level(people[name][0].samples, -26.0) for name in (one, other))
        size = min(first.size, second.size)
        yield "one after another", _clip(np.concatenate([first, second]))
        for below in (0.0, 5.0, 10.0):
            yield f"both at once, {below:g} dB", _clip(first[:size] + at_level(second[:size], -26.0 - below))


def _noisy(people: Mapping[str, list[Clip]], speech: Path, suspector: Suspector) -> dict[str, Any]:
    found = {}
    for file in sorted((speech / "noise").glob("*.wav")):
        noise = decode(file).samples
        judged = []
        for clips in people.values():
            own = at_level(clips[0].samples, -26.0)
            judged.append(suspector.judge(_clip(own + at_level(np.resize(noise, own.size), -36.0))).suspected)
        found[file.name] = f"{sum(judged)} of {len(judged)} suspected"
    return found


def _clip(samples: np.ndarray[Any, np.dtype[np.floating[Any]]]) -> Clip:
    return Clip((samples / max(1.0, float(np.abs(samples).max()))).astype(np.float32))


def _shown(suspector: Suspector, file: Path) -> dict[str, Any]:
    seen = suspector.judge(decode(file))
    return {
        "suspected": seen.suspected,
        "score": round(seen.score, 3),
        "reason": seen.reason,
        "two_sides": has_two_sides(file),
    }


def _cost(suspector: Suspector, people: Mapping[str, list[Clip]]) -> dict[str, float]:
    """Computing time over audio time, speech activity included, one thread: the recordings above, again and again."""
    speech = np.concatenate([clips[-1].samples for clips in people.values()])
    suspector.judge(Clip(speech[:SAMPLE_RATE_HZ]))
    found = {}
    for seconds in (10, 600):
        clip = Clip(np.resize(speech, seconds * SAMPLE_RATE_HZ))
        began = time.perf_counter()
        suspector.judge(clip)
        found[f"of real time, {seconds} s"] = round((time.perf_counter() - began) / seconds, 4)
    return found
