"""Prosody beside openSMILE and Praat: the same clips in one run, one thread each, and F0 frame by frame."""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from benchmarks.prosody_f0 import Agreement, pooled
from cli.processes import ROOT
from emotion.voice.prosody import HOP_S, NAMES, Prosody, summarise, track_pitch
from speech import decode
from vocabulary import Clip

PEERS_PYTHON: Final = ROOT / ".venvs" / "bench" / "bin" / "python"
MISSING: Final = (
    "openSMILE and Praat are not here, so there are no ratios and no comparison of F0. Get them with: make bench"
)

NATURAL: Final = {
    "jfk": "speech/jfk.flac",
    "librispeech": "speech/librispeech/*.ogg",
    "timit_like": "speech/timit_like/*.wav",
    "ami": "speech/ami/*.wav",
    "emodb": "speech_emotion/emodb/*.flac",
    "emodb_full4": "speech_emotion/emodb_full4/*.flac",
}
"""Where natural speech lies under the data folder."""

_TIMED_EVERY: Final = {"emodb": 0, "emodb_full4": 6}  # every sixth of the originals, none of the cuts; else every clip
_PIECE_S: Final = 10.0  # longer clips are timed in pieces: we measure the last 20 s of a clip only
_SOUNDS: Final = (".flac", ".wav", ".ogg")


class ProsodyBenchError(Exception):
    """There is nothing to measure, or the peers' process ended."""

    code = "bench_invalid"


@dataclass(frozen=True)
class _Recording:
    group: str
    clip: Clip
    is_timed: bool


class _Peers:
    """The process of openSMILE and Praat, asked one thing at a time."""

    def __init__(self, process: "subprocess.Popen[str]", clips: Path) -> None:
        self._process = process
        self.hello = self.ask(clips=str(clips))

    def ask(self, **question: Any) -> dict[str, Any]:
        """Raises: ProsodyBenchError."""
        given, answers = self._process.stdin, self._process.stdout
        if given is None or answers is None:
            raise ProsodyBenchError("the process of openSMILE and Praat has no pipes.")
        try:
            given.write(json.dumps(question) + "\n")
            given.flush()
        except BrokenPipeError:
            pass
        answer = answers.readline()
        if not answer:
            raise ProsodyBenchError(
                "the process of openSMILE and Praat ended; its messages stand above. Set it up anew: "
                "rm -r .venvs/bench && make bench"
            )
        result: dict[str, Any] = json.loads(answer)
        return result


def bench_prosody(data: Path, *, rounds: int = 3) -> dict[str, Any]:
    """Measure speed and, where the peers are present, ratios and agreement. Raises: ProsodyBenchError.

    data: a folder laid out as NATURAL, or any folder of recordings. A clip's time is its quickest of the rounds.
    real_time_factor: processor time, all threads, over the sound's time. A ratio is the peer's time over ours; of
    openSMILE's two sets the quicker one counts. voicing, gross: shares in [0, 1].
    """
    recordings = _recordings(data)
    timed = [number for number, each in enumerate(recordings) if each.is_timed]
    seconds = sum(recordings[number].clip.seconds for number in timed)
    result: dict[str, Any] = {"real_time_factor": None, "ratio_opensmile": None, "ratio_praat": None, "f0": None}
    with threadpool_limits(1):
        if not PEERS_PYTHON.is_file():
            ours = {number: min(_own(recordings[number].clip)[0] for _ in range(rounds)) for number in timed}
            result |= {"real_time_factor": _rounded(sum(ours.values()) / seconds), "missing": MISSING}
        else:
            with _peers(recordings) as peers:
                result |= _side_by_side(recordings, timed, peers, rounds)
                result["f0"] = _compare_f0(recordings, peers)
    return result | {"clips": len(timed), "seconds": round(seconds, 1), "rounds": rounds, "measures": len(NAMES)}


def _side_by_side(recordings: Sequence[_Recording], timed: Sequence[int], peers: _Peers, rounds: int) -> dict[str, Any]:
    """The same clip by each in turn, so that what else the machine does meets all of them alike."""
    best: dict[str, dict[int, float]] = {}
    quality: dict[int, tuple[dict[str, Any], NDArray[np.float32]]] = {}
    sets: Sequence[str] = peers.hello["sets"]
    for _ in range(rounds):
        for number in timed:
            own_seconds, figures = _own(recordings[number].clip)
            praat = peers.ask(do="praat", clip=number)
            spent = {"ours": own_seconds, "praat": praat["seconds"]}
            spent |= {name: peers.ask(do="opensmile", clip=number, set=name)["seconds"] for name in sets}
            for name, value in spent.items():
                of_name = best.setdefault(name, {})
                of_name[number] = min(value, of_name.get(number, np.inf))
            if figures is not None:
                quality[number] = praat, figures
    seconds = sum(recordings[number].clip.seconds for number in timed)
    factors = {name: sum(values.values()) / seconds for name, values in best.items()}
    quicker = min(sets, key=lambda name: factors[name])
    return {
        "real_time_factor": _rounded(factors["ours"]),
        "ratio_opensmile": round(factors[quicker] / factors["ours"], 2),
        "ratio_praat": round(factors["praat"] / factors["ours"], 2),
        "opensmile_set": quicker,
        "real_time_factor_of_peers": {name: _rounded(factors[name]) for name in (*sets, "praat")},
        "versions": peers.hello["peers"],
        "quality": _agree_on_quality(list(quality.values())),
    }


def _agree_on_quality(pairs: Sequence[tuple[dict[str, Any], NDArray[np.float32]]]) -> dict[str, Any]:
    """Correlation over clips with Praat's jitter (local), shimmer (local) and mean harmonicity."""
    found: dict[str, Any] = {"clips": len(pairs)}
    for theirs, ours in (("jitter", "jitter"), ("shimmer", "shimmer"), ("hnr_db", "hnr_mean")):
        both: NDArray[np.float64] = np.array(
            [[praat[theirs], figures[NAMES.index(ours)]] for praat, figures in pairs], dtype=np.float64
        )
        both = both[np.isfinite(both).all(axis=1)] if both.size else both
        found[f"{ours}_correlation"] = (
            round(float(np.corrcoef(both[:, 0], both[:, 1])[0, 1]), 3) if len(both) > 2 else None
        )
    return found


def _compare_f0(recordings: Sequence[_Recording], peers: _Peers) -> dict[str, Any]:
    groups: dict[str, list[Agreement]] = {}
    for number, each in enumerate(recordings):
        if each.is_timed:
            continue
        track = peers.ask(do="pitch", clip=number)
        times, hz = np.array(track["times_s"]), np.array(track["hz"])
        if times.size:
            agreement = Agreement.of(track_pitch(each.clip.samples), times, hz, hop_s=HOP_S)
            groups.setdefault(each.group, []).append(agreement)
    whole = pooled([clip for clips in groups.values() for clip in clips])
    return whole | {"by_set": {name: pooled(clips) for name, clips in groups.items()}}


def _own(clip: Clip) -> tuple[float, NDArray[np.float32] | None]:
    began = time.process_time()
    prosody = Prosody.of(clip)
    figures = summarise(prosody) if prosody else None
    return time.process_time() - began, figures


def _recordings(data: Path) -> list[_Recording]:
    """Clips whole for F0; those that are timed, cut into pieces, come after them."""
    found = {name: sorted(data.glob(pattern)) for name, pattern in NATURAL.items()}
    if not any(found.values()):
        found = {data.name: sorted(path for path in data.rglob("*") if path.suffix in _SOUNDS)}
    if not any(found.values()):
        raise ProsodyBenchError(
            f"no recordings in {data}; expected a folder of .flac, .wav or .ogg files, or one with speech/ and "
            "speech_emotion/. Name it with --data."
        )
    whole, pieces = [], []
    for group, paths in found.items():
        every = _TIMED_EVERY.get(group, 1)
        for number, path in enumerate(paths):
            clip = decode(path)
            whole.append(_Recording(group, clip, is_timed=False))
            if every and number % every == 0:
                pieces += [_Recording(group, piece, is_timed=True) for piece in _pieces(clip)]
    return [*whole, *pieces]


def _pieces(clip: Clip) -> Iterator[Clip]:
    count = max(1, int(np.ceil(clip.seconds / _PIECE_S)))
    for samples in np.array_split(clip.samples, count):
        yield Clip(samples)


@contextmanager
def _peers(recordings: Sequence[_Recording]) -> Iterator[_Peers]:
    with tempfile.TemporaryDirectory() as folder:
        clips = Path(folder) / "clips.npz"
        named: dict[str, Any] = {str(number): each.clip.samples for number, each in enumerate(recordings)}
        np.savez(clips, **named)
        process = subprocess.Popen(
            [PEERS_PYTHON, ROOT / "benchmarks" / "prosody_peers.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield _Peers(process, clips)
        finally:
            process.terminate()
            process.communicate()


def _rounded(factor: float) -> float:
    return round(factor, 5)
